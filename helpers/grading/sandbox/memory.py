"""A control group for memory, where the system lets us make one."""

import contextlib
import os
import secrets
import time
from functools import cache
from pathlib import Path

__all__ = ["MemoryGroup"]

_BURIAL_SECONDS = 5
_GROUPS = Path("/sys/fs/cgroup")


class MemoryGroup:
    """Processes that may have so much memory together, and not more for a moment.

    Root may make groups, and so may users to whom systemd has delegated one. Others do without:
    there is the watchdog, which looks four times in a second.

    Parameters
    ----------
    pid
        The process that it is for; groups of processes that were killed are removed by the next.
    memory
        Bytes, with files that are held in memory.

    Attributes
    ----------
    process_list : str or None
        A process that writes 0 to this file is in the group; None if there is no group.
    """

    def __init__(self, pid: int, memory: int) -> None:
        self.process_list: str | None = None
        for own, limit in _own_groups():
            _remove_orphans(own)
            folder = own / f"course-{pid}-{secrets.token_hex(4)}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                try:
                    # Without O_CREAT: an ordinary folder is no group, and has no such file.
                    with open(os.open(folder / limit, os.O_WRONLY), "w") as file:
                        file.write(str(memory))
                except OSError:
                    folder.rmdir()
                    raise
                self.process_list = str(folder / "cgroup.procs")
                return

    def close(self) -> None:
        """Remove the group, after its last process."""
        end = time.monotonic() + _BURIAL_SECONDS
        while self.process_list is not None and time.monotonic() < end:
            try:
                os.rmdir(os.path.dirname(self.process_list))
                return
            except OSError:
                # The last processes are still on their way out.
                time.sleep(0.01)


@cache
def _remove_orphans(folder: Path) -> None:
    """Remove the groups that a grading which was killed has left; once is enough."""
    for group in folder.glob("course-*-*"):
        pid = group.name.split("-")[1]
        if not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                group.rmdir()


def _own_groups() -> list[tuple[Path, str]]:
    """List the groups that we are in, of both versions, with the names of the files of the limit.

    The lines of /proc/self/cgroup are described in the manual page cgroups(7).
    """
    found = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0":
                found.append((_GROUPS / path.lstrip("/"), "memory.max"))
            elif "memory" in controllers.split(","):
                folder = _GROUPS / "memory" / path.lstrip("/")
                found.append((folder, "memory.limit_in_bytes"))
    return found
