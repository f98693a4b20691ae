"""What a new process does: enter its sandbox, give up its rights, then be a kernel or a judge."""

import json
import os
import random
import socket
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.grading.sandbox.enter import confine, enter
from helpers.grading.sandbox.limits import Limits

__all__ = ["Heritage", "become", "obey"]

# Where the ends of the connections lie in the process.
_LINK, _CHANNEL = 3, 4


def obey(requests: socket.socket) -> None:
    """Receive one request and become what it says; for processes that start cold."""
    message, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 8)
    requests.close()
    become(json.loads(message), descriptors)


@dataclass(frozen=True)
class Heritage:
    """What set-up that ran before the fork has changed besides variables.

    Parameters
    ----------
    environment
        Variables of the environment that it set, and None for those that it deleted.
    numbers
        The state of Python's random numbers, if it used those or NumPy's. It may have chosen a
        seed, then, so they go on from there; Python itself chooses another after a fork.
    """

    environment: Mapping[str, str | None] = field(default_factory=dict)
    numbers: tuple[Any, ...] | None = None


def become(
    request: dict[str, Any], descriptors: list[int], heritage: Heritage | None = None
) -> None:
    """Be what was asked for, to the end of the process.

    Parameters
    ----------
    request
        As :class:`helpers.grading.processes.Program` writes it.
    descriptors
        The link, the channel if there is one, and the sandbox if there is one, in this order.
    heritage
        What the process that this one was forked from leaves, if that has run set-up.
    """
    try:
        if request["group"] is not None:
            Path(request["group"]).write_text("0")
        sandbox = descriptors.pop() if request["sandbox"] is not None else None
        if sandbox is not None:
            enter(sandbox, request["sandbox"], trusted=request["trusted"])
        _arrange(descriptors)
        limits = Limits(**request["limits"])
        confine(limits, trusted=request["trusted"])
        _be_at_home(request["home"], request["environment"], heritage or Heritage())
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


def _be_at_home(home: str, environment: Mapping[str, str], heritage: Heritage) -> None:
    changed = {**environment, **heritage.environment}
    os.environ.clear()
    os.environ.update({name: value for name, value in changed.items() if value is not None})
    os.chdir(home)
    if heritage.numbers is not None:
        random.setstate(heritage.numbers)
    else:
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()


def _be_kernel(link: socket.socket) -> None:
    from IPython import get_ipython

    from helpers.grading.processes import shell

    if get_ipython() is None:
        shell.make_shell()
    shell.run_cells(link, _CHANNEL)
