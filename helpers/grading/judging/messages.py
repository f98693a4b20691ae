"""Messages over a socket: a text, and buffers of bytes."""

import json
import socket
import struct

__all__ = ["LARGEST", "Closed", "receive", "send"]

LARGEST = 512_000_000
"""Bytes of the largest message that is read."""

# An answer may have hundreds of thousands of rows, each a buffer of its own.
_LONGEST_HEAD = 5_000_000
_LENGTH = struct.Struct(">Q")


class Closed(ConnectionError):
    """The other side has gone, or sends what is no message."""


def send(link: socket.socket, text: bytes, buffers: list[bytes] | None = None) -> None:
    """Send a message.

    Raises
    ------
    Closed
        If the other side has gone.
    """
    lengths = json.dumps([len(text), *map(len, buffers or [])]).encode()
    try:
        for part in (_LENGTH.pack(len(lengths)), lengths, text, *(buffers or [])):
            link.sendall(part)
    except OSError:
        raise Closed("the other side has gone") from None


def receive(link: socket.socket) -> tuple[bytes, list[bytes]]:
    """Receive a message.

    Raises
    ------
    Closed
        If the other side has gone, sends something else, or more than `LARGEST`.
    """
    try:
        (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
        if length > _LONGEST_HEAD:
            raise Closed("not a message")
        lengths = json.loads(_exactly(link, length))
        sound = isinstance(lengths, list) and lengths
        if not sound or not all(type(n) is int and n >= 0 for n in lengths):
            raise Closed("not a message")
        if sum(lengths) > LARGEST:
            raise Closed(f"a message of more than {LARGEST // 1_000_000} MB")
        text, *buffers = [_exactly(link, n) for n in lengths]
    except Closed:
        raise
    except (OSError, ValueError, RecursionError):
        raise Closed("the other side has gone, or sent no message") from None
    return text, buffers


def _exactly(link: socket.socket, size: int) -> bytes:
    parts, left = [], size
    while left:
        part = link.recv(min(left, 1 << 20))
        if not part:
            raise Closed("the other side has gone")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
