"""What students' code must not ask of the system.

Whoever makes a user namespace is root in it, and may make file systems of any size; memory that is
shared by name or by descriptor belongs to no process, so the watchdog does not see it; sockets to
the host of a virtual machine are in no namespace; and who is told that a file which all sandboxes
see was opened hears from other sandboxes. Nothing that a notebook needs is in the list: most of it
containers forbid as well. Processes of one sandbox may do to each other what they like.

Locks on such files would tell as much, and hold up others. Programs do not expect a lock to fail
where nobody else is, so locking seems to work in a sandbox, and does nothing.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Iterator

__all__ = ["filter_program", "forbid", "knows_processor"]

# By machine: its number for the audit system, and those of system calls.
_MACHINES = {
    "x86_64": (0xC000003E, {"clone": 56, "clone3": 435, "socket": 41, "flock": 73, "fcntl": 72}),
    "aarch64": (0xC00000B7, {"clone": 220, "clone3": 435, "socket": 198, "flock": 32, "fcntl": 25}),
}
_FORBIDDEN = {
    "x86_64": {
        **{"unshare": 272, "setns": 308},
        **{"shmget": 29, "msgget": 68, "semget": 64, "memfd_create": 319, "memfd_secret": 447},
        **{"bpf": 321, "userfaultfd": 323, "perf_event_open": 298, "io_uring_setup": 425},
        **{"add_key": 248, "request_key": 249, "keyctl": 250},
        **{"ptrace": 101, "process_vm_writev": 311, "pidfd_getfd": 438},
        **{"inotify_init": 253, "inotify_init1": 294, "fanotify_init": 300},
    },
    "aarch64": {
        **{"unshare": 97, "setns": 268},
        **{"shmget": 194, "msgget": 186, "semget": 190, "memfd_create": 279, "memfd_secret": 447},
        **{"bpf": 280, "userfaultfd": 282, "perf_event_open": 241, "io_uring_setup": 425},
        **{"add_key": 217, "request_key": 218, "keyctl": 219},
        **{"ptrace": 117, "process_vm_writev": 271, "pidfd_getfd": 438},
        **{"inotify_init1": 26, "fanotify_init": 262},
    },
}
# From <linux/sched.h>: mounts, control groups, names, IPC, users, processes, network.
_NEW_NAMESPACES = 0x7E020000

# From <linux/socket.h>: unix, inet, inet6 and netlink, all of which a network namespace confines.
_FAMILIES = (1, 2, 10, 16)

# From <linux/fcntl.h>: locks of a process and of a file, each with and without waiting; leases, and
# being told of what happens in a folder.
_LOCKS = (6, 7, 37, 38, 1024, 1026)

# From <linux/filter.h>, <linux/seccomp.h> and <linux/prctl.h>.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_SET_SECCOMP, _FILTER = 22, 2
# System calls of the x32 interface of x86_64 begin here.
_OTHER_INTERFACE = 0x40000000

_INSTRUCTION = struct.Struct("HBBI")
_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.c_char_p))


def knows_processor() -> bool:
    """Tell whether there is a filter for this machine's processor; without one nothing is safe."""
    return platform.machine() in _MACHINES


def filter_program(*, trusted: bool = False) -> bytes:
    """Return the filter as the system takes it.

    Parameters
    ----------
    trusted
        Whether locks are to work.

    Raises
    ------
    KeyError
        On processors that the table does not have, see :func:`knows_processor`.
    """
    return b"".join(_INSTRUCTION.pack(*parts) for parts in _filter(platform.machine(), trusted))


def forbid(library: ctypes.CDLL, *, trusted: bool = False) -> int:
    """Let these system calls fail, for this process and its children; 0 if that worked.

    Parameters
    ----------
    library
        The C library. `PR_SET_NO_NEW_PRIVS` must be set already.
    trusted
        Whether locks are to work.
    """
    instructions = filter_program(trusted=trusted)
    program = _Program(len(instructions) // _INSTRUCTION.size, instructions)
    return int(library.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0))


def _return_for(values: Iterable[int], result: _Step) -> Iterator[_Step]:
    """Return a result if what was loaded is one of some values; go on if it is none."""
    for value in values:
        yield (_EQUAL, 0, 1, value)
        yield result


def _filter(machine: str, trusted: bool) -> Iterator[_Step]:
    audited, known = _MACHINES[machine]
    missing = (_RETURN, 0, 0, _FAIL | errno.ENOSYS)
    refused = (_RETURN, 0, 0, _FAIL | errno.EPERM)
    yield (_LOAD, 0, 0, _MACHINE)
    yield (_EQUAL, 1, 0, audited)
    yield missing
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_AT_LEAST, 0, 1, _OTHER_INTERFACE)
    yield missing
    # Its flags lie in memory, where they can't be checked; the C library falls back to `clone`.
    yield (_EQUAL, 0, 1, known["clone3"])
    yield missing
    yield from _return_for(_FORBIDDEN[machine].values(), refused)
    allowed = (_RETURN, 0, 0, _ALLOW)
    if not trusted:
        # An error of the number 0 is none.
        ignored = (_RETURN, 0, 0, _FAIL)
        yield from _return_for([known["flock"]], ignored)
        yield (_EQUAL, 0, 2 + 2 * len(_LOCKS), known["fcntl"])
        yield (_LOAD, 0, 0, _SECOND_ARGUMENT)
        yield from _return_for(_LOCKS, ignored)
        yield allowed
    yield (_EQUAL, 0, 2 + 2 * len(_FAMILIES), known["socket"])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield from _return_for(_FAMILIES, allowed)
    yield refused
    yield (_EQUAL, 0, 3, known["clone"])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield (_ANY_BIT, 0, 1, _NEW_NAMESPACES)
    yield refused
    yield allowed
