"""A process that has imported everything and forks others from itself.

Importing TensorFlow takes seconds, forking a process that has done so a tenth of one, and the pages
of memory are shared. Nothing but imports may happen here: one operation of TensorFlow starts
threads, which a fork does not copy, and the child would wait for them for ever.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import helpers
from helpers.grading.processes.environment import ENVIRONMENT

__all__ = ["Template", "serve"]

_START = (
    "import socket; from helpers.grading.processes.template import serve; "
    "serve(socket.socket(fileno={}), networks={})"
)
_LARGEST_REQUEST = 1 << 16
_START_SECONDS = 120

_IMPORTS = [
    *("numpy", "scipy.ndimage", "scipy.optimize", "scipy.stats", "PIL.Image", "matplotlib.pyplot"),
    *("sklearn.datasets", "sklearn.svm", "sklearn.model_selection", "sklearn.decomposition"),
    "sklearn.manifold",
    *("helpers.checks", "helpers.convolution", "helpers.datasets", "helpers.pictures"),
    *("helpers.plots", "helpers.svm"),
    *("ipykernel.ipkernel", "IPython.core.completer", "matplotlib_inline"),
    *("helpers.grading.judging.answers", "helpers.grading.judging.judge"),
]
# TensorFlow alone takes as long as all the others together.
_IMPORTS_FOR_NETWORKS = ["helpers.quiet", "helpers.cnn", "helpers.features", "helpers.networks"]


class Template:
    """The process, seen from the one that wants others forked; safe to use from many threads.

    It takes some seconds to import everything. Until it is ready, requests wait.

    Parameters
    ----------
    networks
        Whether to import TensorFlow, too. A process that needs it all the same imports it itself.
    """

    def __init__(self, *, networks: bool) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START.format(theirs.fileno(), networks)],
                cwd=Path(helpers.__file__).parents[1],
                env={**ENVIRONMENT, "HOME": os.path.expanduser("~")},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl+C is for us to hear, who then end it.
                start_new_session=True,
            )
        self._socket = ours
        self._lock = threading.Lock()
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether everything is imported; False as well if it has ended."""
        with self._lock:
            if self._process.poll() is not None:
                return False
            if not self._ready and select.select([self._socket], [], [], 0)[0]:
                self._ready = self._socket.recv(1) == b"!"
            return self._ready

    def wait(self) -> None:
        """Wait until it is ready, or has failed."""
        if not self.ready:
            select.select([self._socket], [], [], _START_SECONDS)

    def fork(self, message: bytes, descriptors: list[int]) -> None:
        """Ask for a process.

        Parameters
        ----------
        message, descriptors
            What :func:`helpers.grading.processes.child.become` is to be.

        Raises
        ------
        OSError
            If the template has died.
        """
        with self._lock:
            socket.send_fds(self._socket, [message], descriptors)

    def close(self) -> None:
        """End it; the processes that it forked live on."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


def serve(requests: socket.socket, *, networks: bool) -> None:
    """Import everything, then fork a process for each request until there are no more.

    Parameters
    ----------
    requests
        The other end of :class:`Template`; ``!`` is sent when all is ready.
    networks
        As for :class:`Template`.
    """
    from helpers.grading.processes.child import become
    from helpers.grading.processes.shell import make_shell

    for name in _IMPORTS + (_IMPORTS_FOR_NETWORKS if networks else []):
        importlib.import_module(name)
    make_shell(warm=True)
    gc.collect()
    # The collector would touch, and so copy, every page that parent and child share.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    requests.send(b"!")
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 8)
        if not message:
            return
        if os.fork() == 0:
            requests.close()
            become(json.loads(message), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
