"""Between a kernel's sockets and the grader: a process in the room that passes on what cells show.

A hostile kernel can send messages without end, and ZeroMQ keeps whatever comes. So it is this
process that listens, within the limits of the submission; the grader reads lines of limited length.
"""

import json
import math
import select
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import zmq
from jupyter_client.blocking import BlockingKernelClient

from helpers.grading.processes.child import DONE, READY

__all__ = ["relay"]

_ASK_AGAIN_SECONDS = 0.05
# After the reply, or the kernel's end, what was printed may still be on its way.
_LAST_OUTPUT_SECONDS, _LAST_WORDS_SECONDS = 30, 0.2


def relay(link: socket.socket, connection: dict[str, Any], process: int) -> None:
    """Run cells for the grader, until it or the kernel ends.

    Parameters
    ----------
    link
        The connection with the grader. It sends the source of a cell as a line of JSON. Answers are
        lines with the type and the content of a message as a list in JSON, and `READY` and `DONE`.
    connection
        Where the kernel listens, as in a connection file of Jupyter.
    process
        File descriptor that becomes readable when the kernel ends.
    """
    kernel = _Kernel(connection, process)
    kernel.wait()
    if kernel.ended:
        return
    link.sendall(READY + b"\n")
    for line in link.makefile("rb"):
        for message in kernel.run(json.loads(line)):
            # What can't be written as JSON is no message.
            with suppress(ValueError, RecursionError):
                text = json.dumps(message, default=str, ensure_ascii=False)
                # Halves of characters, which are no text, are for the grader to replace.
                link.sendall(text.encode(errors="surrogatepass") + b"\n")
        if kernel.ended:
            return
        link.sendall(DONE + b"\n")


class _Kernel:
    """The kernel's sockets."""

    def __init__(self, connection: dict[str, Any], process: int) -> None:
        self._process = process
        context = zmq.Context()
        # Nothing is dropped: the memory for it is the submission's.
        context.setsockopt(zmq.RCVHWM, 0)
        # The kernel opens its sockets in a moment: look for them often.
        context.setsockopt(zmq.RECONNECT_IVL, 5)
        self._client = BlockingKernelClient(context=context)
        self._client.load_connection_info(connection)  # type: ignore[arg-type]
        self._client.start_channels(stdin=False, hb=False)
        self._until = math.inf

    @property
    def ended(self) -> bool:
        return bool(select.select([self._process], [], [], 0)[0])

    def wait(self) -> None:
        """Wait for a sign of life on both channels: the first outputs may be lost."""
        while not self.ended:
            request = self._client.kernel_info()
            self._until = time.monotonic() + _ASK_AGAIN_SECONDS
            if any(kind == "status" for kind, _ in self._messages(request)):
                return

    def run(self, code: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Run a cell; yield what it shows, until it has ended and all is there."""
        request = self._client.execute(code, allow_stdin=False, store_history=False)
        self._until = math.inf
        replied = idle = False
        for kind, content in self._messages(request):
            if kind == "execute_reply":
                replied = True
                self._until = time.monotonic() + _LAST_OUTPUT_SECONDS
            elif kind == "status":
                idle = idle or content.get("execution_state") == "idle"
            else:
                yield kind, content
            if replied and idle:
                return

    def _messages(self, request: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Receive what belongs to a request, until the time is up or the kernel has ended."""
        channels = [self._client.iopub_channel, self._client.shell_channel]
        poller = zmq.Poller()
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        poller.register(self._process, zmq.POLLIN)
        while (left := self._until - time.monotonic()) > 0:
            if self.ended:
                left = min(left, _LAST_WORDS_SECONDS)
                if self._process in poller:
                    poller.unregister(self._process)
            ready = dict(poller.poll(None if left == math.inf else int(1000 * left) + 1))
            if self.ended and not ready:
                return
            for channel in channels:
                message: Any = None
                # A kernel may send anything: what is no message is ignored.
                with suppress(Exception):
                    if channel.socket in ready:
                        message = channel.get_msg(timeout=0)
                if _belongs(message, request):
                    yield message["msg_type"], message["content"]


def _belongs(message: Any, request: str) -> bool:
    """Tell a message with the parts that are used here, about a request."""
    return (
        isinstance(message, dict)
        and isinstance(message.get("msg_type"), str)
        and isinstance(message.get("content"), dict)
        and isinstance(message.get("parent_header"), dict)
        and message["parent_header"].get("msg_id") == request
    )
