"""What a process does before it runs students' code: enter the sandbox, and give up its rights."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from helpers.grading.sandbox.limits import Limits
from helpers.grading.sandbox.syscalls import forbid

__all__ = ["confine", "enter", "has_all_users"]

# From <linux/sched.h>, <linux/prctl.h> and <linux/capability.h>.
_NEW_MOUNTS, _NEW_NAMES, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
_SET_NO_NEW_PRIVILEGES, _DROP_FROM_BOUNDING_SET, _SET_DUMPABLE = 38, 24, 4
_CAPABILITY_VERSION = 0x20080522

# User ids that no system gives to anybody; one for each sandbox, so that none can see another.
_FIRST_ID = 2_000_000_000


def has_all_users() -> bool:
    """Tell whether we may become any user: as root, but not root of a container with a few users.

    The lines of /proc/self/uid_map are described in the manual page user_namespaces(7).
    """
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    ids = [tuple(map(int, line.split())) for line in lines]
    most = _FIRST_ID + int(Path("/proc/sys/kernel/pid_max").read_text())
    known = any(first <= _FIRST_ID and most < first + count for first, _, count in ids)
    return os.geteuid() == 0 and known


def enter(sandbox: int, pid: int, trusted: bool) -> None:
    """Move into a sandbox and go on in a child there; the process that called only waits for it.

    Parameters
    ----------
    sandbox
        File descriptor of the process that holds the sandbox.
    pid
        Its process id, outside; makes the user id.
    trusted
        Whether to stay who we are, with locks that work. Otherwise root becomes a user that owns no
        file.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    spaces = _NEW_MOUNTS | _NEW_NAMES | _NEW_IPC | _NEW_PROCESSES | _NEW_NETWORK
    any_user = has_all_users()
    _check(library.setns(sandbox, spaces if any_user else spaces | _NEW_USERS), "setns")
    os.close(sandbox)
    # Only children live in the other namespace of processes. A sandbox ends when its dead processes
    # are reaped, and nobody else outside would be quick to do so.
    child = os.fork()
    if child:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        # It raises, once the child has ended, where the system reaps children by itself.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
        os._exit(0)
    for capability in range(64):
        library.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    if any_user and not trusted:
        own_id = _FIRST_ID + pid
        os.setgroups([])
        os.setresgid(own_id, own_id, own_id)
        os.setresuid(own_id, own_id, own_id)
    _drop_capabilities(library, trusted)


def confine(limits: Limits, trusted: bool) -> None:
    """Set the limits that the system itself watches over, for this process and its children.

    Parameters
    ----------
    limits
        What a submission may use.
    trusted
        Whether it may go on after the time of one submission.
    """
    seconds = int(limits.total_seconds) * (os.cpu_count() or 1)
    for name, value in {
        # Not the address space: TensorFlow reserves far more than it uses.
        resource.RLIMIT_DATA: limits.memory,
        resource.RLIMIT_CPU: resource.RLIM_INFINITY if trusted else seconds,
        resource.RLIMIT_FSIZE: limits.disk,
        resource.RLIMIT_NPROC: limits.processes,
        # What waits in sockets is memory that belongs to no process.
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_CORE: 0,
    }.items():
        _, most = resource.getrlimit(name)
        if most != resource.RLIM_INFINITY:
            value = most if value == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (value, value))
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.setrecursionlimit(1000)


def _drop_capabilities(library: ctypes.CDLL, trusted: bool) -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(library.capset(header, nothing), "capset")
    _check(library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    _check(forbid(library, trusted=trusted), "seccomp")
    # Else a change of user leaves /proc/self to root, where libraries look things up.
    library.prctl(_SET_DUMPABLE, 1, 0, 0, 0)


def _check(result: int, what: str) -> None:
    if result:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
