"""What a new process does: enter its room, give up its rights, then be a kernel or a judge."""

import json
import os
import random
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from helpers.grading.sandbox.enter import confine, enter
from helpers.grading.sandbox.limits import Limits

__all__ = ["become", "obey"]

# Where the ends of the connections lie in the process.
_LINK, _CHANNEL = 3, 4


def obey(requests: socket.socket) -> None:
    """Receive one request and become what it says; for processes that start cold."""
    message, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 8)
    requests.close()
    become(json.loads(message), descriptors)


def become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Be what was asked for, to the end of the process.

    Parameters
    ----------
    request
        As :class:`helpers.grading.processes.Program` writes it.
    descriptors
        The link, the channel if there is one, and the room if there is one, in this order.
    """
    try:
        if request["group"] is not None:
            Path(request["group"]).write_text("0")
        room = descriptors.pop() if request["room"] is not None else None
        if room is not None:
            enter(room, request["room"], trusted=request["trusted"])
        _arrange(descriptors)
        limits = Limits(**request["limits"])
        confine(limits, trusted=request["trusted"])
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["home"])
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        link = socket.socket(fileno=_LINK)
        socket.send_fds(link, [b"!"], [os.pidfd_open(os.getpid())])
        # From here on the grader's own screen, or log, is no place for what is printed.
        os.dup2(0, 2)
        if request["kind"] == "kernel":
            _be_kernel(link)
        else:
            from helpers.grading.judging.judge import judge

            judge(link)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _arrange(descriptors: list[int]) -> None:
    """Put the connections where they belong, and close everything else."""
    high = [os.dup2(number, 100 + place) for place, number in enumerate(descriptors)]
    silence = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(silence, number)
    for number, place in zip(high, (_LINK, _CHANNEL), strict=False):
        os.dup2(number, place, inheritable=False)
    os.closerange(_LINK + len(descriptors), os.sysconf("SC_OPEN_MAX"))


def _be_kernel(link: socket.socket) -> None:
    from IPython import get_ipython

    from helpers.grading.processes import shell

    if get_ipython() is None:
        shell.make_shell(warm=False)
    shell.run_cells(link, _CHANNEL)
