"""Attacks on the machine: endless loops, memory, processes, output, disk, crashes."""

from tests.grading.attacks.assignment import ALL, RIGHT
from tests.grading.attacks.attack import Attack

__all__ = ["ATTACKS", "IN_A_CELL", "IN_A_FUNCTION"]

# By name: the code, and what is to be said of it. Every loop has an end, should a limit fail.
IN_A_CELL = {
    "loops": ("import time\nend = time.time() + 600\nwhile time.time() < end: pass", "longer than"),
    "ignores-interrupts": (
        "import time\nend = time.time() + 600\n"
        "while time.time() < end:\n"
        "    try:\n"
        "        while time.time() < end: pass\n"
        "    except BaseException: pass",
        "ignored the interrupt",
    ),
    "many-arrays": (
        "try: np.ones(750_000_000)\n"
        "except MemoryError: pass\n"
        "keep = [np.ones(1_000_000) for _ in range(750)]",
        "",
    ),
    # The watchdog stops these, or the system does.
    "memory-of-many": (
        "import os, time\n"
        "for _ in range(30):\n"
        "    if os.fork() == 0:\n"
        "        mine = np.ones(25_000_000)\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "time.sleep(60)",
        "cell own: it ",
    ),
    "shared-memory": (
        "import mmap, time\n"
        "for _ in range(75):\n"
        "    mapped = mmap.mmap(-1, 80_000_000)\n"
        "    mapped.write(b'x' * 80_000_000)\n"
        "    keep = [*globals().get('keep', []), mapped]\n"
        "time.sleep(60)",
        "cell own: it ",
    ),
    # Pages that are only read are all the same page, but each part of the list of them is not.
    "page-tables": (
        "import ctypes, mmap, time\n"
        "library = ctypes.CDLL(None)\n"
        "library.mmap.restype = ctypes.c_void_p\n"
        "size, flags = 1 << 40, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS\n"
        "start = library.mmap(None, ctypes.c_size_t(size), mmap.PROT_READ, flags, -1, 0)\n"
        "for place in range(0, size, 1 << 21): ctypes.c_byte.from_address(start + place).value\n"
        "time.sleep(60)",
        "cell own: it ",
    ),
    "sleepers": (
        "import os, time\n"
        "for _ in range(200):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        time.sleep(600)\n"
        "        os._exit(0)",
        "",
    ),
    "fork-bomb": (
        "import os, time\n"
        "for _ in range(9):\n"
        "    try: os.fork()\n"
        "    except OSError: pass\n"
        "if os.getpid() != me: time.sleep(600); os._exit(0)",
        "",
    ),
    # All of it is collected before it is sent: here memory ends first.
    "prints-200-mb": ("for _ in range(200): print('x' * 1_000_000)", ""),
    "prints-at-once": ("print('x' * 110_000_000)", "printed too much"),
    "million-lines": ("for number in range(1_000_000): print(number)", "printed too much"),
    "many-displays": (
        "from IPython.display import display\nfor number in range(100_000): display(number)",
        "and was stopped",
    ),
    "exits": ("import os\nos._exit(0)", "ended the notebook's Python"),
    "kills-itself": ("import os\nos.kill(os.getpid(), 9)", "ended the notebook's Python"),
    "kills-parent": ("import os\nos.kill(os.getppid(), 9)", "ended the notebook's Python"),
    "kills-others": ("import os\nos.kill(-1, 9)\nos.kill(1, 9)", ""),
    "stops": ("import os, signal\nos.kill(me, signal.SIGSTOP)", "ignored the interrupt"),
    "daemon": (
        "import os, subprocess\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    subprocess.Popen(['sleep', '600', '$mark'], start_new_session=True,\n"
        "                     env={'ATTACK': '$mark'})\n"
        "    os._exit(0)",
        "",
    ),
    "hunts-kernels": (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    end = time.time() + 600\n"
        "    while time.time() < end:\n"
        "        for pid in map(int, filter(str.isdecimal, os.listdir('/proc'))):\n"
        "            if pid not in (1, os.getpid()):\n"
        "                try: os.kill(pid, 9)\n"
        "                except OSError: pass\n"
        "    os._exit(0)\n"
        "time.sleep(60)",
        "ended the notebook's Python",
    ),
    "fills-disks": (
        "import os\n"
        "for place in ('.', '/tmp', '/dev/shm'):\n"
        "    try:\n"
        "        for number in range(2000): open(f'{place}/{number}', 'w').write('x' * 5000)\n"
        "        with open(place + '/big', 'wb') as file:\n"
        "            for _ in range(300): file.write(b'x' * 1_000_000)\n"
        "    except OSError as error: print(place, error)",
        "",
    ),
    "folders-without-end": (
        "import itertools, os\nfor number in itertools.count(): os.mkdir(f'/tmp/{number}')",
        "cell own: it ",
    ),
    "sockets": (
        "import os, socket, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        keep = []\n"
        "        try:\n"
        "            while True:\n"
        "                keep.append(socket.socketpair())\n"
        "                keep[-1][0].setblocking(False)\n"
        "                keep[-1][0].send(b'x' * 200_000)\n"
        "        except OSError: pass\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "time.sleep(60)",
        "cell own: it ",
    ),
    "locks-everything": (
        "import fcntl, pathlib, sys\n"
        "keep = [open(path) for path in list(pathlib.Path(sys.prefix).rglob('*.py'))[:500]]\n"
        "for file in keep: fcntl.flock(file, fcntl.LOCK_EX); fcntl.lockf(file, fcntl.LOCK_SH)",
        "",
    ),
    "hidden-memory": (
        "import ctypes, os, subprocess, sys\n"
        "library = ctypes.CDLL(None)\n"
        "for flags in (0x10000000, 0x30020000):\n"
        "    child = 'import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(%d) + 1)' % flags\n"
        "    assert subprocess.call([sys.executable, '-c', child]) == 0, 'a namespace'\n"
        "assert library.shmget(0, 1000, 0o1600) == -1, 'memory by a number'\n"
        "try: os.memfd_create('x')\n"
        "except PermissionError: print('refused')",
        "",
    ),
    "asks": ("input('Your password?')", ""),
    "recursion": (
        "import sys\nsys.setrecursionlimit(10**9)\nf = lambda *_: sorted([0], key=f)\nf()",
        "",
    ),
    "segfault": ("import ctypes\nctypes.string_at(0)", "ended the notebook's Python"),
    "exception-of-its-own": (
        "class Bad(Exception):\n"
        "    def __str__(self): raise SystemExit\n"
        "    __repr__ = __str__\n"
        "raise Bad",
        "",
    ),
    "closes-everything": ("import os\nos.closerange(0, 1000)", ""),
    "removes-sockets": (
        "import pathlib, shutil\n"
        "for folder in pathlib.Path('/tmp').iterdir(): shutil.rmtree(folder)",
        "",
    ),
}

_LOST = {**ALL, "counted": 0.0}
IN_A_FUNCTION = {
    name: Attack(
        f"{name}-when-called",
        "import os; me = os.getpid()",
        answers={
            **RIGHT,
            "vowels": "def count_vowels(text):\n"
            + "\n".join(f"    {line}" for line in IN_A_CELL[name][0].splitlines()),
        },
        points=_LOST,
        said=IN_A_CELL[name][1],
    )
    for name in (
        *("loops", "stops", "many-arrays", "sleepers", "prints-200-mb", "exits"),
        *("kills-others", "segfault", "asks", "closes-everything"),
    )
}

ATTACKS = [
    *(
        Attack(
            name, f"import os; me = os.getpid()\n{code}", "counted", RIGHT, points=ALL, said=said
        )
        for name, (code, said) in IN_A_CELL.items()
        # It takes long, and is called below.
        if name != "stops"
    ),
    *IN_A_FUNCTION.values(),
]
