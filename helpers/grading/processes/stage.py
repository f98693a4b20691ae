"""A process that has imported more, or has run the first cells of an assignment.

These are the same for all students, so kernels are forked from it and begin after those cells. That
gives the same as running them again only if they leave nothing behind but variables, and settings
that a fork copies. One operation of TensorFlow, for example, starts threads, which a fork does not
copy: the child would wait for them for ever. To import it is no operation.
"""

import importlib
import json
import math
import os
import pickle
import random
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from helpers.grading.processes.child import Heritage, become
from helpers.grading.processes.environment import environment
from helpers.grading.processes.forks import Forks, fork_on_request

__all__ = ["Stage", "open_stage", "take_requests"]

# The last line of the report: all was run, and processes can be forked.
_SET = ["set"]
_GRACE_SECONDS = 5
_HOLDERS = (str, Path, list, tuple, dict, set, frozenset)
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod"}
_CHANGES |= {"subprocess.Popen", "os.system", "os.fork", "os.exec", "socket.connect", "shutil.move"}


class Stage(Forks):
    """The process, seen from outside.

    Parameters
    ----------
    requests
        As for :class:`helpers.grading.processes.forks.Forks`.
    shown
        For each cell that it has run, the lines that say what it showed.
    """

    def __init__(self, requests: socket.socket, shown: Sequence[Sequence[bytes]]) -> None:
        super().__init__(requests)
        self.shown = shown


def open_stage(
    template: Forks,
    seconds: float,
    *,
    modules: Sequence[str] = (),
    cells: Sequence[str] = (),
) -> Stage | None:
    """Import modules, and run the first cells of an assignment, in a new process.

    Parameters
    ----------
    template
        What to fork it from: a template, or another stage.
    seconds
        Wall time that this may take.
    modules
        What to import.
    cells
        The sources of the cells. They are trusted: they run as the user, in no sandbox.

    Returns
    -------
    The stage, with as many of the cells as leave nothing behind but variables; None if that is true
    of none of them, or if they fail or take too long.

    Raises
    ------
    OSError
        If the template has died.
    """
    wanted = list(cells)
    while wanted or not cells:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        report, its_report = socket.socketpair()
        message = {
            "kind": "stage",
            "environment": environment(),
            "modules": list(modules),
            "seconds": seconds,
        }
        with report:
            report.settimeout(seconds + _GRACE_SECONDS)
            with theirs, its_report:
                template.fork(json.dumps(message).encode(), [theirs.fileno(), its_report.fileno()])
            with suppress(OSError):
                report.sendall(json.dumps(wanted).encode() + b"\n")
            # What takes too long ends it.
            lines: list[bytes] = []
            # A process that it has left behind may hold the connection open.
            with suppress(OSError):
                lines += (line for line in report.makefile("rb") if line.endswith(b"\n"))
        shown = list(map(json.loads, lines))
        if shown[-1:] == [_SET]:
            encoded = [[text.encode(errors="surrogateescape") for text in cell] for cell in shown]
            return Stage(ours, encoded[:-1])
        ours.close()
        if not wanted:
            return None
        # What the next cell has done can't be undone; nor, perhaps, what the last one has.
        wanted = wanted[: min(len(shown), len(wanted) - 1)]
    return None


def take_requests(requests: socket.socket, heritage: Heritage | None = None) -> None:
    """Fork a process for each request until there are no more.

    Parameters
    ----------
    requests
        The other end of :class:`helpers.grading.processes.forks.Forks`.
    heritage
        For the new processes.
    """
    fork_on_request(requests, partial(_become, heritage=heritage))


def _become(request: dict[str, Any], descriptors: list[int], heritage: Heritage | None) -> None:
    if request["kind"] == "stage":
        _set_stage(request, descriptors)
    else:
        become(request, descriptors, heritage)


def _set_stage(request: Mapping[str, Any], descriptors: Sequence[int]) -> None:
    """Import modules, run cells, say what they show, and fork on request.

    Parameters
    ----------
    request
        With the `environment`, the `modules`, and the `seconds` that all may take.
    descriptors
        For the requests that :class:`Stage` sends; and to receive the cells, and say what they
        show.
    """
    # Only here, since the grader itself needs no IPython.
    from helpers.grading.processes.shell import Cells, warm_up

    requests, report = (socket.socket(fileno=descriptor) for descriptor in descriptors)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.alarm(math.ceil(request["seconds"]))
    # What it starts ends with it.
    os.setsid()
    for name in request["modules"]:
        importlib.import_module(name)
    if "matplotlib.pyplot" in request["modules"]:
        warm_up()
    folder = tempfile.mkdtemp(prefix="course-stage-")
    try:
        begun = {**request["environment"], "HOME": folder, "TMPDIR": folder}
        changes = _watch_files()
        _set_environment(begun, folder)
        drawn = _random_numbers()
        lines: list[str] = []
        with Cells(lambda line: lines.append(line.decode(errors="surrogateescape"))) as cells:
            before = _traces(folder)
            for source in json.loads(report.makefile("rb").readline()):
                changes.clear()
                sound = cells.run(source) and not cells.pending and before == _traces(folder)
                sound = sound and not changes
                if not sound or _knows(folder, cells.variables):
                    shutil.rmtree(folder, ignore_errors=True)
                    os.killpg(0, signal.SIGKILL)
                report.sendall(json.dumps(lines).encode() + b"\n")
                lines.clear()
        changed = {
            name: os.environ.get(name)
            for name in begun.keys() | os.environ.keys()
            if os.environ.get(name) != begun.get(name)
        }
        numbers = None if drawn == _random_numbers() else random.getstate()
        os.chdir("/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tempfile.tempdir = None
    signal.alarm(0)
    report.sendall(json.dumps(_SET).encode() + b"\n")
    report.close()
    take_requests(requests, Heritage(changed, numbers))


def _set_environment(environment: Mapping[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)


def _random_numbers() -> bytes:
    numpy = sys.modules.get("numpy")
    return pickle.dumps((random.getstate(), numpy and numpy.random.get_state()))


def _traces(folder: str) -> list[object]:
    """Return what set-up must not change: a fork does not copy it, or shares it with others."""
    maps = (line.split()[1] for line in Path("/proc/self/maps").read_text().splitlines())
    children = False
    with suppress(ChildProcessError):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        children = True
    return [
        len(os.listdir("/proc/self/task")),
        os.listdir("/proc/self/fd"),
        os.getcwd(),
        os.listdir(folder),
        sum("w" in mode and "s" in mode for mode in maps),
        children,
    ]


def _watch_files() -> list[str]:
    """Return a list that names all that this process does to files and folders from now on."""
    changes: list[str] = []
    own = os.getpid()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int):
            if arguments[2] & (os.O_WRONLY | os.O_RDWR) and os.getpid() == own:
                changes.append(event)
        elif event in _CHANGES and os.getpid() == own:
            changes.append(event)

    # It can't be taken back; in a fork, it does nothing.
    sys.addaudithook(watch)
    return changes


def _knows(folder: str, variables: Mapping[str, object]) -> bool:
    """Tell whether anything has kept a path in a folder that will not be there."""
    kept: list[object] = [sys.path, [value for value in os.environ.values() if value != folder]]
    kept += [value for value in variables.values() if isinstance(value, _HOLDERS)]
    return any(folder in repr(value) for value in kept)
