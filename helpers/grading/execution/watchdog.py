"""Watch the memory of all that runs in a sandbox."""

import contextlib
import os
import resource
import threading
from pathlib import Path

from helpers.grading.sandbox import Sandbox, Unsandboxed
from helpers.grading.sandbox.sandbox import WRITABLE

__all__ = ["Watchdog"]

# Between looks; where a control group sees to the limit, only the peak is of interest.
_SECONDS, _SECONDS_IN_GROUP = 0.25, 1.0
_PAGE = resource.getpagesize()
# What the system needs for a file or folder in memory; and what it lets wait in a socket.
_FILE, _SOCKET = 1_500, 2 * 212_992


class Watchdog:
    """A thread that kills what grows too large; a context manager.

    A limit of the system holds for one process; many small ones would slip under it.

    Parameters
    ----------
    sandbox
        What to watch.
    memory
        Bytes that all processes in it may have together.

    Attributes
    ----------
    peak : int
        Most bytes seen. Memory that processes share is shared out among them.
    limit_exceeded : bool
        Whether it had to kill.
    """

    def __init__(self, sandbox: Sandbox | Unsandboxed, memory: int) -> None:
        self._sandbox = sandbox
        self._memory = memory
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0
        self.limit_exceeded = False

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        # Most are done before the first look.
        self._look()

    def _watch(self) -> None:
        pause = _SECONDS if self._sandbox.group is None else _SECONDS_IN_GROUP
        while not self._stop.wait(pause):
            if self._look() > self._memory:
                self.limit_exceeded = True
                # One by one, they could start others meanwhile.
                self._sandbox.end()
                return

    def _look(self) -> int:
        """Return how many bytes all processes have together, and the system for them."""
        # The sandbox's own list is complete, whatever its processes do to hide.
        used = sum(map(_bytes_of, _processes(Path(self._sandbox.outside("/proc")))))
        if isinstance(self._sandbox, Sandbox):
            used += _bytes_of_system(self._sandbox)
        self.peak = max(self.peak, used)
        return used


def _processes(place: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [path for path in place.iterdir() if path.name.isdecimal()]
    return []


def _bytes_of_system(sandbox: Sandbox) -> int:
    """Estimate the memory that belongs to no process: of files as such, and of sockets."""
    used = 0
    for folder in WRITABLE:
        with contextlib.suppress(OSError):
            status = os.statvfs(sandbox.outside(folder))
            used += (status.f_files - status.f_ffree) * _FILE
    with contextlib.suppress(OSError):
        first, *_ = Path(sandbox.outside("/proc/1/net/sockstat")).read_text().splitlines()
        used += int(first.split()[-1]) * _SOCKET
    return used


def _bytes_of(process: Path) -> int:
    """Return the memory of a process; if it keeps its share a secret, all that it can reach."""
    # To read a page of nothing takes no page, but up to one in the tables that say where it is.
    tables = _listed_bytes(process / "status", "VmPTE") or 0
    pages = _listed_bytes(process / "smaps_rollup", "Pss")
    if pages is None:
        with contextlib.suppress(OSError):
            pages = int((process / "statm").read_text().split()[1]) * _PAGE
    return tables + (pages or 0)


def _listed_bytes(path: Path, name: str) -> int | None:
    """Read a line such as `Pss: 12 kB`; None if there is none, or it is a secret."""
    with contextlib.suppress(OSError):
        for line in path.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return None
