"""Sandboxes for processes: bubblewrap builds one and holds it open, so that others can enter it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import helpers
from helpers.grading.sandbox.bubblewrap import SandboxMissing, find_bubblewrap, namespaces
from helpers.grading.sandbox.limits import Limits
from helpers.grading.sandbox.memory import MemoryGroup
from helpers.grading.sandbox.syscalls import filter_program

__all__ = ["HOME", "WRITABLE", "Sandbox", "Unsandboxed"]

_END_SECONDS = 10

HOME = "/home/student"
"""Where the work is done in a sandbox: an empty folder that may be written."""

WRITABLE = ("/tmp", HOME, "/dev/shm")
"""The folders in memory where a sandbox's processes may write, each up to the limit."""

# Programs and libraries, and what they need of /etc: no passwords, no keys, no host names.
_SYSTEM = ["/usr", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"]
_EXCHANGE = "/usr/local/share/nbgrader"
_LINKS = ["/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin"]


class Sandbox:
    """A sandbox with its own processes, file system and network (of which there is none).

    Parameters
    ----------
    limits
        How much may be written in it.
    writable
        Folders outside that may be changed in it, at the same place.
    readable
        Folders and files outside that may be read in it besides programs and this package.

    Raises
    ------
    SandboxMissing
        If bubblewrap can't make it.
    """

    def __init__(
        self, limits: Limits, writable: Sequence[Path] = (), readable: Sequence[Path] = ()
    ) -> None:
        program = find_bubblewrap()
        # What holds the sandbox must not be of more use to students' code than its own processes.
        with tempfile.TemporaryFile() as rules:
            reader, writer = os.pipe()
            rules.write(filter_program(trusted=True))
            rules.seek(0)
            command = [
                program,
                *namespaces(),
                *_mounts(limits, writable, readable),
                *("--die-with-parent", "--new-session", "--as-pid-1", "--info-fd", str(writer)),
                *("--seccomp", str(rules.fileno())),
                # It holds the sandbox until its input ends; an echo says that all is in place.
                *("--", "cat"),
            ]
            try:
                self._holder = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=[writer, rules.fileno()],
                    env={"PATH": os.defpath},
                    bufsize=0,
                )
            except OSError:
                os.close(reader)
                raise
            finally:
                os.close(writer)
        with os.fdopen(reader, "rb") as info:
            self._ask_for_echo()
            self.pid: int = json.loads(info.read())["child-pid"]
        # Files in the folders that may be written are held in memory.
        self._group = MemoryGroup(self.pid, limits.memory + 3 * limits.disk)
        self.group = self._group.process_list

    def _ask_for_echo(self) -> None:
        assert self._holder.stdin and self._holder.stdout and self._holder.stderr
        try:
            self._holder.stdin.write(b"?")
            if self._holder.stdout.read(1) == b"?":
                return
        except BrokenPipeError:
            pass
        reason = self._holder.stderr.read().decode(errors="replace").strip()
        self._holder.kill()
        self._holder.communicate()
        raise SandboxMissing(f"bubblewrap can't make a sandbox: {reason}", "see `course doctor`")

    def outside(self, path: str) -> str:
        """Return where a file of the sandbox is found from outside."""
        return f"/proc/{self.pid}/root{path}"

    @contextmanager
    def descriptor(self) -> Iterator[int]:
        """Hold a file descriptor for :func:`helpers.grading.sandbox.enter.enter`."""
        descriptor = os.pidfd_open(self.pid)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def end(self) -> None:
        """Kill every process in it, now; nobody can enter it any more."""
        if self._holder.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the sandbox, with every process in it."""
        self.end()
        # The first process of a sandbox ends after all others, and then bubblewrap ends.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._holder.wait(_END_SECONDS)
        self._holder.kill()
        self._holder.communicate()
        self._group.close()


class Unsandboxed:
    """No sandbox at all: a temporary folder, for `--no-sandbox`."""

    pid = group = None

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="course-")
        os.makedirs(self.folder + HOME)
        os.makedirs(self.folder + "/tmp")

    def outside(self, path: str) -> str:
        """Return where a file of the sandbox is found from outside."""
        return self.folder + path

    def end(self) -> None:
        """Do nothing: its processes can't be told from others."""

    def close(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _links_of_python(shown: Sequence[str]) -> list[str]:
    """Return the paths that Python is linked to, one after another, outside of what is shown."""
    links, path = [], sys.executable
    while os.path.islink(path):
        path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        links.append(path)
    return [link for link in links if not any(Path(link).is_relative_to(path) for path in shown)]


def _mounts(limits: Limits, writable: Sequence[Path], readable: Sequence[Path]) -> list[str]:
    python = {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib")}
    course = os.path.dirname(os.path.abspath(helpers.__file__))
    options = ["--proc", "/proc", "--dev", "/dev"]
    for folder in WRITABLE:
        options += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", folder]
    shown = [*_SYSTEM, *sorted(python), course]
    shown += [*_links_of_python(shown), *map(str, readable)]
    # Made by bubblewrap on the way, these folders would be closed to everybody but root.
    for folder in sorted({str(parent) for path in shown for parent in Path(path).parents} - {"/"}):
        options += ["--perms", "0755", "--dir", folder]
    for path in shown:
        if os.path.exists(path):
            options += ["--ro-bind", path, path]
    # nbgrader collects submissions there.
    if os.path.isdir(_EXCHANGE):
        options += ["--tmpfs", _EXCHANGE]
    for path in _LINKS:
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            options += ["--ro-bind", path, path]
    for path in map(str, writable):
        options += ["--bind", path, path]
    # What bubblewrap itself makes room for the mounts must not be written either.
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
