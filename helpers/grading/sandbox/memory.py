"""A control group for memory, where the system lets us make one."""

import contextlib
import os
import secrets
import time
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
    name
        What the name of the new group begins with.
    memory
        Bytes, with files that are held in memory.

    Attributes
    ----------
    door : str or None
        A process that writes 0 to this file is in the group; None if there is no group.
    """

    def __init__(self, name: str, memory: int) -> None:
        self.door: str | None = None
        for own, limit in _own_groups():
            folder = own / f"{name}-{secrets.token_hex(4)}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                try:
                    (folder / limit).write_text(str(memory))
                except OSError:
                    folder.rmdir()
                    raise
                self.door = str(folder / "cgroup.procs")
                return

    def close(self) -> None:
        """Remove the group, after its last process."""
        end = time.monotonic() + _BURIAL_SECONDS
        while self.door is not None and time.monotonic() < end:
            try:
                os.rmdir(os.path.dirname(self.door))
                return
            except OSError:
                # The last processes are still on their way out.
                time.sleep(0.01)


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
