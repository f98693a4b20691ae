"""A process that has imported what every kernel and judge needs, and forks others from itself.

Importing takes a while, forking a process that has done so a hundredth of a second, and the pages
of memory are shared. What only some assignments use, as TensorFlow, is for a :mod:`stage`.
"""

import importlib
import os
import select
import socket
import subprocess
import sys
from pathlib import Path

import helpers
from helpers.grading.processes.environment import environment
from helpers.grading.processes.forks import Forks
from helpers.grading.processes.stage import take_requests

__all__ = ["Template", "serve"]

_START = (
    "import socket; from helpers.grading.processes.template import serve; "
    "serve(socket.socket(fileno={}))"
)
_START_SECONDS = 120

_IMPORTS = [
    *("ipykernel.ipkernel", "IPython.core.completer"),
    *("helpers.grading.judging.answers", "helpers.grading.judging.judge"),
]


class Template(Forks):
    """The process, seen from outside.

    It takes a moment to import all. Until it is ready, requests wait.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START.format(theirs.fileno())],
                cwd=Path(helpers.__file__).parents[1],
                env=environment(os.path.expanduser("~")),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl+C is for us to hear, who then end it.
                start_new_session=True,
            )
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether everything is imported; False as well if it has ended."""
        with self._lock:
            if self._process.poll() is not None:
                return False
            if not self._ready and select.select([self._requests], [], [], 0)[0]:
                self._ready = self._requests.recv(1) == b"!"
            return self._ready

    def wait(self) -> None:
        """Wait until it is ready, or has failed."""
        if not self.ready:
            select.select([self._requests], [], [], _START_SECONDS)

    def close(self) -> None:
        """End it; the processes that it forked live on."""
        super().close()
        self._process.kill()
        self._process.wait()


def serve(requests: socket.socket) -> None:
    """Import everything, then fork a process for each request until there are no more.

    Parameters
    ----------
    requests
        The other end of :class:`Template`; ``!`` is sent when all is ready.
    """
    from helpers.grading.processes.shell import make_shell, warm_up

    make_shell()
    for name in _IMPORTS:
        importlib.import_module(name)
    warm_up()
    requests.send(b"!")
    take_requests(requests)
