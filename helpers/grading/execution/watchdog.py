"""Watch the memory of all that runs in a room."""

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from helpers.grading.sandbox import OpenRoom, Room

__all__ = ["Watchdog"]

# Between looks; where a control group sees to the limit, only the peak is of interest.
_SECONDS, _SECONDS_IN_GROUP = 0.25, 1.0
# While processes are killed, they may start others.


class Watchdog:
    """A thread that kills what grows too large; a context manager.

    A limit of the system holds for one process; many small ones would slip under it.

    Parameters
    ----------
    room
        What to watch.
    memory
        Bytes that all processes in it may have together.

    Attributes
    ----------
    peak : int
        Most bytes seen. Memory that processes share is shared out among them.
    barked : bool
        Whether it had to kill.
    """

    def __init__(self, room: Room | OpenRoom, memory: int) -> None:
        self._room = room
        self._memory = memory
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0
        self.barked = False

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = _SECONDS if self._room.group is None else _SECONDS_IN_GROUP
        while not self._stop.wait(pause):
            inhabitants = list(_inhabitants(self._room))
            used = sum(map(_bytes_of, inhabitants))
            self.peak = max(self.peak, used)
            if used > self._memory:
                self.barked = True
                _kill(inhabitants)


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _inhabitants(room: Room | OpenRoom) -> Iterator[psutil.Process]:
    """List the processes in a room, without the one that holds it.

    They need not be its children: each went in by itself.
    """
    if room.pid is None:
        return
    with contextlib.suppress(OSError):
        space = os.stat(f"/proc/{room.pid}/ns/pid").st_ino
        for pid in psutil.pids():
            with contextlib.suppress(OSError, psutil.Error):
                if pid != room.pid and os.stat(f"/proc/{pid}/ns/pid").st_ino == space:
                    yield psutil.Process(pid)


def _bytes_of(process: psutil.Process) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
