"""Something of Windows on Linux: the package `helpers` does not get what only POSIX systems have.

Python imports this module first of all if its folder is on PYTHONPATH. Other packages know by
themselves what to do without on Windows; here they are left what they have.
"""

import builtins
import os
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

_MODULES = {"fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
# Windows has the exec functions, but they give the prompt back before the new program ends.
_EXEC = {name for name in vars(os) if name.startswith("exec")}
_FUNCTIONS = {
    *("chown", "chroot", "fchmod", "fchown", "lchown", "mkfifo", "mknod", "statvfs"),
    *("fork", "forkpty", "killpg", "nice", "posix_spawn", "wait", "wait3", "wait4", "waitid"),
    *("getegid", "geteuid", "getgid", "getgroups", "getpgid", "getuid", "setsid", "uname"),
    *("confstr", "getloadavg", "sched_getaffinity", "sched_setaffinity", "sysconf"),
    *("memfd_create", "openpty", "pidfd_open", "pread", "pwrite", "sendfile", "set_blocking"),
}
_FLAGS = {"O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG"}


class _Part(ModuleType):
    """A module without some of its names, and with other values for some."""

    def __init__(self, module: ModuleType, missing: set[str], **changed: str) -> None:
        super().__init__(module.__name__)
        self._module, self._missing = module, missing
        vars(self).update(changed)

    def __getattr__(self, name: str) -> Any:
        if name in self._missing:
            raise AttributeError(f"there is no {self.__name__}.{name} on Windows")
        return getattr(self._module, name)


_PARTS = {
    "os": _Part(os, _EXEC | _FUNCTIONS | _FLAGS),
    "sys": _Part(sys, set(), platform="win32"),
}
_import = builtins.__import__


def _import_as_on_windows(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> ModuleType:
    package = (globals or {}).get("__package__") or ""
    if level == 0 and package.partition(".")[0] == "helpers":
        if name in _MODULES:
            raise ModuleNotFoundError(f"there is no {name} on Windows", name=name)
        if name in _PARTS:
            return _PARTS[name]
    return _import(name, globals, locals, fromlist, level)


builtins.__import__ = _import_as_on_windows
