"""A kernel in a room, asked to run one cell after another."""

import secrets
import select
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import zmq
from jupyter_client.blocking import BlockingKernelClient
from nbformat import NotebookNode

from helpers.grading.execution.screen import Screen
from helpers.grading.processes import Program, Template
from helpers.grading.sandbox import Limits, OpenRoom, Room

__all__ = ["Answer", "Kernel"]

_PORTS = ("shell", "iopub", "stdin", "control", "hb")
_START_SECONDS = 180
# After the reply, what was printed may still be on its way.
_LAST_OUTPUT_SECONDS = 30
# Bytes of a message besides what it shows.
_OVERHEAD = 5_000_000

Ending = Literal["done", "died", "interrupted", "flooded", "cut", "hung"]


@dataclass
class Answer:
    """What came of a cell.

    Attributes
    ----------
    ending
        ``done``, with an error or without; ``died``: the kernel ended; ``interrupted``: the time
        was up; ``flooded``: it printed too much, and was interrupted; ``cut``: its connection
        ended, for a message too long, and it was killed; ``hung``: it did not heed the interrupt,
        and was killed.
    outputs
        As they stand in a notebook.
    size
        How much it printed, roughly in bytes.
    """

    ending: Ending = "done"
    outputs: list[NotebookNode] = field(default_factory=list)
    size: int = 0


class Kernel:
    """A kernel for one submission.

    Whatever it sends is believed to be of its student: malformed messages are dropped, and invented
    ones change nothing but the outputs of the student's own cells.

    Parameters
    ----------
    room, limits, template, channel, environment, trusted
        As for :class:`helpers.grading.processes.Program`.

    Raises
    ------
    OSError
        If it does not start.
    """

    def __init__(
        self,
        room: Room | OpenRoom,
        limits: Limits,
        template: Template | None,
        channel: socket.socket,
        environment: Mapping[str, str],
        trusted: bool = False,
    ) -> None:
        self._limits = limits
        self._partner: Program | None = None
        place = f"/tmp/kernel-{secrets.token_hex(4)}/port"
        connection: dict[str, Any] = {
            "transport": "ipc",
            "ip": place if isinstance(room, Room) else room.outside(place),
            **{f"{port}_port": number for number, port in enumerate(_PORTS, 1)},
            "key": secrets.token_hex(),
            "signature_scheme": "hmac-sha256",
            "kernel_name": "python3",
        }
        self._program = Program(
            "kernel",
            room,
            limits,
            template,
            channel,
            {"connection": connection},
            environment,
            trusted,
        )
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, limits.output + _OVERHEAD)
        self._context.setsockopt(zmq.LINGER, 0)
        # The kernel opens its sockets in a moment: look for them often.
        self._context.setsockopt(zmq.RECONNECT_IVL, 5)
        self._client = BlockingKernelClient(context=self._context)
        connection["ip"] = room.outside(place)
        self._client.load_connection_info(connection)  # type: ignore[arg-type]
        self._client.start_channels(stdin=False, hb=False)
        # ZeroMQ never connects again after a message longer than allowed.
        self._cut = self._client.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._until = 0.0
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self) -> None:
        """Wait for a sign of life on both channels: the first outputs may be lost."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self.alive:
            request = self._client.kernel_info()
            self._until = min(end, time.monotonic() + 0.05)
            for message in self._messages(request):
                if message["msg_type"] == "status":
                    return
        raise OSError("a kernel for the sandbox does not answer; see `course doctor`")

    @property
    def alive(self) -> bool:
        """Whether cells can be run."""
        return self._program.alive

    @property
    def warm(self) -> bool:
        """Whether it was forked from the template."""
        return self._program.warm

    def run(
        self,
        code: str,
        seconds: float,
        output: int | None = None,
        partner: Program | None = None,
    ) -> Answer:
        """Run a cell.

        Parameters
        ----------
        code
            Its source.
        seconds
            Wall time until it is interrupted, and soon killed if that does not help.
        output
            How much it may print, roughly in bytes; by default, as the limits say.
        partner
            A process that the cell talks with: if it ends, the cell is interrupted.
        """
        answer = Answer()
        request = self._client.execute(code, allow_stdin=False, store_history=False)
        end = time.monotonic() + seconds
        self._partner = partner
        screen = Screen(answer.outputs)
        output = self._limits.output if output is None else output
        answer.ending = self._follow(request, end, screen, output)
        answer.size = screen.size
        self._partner = None
        if answer.ending in ("interrupted", "flooded"):
            self._program.interrupt()
            grace = time.monotonic() + self._limits.grace_seconds
            if self._follow(request, grace) in ("interrupted", "cut"):
                self._program.kill()
                answer.ending = "flooded" if answer.ending == "flooded" else "hung"
        elif answer.ending == "cut":
            self._program.kill()
        return answer

    def _follow(
        self, request: str, end: float, screen: Screen | None = None, output: int = 0
    ) -> Ending:
        """Show what a cell sends, if it is to be shown, until it ends or must be stopped."""
        replied = idle = False
        self._until = end
        for message in self._messages(request):
            content = message["content"]
            if message["msg_type"] == "execute_reply":
                replied = True
                self._until = min(end, time.monotonic() + _LAST_OUTPUT_SECONDS)
            elif message["msg_type"] == "status":
                idle = idle or content.get("execution_state") == "idle"
            elif screen is not None:
                screen.show(message["msg_type"], content)
                if screen.size > output:
                    return "flooded"
            if replied and idle:
                return "done"
        cut = self._cut.poll(0)
        # A process that ends closes its connections first.
        if select.select([self._program], [], [], 1 if cut else 0)[0]:
            return "died"
        if cut:
            return "cut"
        return "done" if replied else "interrupted"

    def _messages(self, request: str) -> Iterator[dict[str, Any]]:
        """Receive what belongs to a request, until the time is up or the kernel has gone."""
        channels = [self._client.iopub_channel, self._client.shell_channel]
        poller = zmq.Poller()
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        poller.register(self._program.fileno(), zmq.POLLIN)
        poller.register(self._cut, zmq.POLLIN)
        if self._partner is not None:
            poller.register(self._partner.fileno(), zmq.POLLIN)
        while (left := self._until - time.monotonic()) > 0:
            ready = dict(poller.poll(int(1000 * left) + 1))
            speaking = [channel for channel in channels if channel.socket in ready]
            if not speaking and ready:
                return
            for channel in speaking:
                message = None
                # A hostile kernel may send anything: what is no message is ignored.
                with suppress(Exception):
                    message = channel.get_msg(timeout=0)
                if message is not None and _belongs(message, request):
                    yield message

    def close(self) -> None:
        """End the kernel."""
        self._program.close()
        self._client.iopub_channel.socket.disable_monitor()
        self._cut.close()
        self._client.stop_channels()
        self._context.term()


def _belongs(message: Any, request: str) -> bool:
    """Tell a message with the parts that are used here, about a request."""
    return (
        isinstance(message, dict)
        and isinstance(message.get("msg_type"), str)
        and isinstance(message.get("content"), dict)
        and isinstance(message.get("parent_header"), dict)
        and message["parent_header"].get("msg_id") == request
    )
