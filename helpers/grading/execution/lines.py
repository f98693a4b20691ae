"""Lines over a socket, from somebody who may send anything, or nothing."""

import socket

__all__ = ["Lines", "is_silent"]


class Lines:
    """The lines that come over a connection, of limited length.

    Parameters
    ----------
    link
        The connection.
    longest
        Bytes of the longest line that is kept.

    Attributes
    ----------
    dropped : int
        Bytes of longer lines, since a line was sent. What is left of those makes no sense.
    """

    def __init__(self, link: socket.socket, longest: int) -> None:
        self._link = link
        self._longest = longest
        self._begun = bytearray()
        self._size = 0
        self.dropped = 0

    def send(self, line: bytes, seconds: float) -> bool:
        """Send a line; tell whether that worked, within so many seconds."""
        self.dropped = 0
        self._link.settimeout(seconds)
        try:
            self._link.sendall(line + b"\n")
        except OSError:
            return False
        return True

    def receive(self) -> list[bytes]:
        """Return the lines, without their ends, that were completed by what has come.

        Raises
        ------
        ConnectionError
            If the other side has gone.
        """
        part = self._link.recv(1 << 20, socket.MSG_DONTWAIT)
        if not part:
            raise ConnectionError("the other side has gone")
        first, *others = part.split(b"\n")
        self._begun += first
        self._size += len(first)
        if self._size > self._longest:
            self.dropped += len(self._begun)
            self._begun.clear()
        if not others:
            return []
        lines = [bytes(self._begun), *others[:-1]]
        self._begun = bytearray(others[-1])
        self._size = len(others[-1])
        return lines


def is_silent(link: socket.socket) -> bool:
    """Tell whether a connection is open, and has nothing to be read."""
    try:
        link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
