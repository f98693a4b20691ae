"""Processes that fork others from themselves, by request."""

import gc
import json
import os
import signal
import socket
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

__all__ = ["Forks", "fork_on_request"]

_LARGEST_REQUEST = 1 << 16


class Forks:
    """A process that forks others from itself, seen from outside; safe to use from many threads.

    Parameters
    ----------
    requests
        The connection on which it takes requests.
    """

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._lock = threading.Lock()

    def fork(self, message: bytes, descriptors: list[int]) -> None:
        """Ask for a process.

        Parameters
        ----------
        message, descriptors
            What :func:`helpers.grading.processes.child.become` is to be.

        Raises
        ------
        OSError
            If it has died.
        """
        with self._lock:
            socket.send_fds(self._requests, [message], descriptors)

    @property
    def alive(self) -> bool:
        """Whether it takes requests."""
        try:
            return bool(self._requests.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """End it; the processes that it forked live on."""
        self._requests.close()


def fork_on_request(
    requests: socket.socket, become: Callable[[dict[str, Any], list[int]], None]
) -> None:
    """Fork a process for each request until there are no more.

    Parameters
    ----------
    requests
        The other end of :class:`Forks`.
    become
        Called in the new process with the message, which is JSON, and the descriptors.
    """
    gc.collect()
    # The collector would touch, and so copy, every page that parent and child share.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 8)
        if not message:
            return
        # Where there can be no more processes, the one who asks hears that by the end of the link.
        child = None
        with suppress(OSError):
            child = os.fork()
        if child == 0:
            try:
                requests.close()
                become(json.loads(message), descriptors)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)
