import os
import resource
import signal
from contextlib import closing

import pytest

from helpers.grading.execution.kernel import Kernel
from helpers.grading.processes import Template, open_stage
from helpers.grading.sandbox import Limits, Sandbox
from tests.grading.inside import LIMITS, ask, kernel

pytestmark = pytest.mark.needs("sandbox")

# One worker for all: the template takes seconds to start.

SPOIL = """
import builtins, json, os, random, signal, sys, threading
import numpy as np
from helpers import checks
np.testing.assert_allclose = checks.array = builtins.abs = lambda *a, **k: None
np.pi = 3
os.environ["SPOILT"] = "yes"
os.chdir("/")
sys.path.insert(0, "/tmp/spoilt")
sys.modules["json"].spoilt = True
random.seed(0), np.random.seed(0)
np.seterr(all="raise"), np.set_printoptions(precision=1)
signal.signal(signal.SIGINT, signal.SIG_IGN)
open("/tmp/spoilt.py", "w").write("spoilt = True")
threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
print(json.dumps(os.getppid()))
"""

BEHAVIOUR = r"""
import json, os, random, resource, signal, sys
import numpy as np
from helpers import checks

np.random.seed(5), random.seed(5)
same = {
    "functions": [np.testing.assert_allclose.__module__, checks.array.__module__, abs(-1), np.pi],
    # The debugger sets some when it is imported.
    "environment": {name: os.environ[name] for name in os.environ if name[:6] != "PYDEVD"},
    "folder": [os.getcwd(), os.listdir(".") == [".ipython"], os.path.exists("/tmp/spoilt.py")],
    "path": sys.path,
    "spoilt": [hasattr(json, "spoilt"), "spoilt" in sys.modules],
    "numbers": [np.random.rand(), random.random(), np.float32(1 / 3).item()],
    "errors": np.geterr(),
    "printed": str(np.float64(1) / 3 * np.ones(2)),
    "recursion": sys.getrecursionlimit(),
    "flags": list(sys.flags),
    "arguments": len(sys.argv),
    "signals": [getattr(signal.getsignal(number), "__qualname__", str(signal.getsignal(number)))
                for number in (2, 13, 15, 17)],
    "ignored": [line for line in open("/proc/self/status") if line.startswith("SigIgn")],
    "limits": [resource.getrlimit(getattr(resource, "RLIMIT_" + name))
               for name in ("NPROC", "DATA", "FSIZE", "CORE", "NOFILE", "STACK")],
    "names": sorted(name for name in globals() if name[0] != "_"),
    "session": os.getsid(0) == os.getpid(),
    "masked": [line for line in open("/proc/self/status") if line.startswith("SigBlk")],
}
print(json.dumps(same))
"""


@pytest.fixture(scope="module")
def template():
    with closing(Template()) as started:
        started.wait()
        assert started.ready
        yield started


@pytest.fixture
def sandbox():
    with closing(Sandbox(LIMITS)) as made:
        yield made


def test_what_one_kernel_changes_no_other_sees(template):
    with closing(Sandbox(LIMITS)) as first, kernel(first, template) as spoilt:
        untouched = ask(spoilt, BEHAVIOUR)
        ask(spoilt, SPOIL)
        assert ask(spoilt, BEHAVIOUR) != untouched
        with closing(Sandbox(LIMITS)) as second, kernel(second, template) as other:
            assert ask(other, BEHAVIOUR) == untouched


@pytest.mark.parametrize("modules", [(), ("matplotlib.pyplot", "sklearn.svm")], ids=["few", "many"])
def test_warm_and_cold_kernels_behave_the_same(template, modules):
    forks = open_stage(template, 60, modules=modules) if modules else template
    with closing(Sandbox(LIMITS)) as first, kernel(first, forks) as warm:
        expected = ask(warm, BEHAVIOUR)
    with closing(Sandbox(LIMITS)) as second, kernel(second) as cold:
        assert ask(cold, BEHAVIOUR) == expected


def test_forked_kernels_have_their_own_random_numbers(template):
    draw = (
        "import json, random\nimport numpy as np\n"
        "print(json.dumps([random.random(), np.random.rand()]))"
    )
    drawn = []
    for _ in range(2):
        with closing(Sandbox(LIMITS)) as sandbox, kernel(sandbox, template) as started:
            drawn += ask(started, draw)
    assert len(set(drawn)) == 4


def test_a_forked_kernel_shares_no_memory_that_can_be_written(template, sandbox):
    look = (
        "import json\n"
        "lines = [line.split() for line in open('/proc/self/maps')]\n"
        "print(json.dumps([line for line in lines if line[1].startswith('rw') and 's' in line[1]]))"
    )
    with kernel(sandbox, template) as started:
        assert ask(started, look) == []


def test_a_kernel_holds_no_file_of_the_grader(template, sandbox):
    look = (
        "import json, os\n"
        "links = []\n"
        "for name in os.listdir('/proc/self/fd'):\n"
        "    try: links.append(os.readlink('/proc/self/fd/' + name))\n"
        "    except OSError: pass\n"
        "print(json.dumps(links))"
    )
    with kernel(sandbox, template) as started:
        links = ask(started, look)
    files = {link for link in links if link.startswith("/")}
    # What other programs print goes to a file of its own in the sandbox.
    others = {link for link in files if not link.startswith(("/proc/", "/tmp/"))}
    assert others <= {"/dev/null"}


def test_what_a_kernel_prints_by_itself_does_not_reach_the_grader(template, sandbox, capfd):
    with kernel(sandbox, template) as started:
        started.run(
            "import os\nfor number in range(100):\n    try: os.write(number, b'by itself')\n"
            "    except OSError: pass",
            3,
        )
    printed = capfd.readouterr()
    assert "by itself" not in printed.out + printed.err


def test_exit_ends_neither_the_kernel_nor_another_cell(template, sandbox):
    for code in ("exit()", "quit"):
        with kernel(sandbox, template) as started:
            assert started.run(code, 60).ending == "done"
            assert ask(started, "import time\ntime.sleep(0.5)\nprint(1)") == 1


def test_an_interrupt_stops_a_cell_and_no_more(template, sandbox):
    with kernel(sandbox, template) as started:
        assert started.run("kept = 1\nwhile True: pass", 0.5).ending == "interrupted"
        assert ask(started, "print(kept)") == 1


def test_the_end_of_a_kernel_is_noticed(template, sandbox):
    with kernel(sandbox, template) as started:
        assert started.run("import os; os._exit(0)", 60).ending == "died"
        assert not started.alive


def test_a_kernel_that_is_stopped_for_good_is_not_alive(template, sandbox):
    with kernel(sandbox, template) as started:
        code = f"import os; os.kill(os.getpid(), {signal.SIGSTOP})"
        assert started.run(code, 0.5).ending == "hung"
        assert not started.alive


def test_a_message_that_is_too_long_is_dropped_and_the_cell_is_interrupted(template, sandbox):
    with kernel(sandbox, template) as started:
        code = "display({'text/plain': 'x' * 30_000_000}, raw=True)\nimport time; time.sleep(60)"
        assert started.run(code, 60).ending == "flooded"
        assert ask(started, "print(1)") == 1


def test_a_cell_that_has_printed_too_much_and_ended_is_told_and_keeps_its_state(template, sandbox):
    with kernel(sandbox, template) as started:
        code = "kept = 1\ndisplay({'text/plain': 'x' * 300_000}, raw=True)"
        answer = started.run(code, 60, 10_000)
        assert (answer.ending, answer.outputs) == ("flooded", [])
        assert ask(started, "print(kept)") == 1


def test_a_kernel_that_ends_at_its_start_is_an_error(template):
    with closing(Sandbox(LIMITS)) as sandbox, pytest.raises(OSError, match="not answer"):
        Kernel(sandbox, Limits(disk=0), template)


def test_messages_in_endless_pieces_do_not_fill_the_graders_memory(template, sandbox):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with kernel(sandbox, template) as started:
        code = "import os\nfor _ in range(2000): os.write(3, bytes(1_000_000))"
        started.run(code, 60)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 500_000, "kB"


def test_students_code_sees_no_child_of_the_graders(template, sandbox):
    with kernel(sandbox, template) as started:
        code = "import os\ntry: os.wait()\nexcept ChildProcessError: print(1)"
        assert ask(started, code) == 1


def test_a_kernel_is_closed_with_all_its_processes(template):
    sandbox = Sandbox(LIMITS)
    with closing(sandbox), kernel(sandbox, template) as started:
        ask(started, SPOIL.replace("print(", "os.fork() or signal.pause()\nprint("))
        space = os.stat(f"/proc/{sandbox.pid}/ns/pid").st_ino
    left = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}/ns/pid").st_ino == space:
                left.append(pid)
        except OSError:
            continue
    assert left == []


def test_a_template_that_has_died_is_an_error(sandbox):
    template = Template()
    template.close()
    with pytest.raises(OSError), kernel(sandbox, template):
        pass
