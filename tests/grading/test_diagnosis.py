"""What the doctor concludes from what a system says of itself."""

import pytest

from helpers.grading.sandbox.diagnosis import find_causes
from helpers.grading.sandbox.enter import has_all_users

GVISOR = "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n"
FILTERED = "Name:\tpython3\nSeccomp:\t2\nSeccomp_filters:\t1\n"
APPARMOR = "proc/sys/kernel/apparmor_restrict_unprivileged_userns"
SWITCH = "proc/sys/kernel/unprivileged_userns_clone"
ROOM = "proc/sys/user/max_user_namespaces"
POD = "0::/kubepods/burstable/pod1\n"
# By the name of a system: its files, and what has to be seen to.
SYSTEMS = {
    "nothing special": ({ROOM: "96365\n", "proc/self/status": "Seccomp:\t0\n"}, []),
    "Docker": ({".dockerenv": "", "proc/self/status": FILTERED}, ["container"]),
    "Podman": ({"run/.containerenv": ""}, ["container"]),
    "Kubernetes": ({"proc/1/cgroup": POD, "proc/self/status": FILTERED}, ["container"]),
    "gVisor": ({"proc/version": GVISOR, ".dockerenv": ""}, ["gVisor"]),
    "a systemd service": ({"proc/self/status": FILTERED}, ["filter of system calls"]),
}
OF_ORDINARY_USERS = {
    "Ubuntu 24.04": ({APPARMOR: "1\n"}, ["AppArmor"]),
    "Docker on Ubuntu 24.04": ({APPARMOR: "1\n", ".dockerenv": ""}, ["container", "AppArmor"]),
    "AppArmor, switched off": ({APPARMOR: "0\n"}, []),
    "a hardened system": ({ROOM: "0\n"}, ["the number of user namespaces"]),
    "Debian 10": ({SWITCH: "0\n"}, ["switched off"]),
}


def system(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def assert_found(folder, files, expected):
    causes = find_causes(system(folder, files))
    assert len(causes) == len(expected), causes
    for cause, part in zip(causes, expected, strict=True):
        assert part in cause.what
        assert cause.remedy


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_forbids_namespaces_is_recognised(tmp_path, name):
    assert_found(tmp_path, *SYSTEMS[name])


@pytest.mark.parametrize("name", OF_ORDINARY_USERS)
def test_rules_for_ordinary_users_are_told_to_them_alone(tmp_path, name):
    files, expected = OF_ORDINARY_USERS[name]
    rules = ("AppArmor", "switched off", "the number of user namespaces")
    if has_all_users():
        expected = [part for part in expected if part not in rules]
    assert_found(tmp_path, files, expected)
