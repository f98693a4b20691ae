"""Attacks on what is not the student's: secrets, other people's files, the network."""

import textwrap

from tests.grading.attacks.assignment import ALL, RIGHT
from tests.grading.attacks.attack import Attack

__all__ = ["ATTACKS", "CLEAN", "CONTROLS"]

CLEAN = "found nothing"
"""What attacks print that have found no secret, written nothing and reached nobody."""

# Every secret is the word and 32 hexadecimal digits: the pattern does not find itself.
_SEARCH = """
import gc, glob, os, re, socket, stat, sys

pattern = re.compile(rb"secret" rb"-([0-9a-f]{32})")
system = ("/usr", "/proc", "/sys", "/dev", sys.prefix, sys.base_prefix)
found, looked = set(), 0

def look(place, data):
    global looked
    looked += 1
    found.update((place, digits[::-1]) for digits in pattern.findall(data))

def read(path):
    try:
        if not os.path.exists(path) or stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "rb") as file:
                look(path, file.read(50_000_000))
    except OSError:
        pass

def search_files(*places):
    for place in places:
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not (folder + "/" + name).endswith(system)]
            for name in names:
                read(os.path.join(folder, name))
    for name in ("gradebook.db", "source/light/light.ipynb", "submitted/Ada/light/light.ipynb"):
        read(os.path.join("../../..", name))

def search_processes():
    for process in glob.glob("/proc/[0-9]*"):
        for name in ("environ", "cmdline", "maps", "mountinfo", "stat"):
            read(os.path.join(process, name))
        for link in glob.glob(process + "/fd/*"):
            read(link)
        if process != f"/proc/{os.getpid()}":
            search_memory(process)

def search_memory(process="/proc/self"):
    try:
        with open(process + "/maps") as maps, open(process + "/mem", "rb", 0) as memory:
            for line in maps:
                span, rights, _, _, _, *name = line.split()
                start, end = (int(number, 16) for number in span.split("-"))
                if rights.startswith("rw") and end - start < 500_000_000:
                    memory.seek(start)
                    look("memory", memory.read(end - start))
    except (OSError, ValueError):
        pass

def search_descriptors():
    for number in range(51):
        try:
            link = os.readlink(f"/proc/self/fd/{number}")
            if link.startswith("socket"):
                copied = socket.socket(fileno=os.dup(number))
                look(number, copied.recv(1_000_000, socket.MSG_PEEK | socket.MSG_DONTWAIT))
            elif link.startswith("/"):
                look(number, os.pread(number, 1_000_000, 0))
        except OSError:
            pass

def search_objects():
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple):
            for item in thing.values() if type(thing) is dict else thing:
                if type(item) in (str, bytes):
                    look("object", item.encode("utf-8", "replace") if type(item) is str else item)
    look("environment", str(dict(os.environ)).encode())
    look("arguments", str(sys.argv + sys.orig_argv).encode())
    frame = sys._getframe()
    while frame:
        look("frame", repr(frame.f_locals).encode("utf-8", "replace"))
        frame = frame.f_back

def search(*places):
    search_files("$course", "$cache", "$course/submitted/Ada", *places)
    search_descriptors(), search_objects(), search_memory()
    print(f"looked at {looked}:", sorted(found, key=str) or "found nothing")
"""
_EVERYWHERE = """search_processes()
search("/", "/proc/1/root", "/proc/1/cwd", *glob.glob("/proc/*/root$course"))"""

# Each prints what it could write.
_WRITE = """
import glob, os, sqlite3, sys, sysconfig
import helpers

done = []

def write(path):
    try:
        os.chmod(path, 0o777)
        done.append(f"made {path} writable")
    except OSError:
        pass
    for mode in ("ab", "wb"):
        try:
            with open(path, mode) as file:
                file.write(b"$mark")
            done.append(f"wrote {path}")
        except OSError:
            pass
    for change in (os.unlink, os.rmdir, lambda path: os.rename(path, path + ".old")):
        try:
            change(path)
            done.append(f"removed {path}")
        except OSError:
            pass

course, package = "$course", os.path.dirname(helpers.__file__)
libraries = sysconfig.get_path("purelib")
for path in (
    *(f"{course}/gradebook.db", f"{course}/nbgrader_config.py", f"{course}/new-$mark"),
    *(f"{course}/submitted/{name}/light/light.ipynb" for name in ("Ada", "zoe", "writes-files")),
    *(f"{course}/autograded/Ada/light/light.ipynb", f"{course}/source/light/light.ipynb"),
    *(f"{package}/errors.py", f"{package}/new-$mark.py", f"{package}/checks/values.py"),
    *(f"{libraries}/new-$mark.py", f"{libraries}/numpy/__init__.py"),
    *(f"{libraries}/new-$mark.pth", f"{libraries}/__editable__.pth"),
    *(f"{os.path.dirname(package)}/new-$mark", "/srv/new-$mark", "/root/new-$mark"),
    *("$cache/new-$mark", "$cache/kept", "$cache/features.sqlite3"),
    *(sys.executable, f"{sys.prefix}/new-$mark", "/usr/new-$mark", "/new-$mark", "/etc/passwd"),
    *("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/1/mem", "/dev/mem"),
    *("/proc/1/environ", "/proc/1/oom_score_adj", "/sys/new-$mark", "/var/tmp/new-$mark"),
):
    write(path)
for path in (f"{course}/gradebook.db", "../../../gradebook.db"):
    try:
        connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
        connection.execute("update grade set manual_score = 2, needs_manual_grade = 0")
        connection.commit()
        done.append("graded")
    except sqlite3.Error:
        pass
print(done or "found nothing")
"""

_NETWORK = """
import socket

reached = []
for family, address in (
    (socket.AF_INET, ("127.0.0.1", int("$port"))),
    (socket.AF_INET, ("localhost", int("$port"))),
    (socket.AF_INET, ("10.0.2.2", int("$port"))),
    (socket.AF_UNIX, chr(0) + "$abstract"),
    (socket.AF_UNIX, "$socket"),
    (socket.AF_UNIX, "/run/docker.sock"),
    (socket.AF_UNIX, "/run/dbus/system_bus_socket"),
):
    try:
        with socket.socket(family) as link:
            link.settimeout(1)
            link.connect(address)
            reached.append(address)
    except OSError:
        pass
reached += [name for _, name in socket.if_nameindex() if name != "lo"]
for kind, protocol in ((socket.SOCK_RAW, socket.IPPROTO_ICMP), (socket.SOCK_RAW, 255)):
    try:
        socket.socket(socket.AF_INET, kind, protocol)
        reached.append(protocol)
    except OSError:
        pass
print(reached or "found nothing")
"""


def _called(code: str, call: str) -> dict[str, str]:
    """Do it while a test waits for an answer."""
    return {
        **RIGHT,
        "vowels": f"{code}\ndef count_vowels(text):\n{textwrap.indent(call, '    ')}",
    }


_LOST = {**ALL, "counted": 0.0}

ATTACKS = [
    Attack("searches", f"{_SEARCH}\n{_EVERYWHERE}", "best", RIGHT, points=ALL),
    Attack("searches-when-called", answers=_called(_SEARCH, _EVERYWHERE), points=_LOST),
    Attack("writes-files", _WRITE, "best", RIGHT, points=ALL),
    Attack("calls-home", _NETWORK, "best", RIGHT, points=ALL),
    Attack(
        "calls-home-when-called",
        answers=_called("", _NETWORK.strip()),
        points=_LOST,
    ),
]

CONTROLS = {"searches": f"{_SEARCH}\nsearch()", "calls-home": _NETWORK}
"""The same without a sandbox, to prove that they would find what is there."""
