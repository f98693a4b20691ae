"""Start a process in a sandbox, hear when it ends, and end it."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import helpers
from helpers.grading.processes.environment import environment
from helpers.grading.processes.forks import Forks
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed
from helpers.grading.sandbox.sandbox import HOME

__all__ = ["Program"]

_DEATH_SECONDS = 10
# A request may have to wait for the template, which imports everything first.
_MEET_SECONDS = 120
_COLD = (
    "import socket; from helpers.grading.processes.child import obey; "
    "obey(socket.socket(fileno={}))"
)


class Program:
    """A process in a sandbox.

    Parameters
    ----------
    kind
        ``kernel`` runs a student's notebook, ``judge`` runs tests.
    sandbox
        Where it lives.
    limits
        What it may use.
    template
        To fork it from, or the stage of an assignment; None starts it cold.
    channel
        What connects kernel and judge; handed to the process, not closed here.
    trusted
        Whether it may write the files of the user, where the sandbox shows them.

    Attributes
    ----------
    link : socket.socket
        The connection with it.

    Raises
    ------
    OSError
        If it can't be started.
    """

    def __init__(
        self,
        kind: Literal["kernel", "judge"],
        sandbox: Sandbox | Unsandboxed,
        limits: Limits,
        template: Forks | None,
        channel: socket.socket | None = None,
        trusted: bool = False,
    ) -> None:
        home = HOME if isinstance(sandbox, Sandbox) else sandbox.outside(HOME)
        request = {
            "kind": kind,
            "sandbox": sandbox.pid,
            "trusted": trusted,
            "group": sandbox.group,
            "home": home,
            "limits": asdict(limits),
            "environment": environment(home),
        }
        with ExitStack() as stack:
            self.link, theirs = socket.socketpair()
            descriptors = [stack.enter_context(theirs).fileno()]
            if channel is not None:
                descriptors.append(channel.fileno())
            if isinstance(sandbox, Sandbox):
                descriptors.append(stack.enter_context(sandbox.descriptor()))
            message = json.dumps(request).encode()
            try:
                start = _start_cold if template is None else template.fork
                start(message, descriptors)
            except OSError:
                self.link.close()
                raise
        self._descriptor = self._meet()

    def _meet(self) -> int:
        """Wait for the process in its sandbox to introduce itself by a descriptor of its own."""
        # Something that was left in the sandbox might hold it up.
        self.link.settimeout(_MEET_SECONDS)
        with suppress(OSError):
            answer, descriptors, _, _ = socket.recv_fds(self.link, 1, 1)
            if answer and descriptors:
                self.link.settimeout(None)
                return descriptors[0]
        self.link.close()
        raise OSError("a process for the sandbox ended before it began; see `course doctor`")

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self.ends(0)

    def ends(self, seconds: float) -> bool:
        """Wait for its end; tell whether it came in time."""
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def fileno(self) -> int:
        """Return a file descriptor that becomes readable when the process ends."""
        return self._descriptor

    def interrupt(self) -> None:
        """Interrupt what it does, as Ctrl+C would."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGINT)

    def kill(self) -> None:
        """End it at once; what it started lives on until the sandbox is closed."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        # It takes a moment, in which it would pass for alive.
        self.ends(_DEATH_SECONDS)

    def close(self) -> None:
        """End it and let go of the descriptors."""
        self.kill()
        self.link.close()
        os.close(self._descriptor)


def _start_cold(message: bytes, descriptors: list[int]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        subprocess.Popen(
            [sys.executable, "-c", _COLD.format(theirs.fileno())],
            cwd=Path(helpers.__file__).parents[1],
            env=environment(),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        socket.send_fds(ours, [message], descriptors)
