import fcntl
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import helpers
from helpers.feature_cache import FOLDER_VARIABLE, Cache
from helpers.grading.execution.watchdog import Watchdog
from helpers.grading.sandbox import Sandbox, memory
from tests.grading.inside import LIMITS, ask, kernel

pytestmark = pytest.mark.needs("sandbox")

# One worker for all, since most tests look at the same sandbox.

LOOK = r"""
import ctypes, glob, json, os, resource, socket, stat, subprocess, sys, tempfile

facts = {"users": [*os.getresuid(), *os.getresgid()], "groups": os.getgroups()}
facts["interfaces"] = [name for _, name in socket.if_nameindex()]
facts["status"] = {
    name: value.strip()
    for name, _, value in (line.partition(":") for line in open("/proc/self/status"))
}
facts["environment"] = dict(os.environ)
facts["first environment"] = open("/proc/self/environ").read()
facts["processes"] = {
    name: open(f"/proc/{name}/cmdline").read().split("\0")[0]
    for name in os.listdir("/proc") if name.isdecimal()
}
facts["root"] = os.listdir("/")
facts["work"] = os.listdir(COURSE)
facts["devices"] = sorted(
    path for path in glob.glob("/dev/*") + glob.glob("/dev/[!f]*/*")
    if stat.S_ISBLK(os.lstat(path).st_mode) or stat.S_ISCHR(os.lstat(path).st_mode)
)
facts["mounts"] = [line.split()[4:6] for line in open("/proc/self/mountinfo")]
facts["sizes"] = {
    path: os.statvfs(path).f_blocks * os.statvfs(path).f_frsize
    for path in ("/tmp", "/dev/shm", os.path.expanduser("~"))
}
facts["limits"] = {
    name: resource.getrlimit(getattr(resource, name))
    for name in dir(resource) if name.startswith("RLIMIT_")
}

def is_writable(place):
    try:
        # A name that nothing in the folder has.
        tempfile.TemporaryFile(dir=place).close()
        return True
    except OSError:
        return False

facts["written"] = [place for place, _ in facts["mounts"] if is_writable(place)]

def refused(call):
    try:
        call()
    except OSError:
        return True
    return False

# Each in a process of its own: what it should not be able to do would change it.
TRIALS = {
    "user namespace": "library.unshare(0x10000000)",
    "user namespace of a child": "library.syscall(CLONE, 0x10000011, 0, 0, 0, 0)",
    "mount namespace": "library.unshare(0x00020000)",
    "network namespace": "library.unshare(0x40000000)",
    "mount": "library.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
    "writable root": "library.mount(b'none', b'/', None, 32 | 4096, None)",
    "unmount": "library.umount2(b'/proc', 2)",
    "root user": "library.setuid(0)",
    "root directory": "library.chroot(b'/tmp')",
    "device": "library.mknod(b'/tmp/device', 0o60666, 0x0801)",
    "host name": "library.sethostname(b'x', 1)",
    "clock": "library.settimeofday(bytes(16), None)",
    "shared memory": "library.shmget(0, 4096, 0o1600)",
    "news of a folder": "library.inotify_init1(0)",
    "memory file": "library.memfd_create(b'x', 0)",
    "raw socket": "library.socket(2, 3, 1)",
    "nicer": "library.setpriority(0, 0, -5)",
    "kill the first process": "library.kill(1, 9) or os.kill(1, 0) or -1",
}
clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
facts["trials"] = {
    name: subprocess.run(
        [sys.executable, "-c",
         f"import ctypes, os, sys; library = ctypes.CDLL(None); CLONE = {clone}\n"
         f"sys.exit(0 if {trial} == -1 else 1)"],
    ).returncode == 0
    for name, trial in TRIALS.items()
}
facts["hidden"] = {
    path: not os.path.exists(path)
    for path in ("/sys/class", "/etc/passwd", "/etc/shadow", "/run", "/var")
}
facts["first process"] = [
    name for name in ("environ", "mem", "root/proc", "fd/0", "cwd/proc")
    if os.access(f"/proc/1/{name}", os.R_OK)
]
print(json.dumps(facts))
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """What students' code finds, with a secret in the grader's environment."""
    os.environ["COURSE_SECRET"] = "the secret"
    shown, hidden = tmp_path_factory.mktemp("shown"), tmp_path_factory.mktemp("hidden")
    (hidden / "secret").write_text("the secret")
    try:
        with closing(Sandbox(LIMITS, readable=[shown])) as sandbox, kernel(sandbox) as started:
            course = str(Path(helpers.__file__).parents[1])
            yield ask(started, f"COURSE = {course!r}\n{LOOK}") | {"shown": str(shown)}
    finally:
        del os.environ["COURSE_SECRET"]


def test_python_can_be_started_however_it_is_linked(tmp_path, monkeypatch):
    # As in an environment that was made with a link to a link, by update-alternatives or pyenv.
    real = os.path.realpath(sys.executable)
    (tmp_path / "alternatives").mkdir()
    (tmp_path / "alternatives" / "python").symlink_to(real)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "alternatives" / "python")
    environment = Path(sys.prefix, "bin", f"linked-{os.getpid()}")
    environment.symlink_to(tmp_path / "bin" / "python")
    try:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(environment))
            sandbox = Sandbox(LIMITS)
        with closing(sandbox), kernel(sandbox) as started:
            run = (
                f"subprocess.run([{str(environment)!r}, '-c', 'print(6 * 7)'], capture_output=True)"
            )
            assert ask(started, f"import subprocess\nprint(int({run}.stdout))") == 42
    finally:
        environment.unlink()


def test_it_has_a_user_of_its_own(facts):
    assert len(set(facts["users"])) == 1
    assert facts["groups"] in ([], facts["users"][:1])
    if os.geteuid() == 0:
        assert facts["users"][0] > 1_000_000_000


def test_it_has_no_capabilities_and_never_gets_any(facts):
    kinds = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    assert {int(facts["status"][kind], 16) for kind in kinds} == {0}
    assert facts["status"]["NoNewPrivs"] == "1"


def test_system_calls_are_filtered(facts):
    assert facts["status"]["Seccomp"] == "2"


def test_there_is_no_network(facts):
    assert facts["interfaces"] == ["lo"]


def test_it_sees_no_processes_but_its_own(facts):
    assert len(facts["processes"]) <= 3
    assert facts["processes"]["1"] in ("cat", "")


@pytest.mark.skipif(os.geteuid() != 0, reason="the first process has the same user otherwise")
def test_it_learns_nothing_of_the_first_process(facts):
    assert facts["first process"] == []


def test_the_environment_is_not_the_graders(facts):
    assert "COURSE_SECRET" not in facts["environment"]
    assert "the secret" not in facts["first environment"]
    assert facts["environment"]["HOME"] == "/home/student"


def test_of_the_course_it_sees_the_package_alone(facts):
    environment = {Path(path).parts[-1] for path in (sys.prefix, sys.base_prefix)}
    assert set(facts["work"]) - environment == {"helpers"}


def test_of_the_system_it_sees_programs_and_libraries(facts):
    # Wherever the course, its environment and Python lie, what leads there is seen.
    places = [Path(helpers.__file__), Path(sys.prefix), Path(sys.base_prefix)]
    python = Path(sys.executable)
    while python.is_symlink():
        python = python.parent / python.readlink()
        places.append(python)
    own = {place.parts[1] for place in places}
    others = {"sys", "run", "var", "boot", "mnt", "media", "srv", "opt"} - own
    assert others.isdisjoint(facts["root"])
    assert all(facts["hidden"].values()), facts["hidden"]


def test_it_writes_nowhere_but_in_memory_of_a_limited_size(facts):
    assert set(facts["written"]) == {"/tmp", "/dev/shm", "/home/student", "/dev"} & set(
        facts["written"]
    )
    assert {"/tmp", "/dev/shm", "/home/student"} <= set(facts["written"])
    assert all(size <= LIMITS.disk + 4096 for size in facts["sizes"].values())


def test_no_program_gives_it_other_rights(facts):
    for place, options in facts["mounts"]:
        assert "nosuid" in options.split(","), place


def test_there_are_no_devices_of_the_machine(facts):
    harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"}
    found = {Path(path).name for path in facts["devices"] if not path.startswith("/dev/pts/")}
    assert found <= harmless


def test_what_it_must_not_do_is_refused(facts):
    assert [name for name, refused in facts["trials"].items() if not refused] == []


def test_limits_are_set_for_good(facts):
    limits = facts["limits"]
    assert limits["RLIMIT_NPROC"] == [LIMITS.processes] * 2
    assert limits["RLIMIT_DATA"] == [LIMITS.memory] * 2
    assert limits["RLIMIT_FSIZE"] == [LIMITS.disk] * 2
    assert limits["RLIMIT_CORE"] == [0, 0]
    assert limits["RLIMIT_NOFILE"][1] <= 1024


def test_a_folder_that_is_shown_can_be_read_and_not_written(tmp_path):
    tmp_path.chmod(0o777)
    (tmp_path / "features").write_text("numbers")
    code = f"""
import json
content = open({str(tmp_path / "features")!r}).read()
try: open({str(tmp_path / "new")!r}, "w")
except OSError as error: print(json.dumps([content, str(error)]))
"""
    with closing(Sandbox(LIMITS, readable=[tmp_path])) as sandbox, kernel(sandbox) as started:
        content, error = ask(started, code)
    assert content == "numbers"
    assert "Read-only file system" in error
    assert not (tmp_path / "new").exists()


def test_rooms_are_apart(tmp_path):
    leave = "import json, os\nopen('/tmp/trace', 'w')\nprint(json.dumps(os.listdir('/tmp')))"
    look = (
        "import json, os\n"
        "print(json.dumps([os.listdir('/tmp'), os.listdir('/dev/shm'), os.getuid()]))"
    )
    with (
        closing(Sandbox(LIMITS)) as first,
        closing(Sandbox(LIMITS)) as second,
        kernel(first) as one,
        kernel(second) as other,
    ):
        assert "trace" in ask(one, leave)
        theirs = ask(other, look)
        assert "trace" not in theirs[0]
        assert theirs[1] == []
        if os.geteuid() == 0:
            assert ask(one, look)[2] != theirs[2]


LOCK = """
import fcntl, json, os, struct
file = open({path!r})
fcntl.flock(file, fcntl.LOCK_SH)
fcntl.lockf(file, fcntl.LOCK_SH)
fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))
print(json.dumps("locked"))
"""


def test_no_lock_holds_up_or_tells_those_outside(tmp_path):
    tmp_path.chmod(0o755)
    shared = tmp_path / "features"
    shared.write_text("numbers")
    with closing(Sandbox(LIMITS, readable=[tmp_path])) as sandbox, kernel(sandbox) as started:
        assert ask(started, LOCK.format(path=str(shared))) == "locked"
        with shared.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_features_can_be_read_while_somebody_writes_and_locks_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    tmp_path.chmod(0o755)
    Cache().put({b"key": np.arange(3, dtype="float32")})
    (tmp_path / "features.sqlite3").chmod(0o644)
    code = (
        "import json\nfrom helpers.feature_cache import Cache\n"
        "print(json.dumps([row.tolist() for row in Cache().get([b'key']).values()]))"
    )
    with (
        closing(Sandbox(LIMITS, readable=[tmp_path])) as sandbox,
        kernel(sandbox) as started,
        closing(sqlite3.connect(tmp_path / "features.sqlite3", isolation_level=None)) as writer,
    ):
        writer.execute("BEGIN EXCLUSIVE")
        assert ask(started, code) == [[0, 1, 2]]


def ask_and_measure(code):
    """Run code in a sandbox; return what it prints, and by how many bytes the sandbox has grown."""
    with closing(Sandbox(LIMITS)) as sandbox, kernel(sandbox) as started:
        with Watchdog(sandbox, 10 * LIMITS.memory) as before:
            pass
        answer = ask(started, code)
        with Watchdog(sandbox, 10 * LIMITS.memory) as after:
            pass
    return answer, after.peak - before.peak


def test_files_and_sockets_count_as_memory_whatever_is_in_them():
    code = (
        "import json, os, socket\n"
        "for number in range(20_000):\n    os.mkdir(f'/tmp/{number}')\n"
        "pairs = [socket.socketpair() for _ in range(200)]\n"
        "print(json.dumps(len(pairs)))"
    )
    answer, grown = ask_and_measure(code)
    assert answer == 200
    assert grown > 20_000 * 1_000 + 400 * 200_000


def test_page_tables_count_as_memory_even_where_no_page_is_written():
    code = (
        "import ctypes, json, mmap\n"
        "library = ctypes.CDLL(None)\n"
        "library.mmap.restype = ctypes.c_void_p\n"
        "size, table = 1 << 36, 1 << 21\n"
        "flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS\n"
        "start = library.mmap(None, ctypes.c_size_t(size), mmap.PROT_READ, flags, -1, 0)\n"
        "read = [ctypes.c_byte.from_address(start + n).value for n in range(0, size, table)]\n"
        "print(json.dumps(sum(read)))"
    )
    answer, grown = ask_and_measure(code)
    assert answer == 0
    assert grown > 100_000_000


def test_too_many_folders_end_what_makes_them():
    code = "import itertools, os\nfor number in itertools.count():\n    os.mkdir(f'/tmp/{number}')"
    limits = replace(LIMITS, memory=300_000_000)
    with (
        closing(Sandbox(limits)) as sandbox,
        kernel(sandbox) as started,
        Watchdog(sandbox, limits.memory) as w,
    ):
        assert started.run(code, 60).ending != "done"
        assert w.limit_exceeded or not started.alive


def test_sockets_are_of_the_families_that_a_network_namespace_confines():
    every = (
        "import json, socket\nmade = []\nfor family in range(64):\n    for kind in (1, 2, 3):\n"
        "        try:\n            socket.socket(family, kind).close()\n"
        "            made.append(family)\n        except OSError:\n            pass\n"
        "print(json.dumps(sorted(set(made))))"
    )
    with closing(Sandbox(LIMITS)) as sandbox, kernel(sandbox) as started:
        families = ask(started, every)
    known = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
    assert families and set(families) <= set(known)


def test_an_ordinary_folder_is_taken_for_no_control_group(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        place = line.split(":", 2)[2].lstrip("/")
        for folder in (tmp_path / place, tmp_path / "memory" / place):
            folder.mkdir(parents=True, exist_ok=True)
    before = sorted(tmp_path.rglob("*"))
    assert memory.MemoryGroup(os.getpid(), 1_000_000_000).process_list is None
    assert sorted(tmp_path.rglob("*")) == before


def test_control_groups_that_a_killed_grading_left_are_removed():
    with closing(memory.MemoryGroup(os.getpid(), 1_000_000_000)) as group:
        if group.process_list is None:
            pytest.skip("no control group can be made here")
        # No process has this number: it is the highest that Linux can be set to, and one.
        orphan = Path(group.process_list).parents[1] / "course-4194305-00000000"
        orphan.mkdir()
        program = (
            "import os; from helpers.grading.sandbox.memory import MemoryGroup; "
            "MemoryGroup(os.getpid(), 1_000_000_000).close()"
        )
        subprocess.run([sys.executable, "-c", program], check=True)
        assert not orphan.exists()
        assert Path(group.process_list).exists()


def test_closing_a_room_ends_everything_in_it():
    with closing(Sandbox(LIMITS)) as sandbox, kernel(sandbox) as started:
        inside = ask(
            started,
            "import json, subprocess\n"
            "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
            "print(json.dumps(child.pid))",
        )
        assert inside > 1
        space = os.stat(f"/proc/{sandbox.pid}/ns/pid").st_ino
    assert [pid for pid in os.listdir("/proc") if pid.isdecimal() and _space(pid) == space] == []


def _space(pid):
    try:
        return os.stat(f"/proc/{pid}/ns/pid").st_ino
    except OSError:
        return None
