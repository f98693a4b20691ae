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
    """Return the memory of a process, with the tables that say where it is."""
    return _bytes_of_pages(process) + _bytes_of_page_tables(process)


def _bytes_of_page_tables(process: Path) -> int:
    """Return what no list of its memory has: to read a page of nothing takes up to a page here."""
    with contextlib.suppress(OSError):
        for line in (process / "status").read_text().splitlines():
            if line.startswith("VmPTE:"):
                return int(line.split()[1]) * 1024
    return 0


def _bytes_of_pages(process: Path) -> int:
    """Return its share of the pages; if it keeps that a secret, all that it can reach."""
    with contextlib.suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError):
        return int((process / "statm").read_text().split()[1]) * _PAGE
    return 0
