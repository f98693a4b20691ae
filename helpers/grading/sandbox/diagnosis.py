"""Why no sandbox can be built here: what the system says of itself, and what to do about it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from helpers.grading.sandbox.enter import has_all_users

__all__ = ["Cause", "find_causes"]

# The version that gVisor gives itself, whatever the kernel below it is.
_GVISOR = "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016"
_CONTAINER_FILES = (".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io")
_CONTAINER_GROUPS = ("/docker", "/kubepods", "/containerd", "/libpod")
_README = "see 'Where the sandbox can't be built' in helpers/grading/README.md"


class Cause(NamedTuple):
    """One thing that probably keeps us from building a sandbox.

    Attributes
    ----------
    what
        The thing, as part of a sentence.
    remedy
        What to do about it, as a sentence without a full stop.
    """

    what: str
    remedy: str


def find_causes(system: Path = Path("/")) -> list[Cause]:
    """List what probably forbids namespaces, the likeliest first; nothing if there is no sign.

    Parameters
    ----------
    system
        The folder in which `proc`, `run` and so on of the system lie.

    Returns
    -------
    list of Cause
        Several where all of them have to be seen to: a container on Ubuntu 24.04, for example.
    """
    return [cause for applies, cause in _CAUSES if applies(system)]


def _is_gvisor(system: Path) -> bool:
    return _read(system, "proc/version").startswith(_GVISOR)


def _is_container(system: Path) -> bool:
    if _is_gvisor(system):
        return False
    groups = _read(system, "proc/1/cgroup")
    return any((system / file).exists() for file in _CONTAINER_FILES) or any(
        name in groups for name in _CONTAINER_GROUPS
    )


def _is_filtered(system: Path) -> bool:
    """Tell whether a filter of system calls is set for us that is no container's."""
    status = _read(system, "proc/self/status")
    return "\nSeccomp:\t2" in status and not (_is_container(system) or _is_gvisor(system))


def _is_restricted_by_apparmor(system: Path) -> bool:
    setting = "proc/sys/kernel/apparmor_restrict_unprivileged_userns"
    return _read(system, setting) == "1" and not has_all_users()


def _is_switched_off(system: Path) -> bool:
    setting = "proc/sys/kernel/unprivileged_userns_clone"
    return _read(system, setting) == "0" and not has_all_users()


def _allows_none(system: Path) -> bool:
    return _read(system, "proc/sys/user/max_user_namespaces") == "0" and not has_all_users()


def _read(system: Path, file: str) -> str:
    try:
        return (system / file).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


_CAUSES: tuple[tuple[Callable[[Path], bool], Cause], ...] = (
    (
        _is_gvisor,
        Cause(
            "gVisor, which has no such namespaces",
            "run this container with runc instead of runsc, or grade in a virtual machine",
        ),
    ),
    (
        _is_container,
        Cause(
            "the container's default profile (Docker, Podman, Kubernetes)",
            "start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
            "--security-opt systempaths=unconfined and an ordinary user, or in Kubernetes with the "
            f"securityContext in the README ({_README})",
        ),
    ),
    (
        _is_filtered,
        Cause(
            "a filter of system calls (seccomp) that was set by what started this process",
            "start it without one: for a systemd service, without RestrictNamespaces= and "
            "SystemCallFilter=",
        ),
    ),
    (
        _is_restricted_by_apparmor,
        Cause(
            "AppArmor's rule for unprivileged user namespaces (Ubuntu 23.10 and later)",
            f"install the AppArmor profile for bwrap ({_README}), or run "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ),
    (
        _is_switched_off,
        Cause(
            "user namespaces, which are switched off for ordinary users",
            "run sudo sysctl kernel.unprivileged_userns_clone=1",
        ),
    ),
    (
        _allows_none,
        Cause(
            "the number of user namespaces, which is limited to none",
            "run sudo sysctl user.max_user_namespaces=10000",
        ),
    ),
)
