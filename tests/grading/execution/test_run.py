"""Whole notebooks, in real sandboxes."""

import builtins
import json
import keyword
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import nbformat
import psutil
import pytest
from nbconvert.filters import strip_ansi
from nbgrader.utils import determine_grade

import helpers
from helpers.grading.execution import Engine, Options
from helpers.grading.judging.plan import Plan
from helpers.grading.nbgrader_steps.hidden import HideHiddenTests
from helpers.grading.sandbox import Limits
from tests.builders import code_cell, grading, notebook, solution_cell, test_cell

pytestmark = pytest.mark.needs("sandbox")

LIMITS = Limits(cell_seconds=4, grace_seconds=1, output=1_000_000)
# For what starts cold, on a machine that may have other things to do.
PATIENT = replace(LIMITS, cell_seconds=60)


def source(*answers):
    """Make an assignment of three exercises of 1 point each, with these answers."""
    setup = code_cell(
        "import numpy as np\ndata = np.arange(3)", "setup", grading("setup", locked=True)
    )
    cells = [setup]
    for name, answer in zip("fgh", answers, strict=True):
        test = f"assert {name}(data).tolist() == [1, 2, 3], '{name} adds 1'"
        cells += [solution_cell(answer, name), test_cell(test, f"{name}_adds")]
    return nbformat.reads(json.dumps(notebook(cells)), as_version=4)


def right(name):
    return f"def {name}(x):\n    return x + 1"


RIGHT = [right(name) for name in "fgh"]


@pytest.fixture(scope="module")
def plan():
    return Plan.of(source(*RIGHT))


@pytest.fixture(scope="module")
def warm():
    engine = Engine(Options(LIMITS))
    yield engine
    engine.close()


class Outcome(NamedTuple):
    """A notebook that was executed, and what its result says of it."""

    notebook: nbformat.NotebookNode
    incidents: dict[str, str]
    undecided: dict[str, str]
    warm: bool
    sandboxed: bool


def execute(engine, content, plan, **options):
    result = engine.execute("three", content, plan, **options)
    incidents, undecided = result.incidents["three"], result.undecided["three"]
    return Outcome(content, incidents, undecided, result.warm, result.sandboxed)


def points(outcome):
    return [
        determine_grade(cell)[0]
        for cell in outcome.notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]


def errors(outcome):
    return [
        output.evalue
        for cell in outcome.notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("import os\nos._exit(0)", "ended the notebook's Python"),
        ("while True:\n    pass", "ran longer than 4 seconds"),
        (
            "import time\nend = time.time() + 60\nwhile time.time() < end:\n    try:\n"
            "        time.sleep(60)\n    except BaseException:\n        pass",
            "ignored the interrupt",
        ),
        ("while True:\n    print('x' * 1000)", "it printed"),
        ("def g(x):\n    import os\n    os.kill(os.getpid(), 9)", "ended the notebook's Python"),
        ("def g(x):\n    while True:\n        pass", "ran longer than 4 seconds"),
    ],
)
def test_a_crash_costs_one_exercise_and_names_the_cause(warm, plan, answer, cause):
    outcome = execute(warm, source(RIGHT[0], answer, RIGHT[2]), plan)
    assert points(outcome) == [1, 0, 1]
    (incident,) = outcome.incidents.values()
    assert cause in incident
    assert any(cause in error for error in errors(outcome))
    assert not outcome.undecided


def test_the_state_of_the_notebook_survives_a_crash(warm, plan):
    counting = "import os\ncalls = []\ndef f(x):\n    calls.append(1)\n    return x + 1"
    using = "def h(x):\n    assert calls == []\n    return f(x)"
    outcome = execute(warm, source(counting, "os._exit(1)", using), plan)
    assert points(outcome) == [1, 0, 1]


NAMES = [name for name in dir(builtins) if not keyword.iskeyword(name) and name != "__debug__"]
TAKEN = {
    "value": "\n".join(f"{name} = 3" for name in NAMES),
    "function": "\n".join(f"def {name}(*_, **__):\n    return 3" for name in NAMES),
}


@pytest.mark.parametrize("kind", TAKEN)
@pytest.mark.parametrize("place", ["before", "between", "in"])
def test_a_student_may_use_any_name_of_python_for_something_else(warm, kind, place):
    taken = TAKEN[kind]
    first, second, third = RIGHT
    if place == "before":
        first = f"{taken}\n{first}"
    elif place == "between":
        second = f"{second}\n{taken}"
    else:
        names = "global " + ", ".join(NAMES)
        body = "\n".join(f"    {line}" for line in [names, *taken.splitlines()])
        first = f"def f(x):\n{body}\n    return x + 1"
    outcome = execute(warm, source(first, second, third), Plan.of(source(*RIGHT)))
    assert points(outcome) == [1, 1, 1], errors(outcome)
    assert outcome.incidents == {} and not outcome.undecided


def test_warm_and_cold_kernels_give_the_same_notebook(warm, plan):
    answers = [
        "def f(x):\n    print('ha')\n    return x + 1",
        "def g(x):\n    return x",
        "h = 1 / 0",
    ]
    cold = execute(Engine(Options(PATIENT, warm=False)), source(*answers), plan)
    forked = execute(warm, source(*answers), plan)
    assert (cold.warm, forked.warm) == (False, True)
    assert points(cold) == points(forked) == [1, 0, 0]
    assert cold.notebook.cells == forked.notebook.cells


def test_without_a_sandbox_the_grades_are_the_same_and_the_outcome_says_so(plan):
    outcome = execute(Engine(Options(PATIENT, warm=False, sandboxed=False)), source(*RIGHT), plan)
    assert points(outcome) == [1, 1, 1]
    assert not outcome.sandboxed


def test_what_the_time_does_not_suffice_for_is_left_to_a_person(plan):
    engine = Engine(Options(Limits(cell_seconds=60, total_seconds=9, grace_seconds=1), warm=False))
    outcome = execute(engine, source(RIGHT[0], "while True:\n    pass", RIGHT[2]), plan)
    assert points(outcome)[0] == 1
    assert "h_adds" in outcome.undecided
    assert "used up" in outcome.undecided["h_adds"]


def test_a_test_that_is_broken_itself_is_left_to_a_person(warm):
    content = source(*RIGHT)
    content.cells[0].source += "\nraise OSError('no such file')"
    outcome = execute(warm, content, Plan.of(content))
    assert set(outcome.undecided) == {"f_adds", "g_adds", "h_adds"}
    assert "`setup` fails in the judge (OSError: no such file)" in outcome.undecided["f_adds"]


def test_a_test_that_ends_the_judge_is_left_to_a_person_and_the_others_are_judged(warm):
    content = source(*RIGHT)
    content.cells[2].source = "import os\nf(1)\nos._exit(0)"
    outcome = execute(warm, content, Plan.of(content))
    assert "the judge's process ended" in outcome.undecided["f_adds"]
    assert points(outcome)[1:] == [1, 1]


def test_only_the_wanted_tests_are_judged_and_others_keep_their_outputs(warm, plan):
    content = source(*RIGHT)
    content.cells[2].outputs = [nbformat.v4.new_output("error", ename="E", evalue="earlier")]
    outcome = execute(warm, content, plan, only={"g_adds"})
    assert points(outcome) == [0, 1, 1]
    assert errors(outcome) == ["earlier"]


# What a locked cell at the beginning does, and how an answer finds it.
OPENINGS = {
    "variables": ("numbers = [1]", "numbers.append(2)\nassert numbers == [1, 2]"),
    "file": ("open('a.txt', 'w').write('3');", "assert open('a.txt').read() == '3'"),
    "open-file": (
        "import tempfile\nspool = tempfile.TemporaryFile()\nspool.write(b'3')",
        "spool.seek(0)\nassert spool.read() == b'3'",
    ),
    "temporary-file": (
        "import tempfile\nname = tempfile.mkstemp()[1]",
        "assert open(name).read() == ''",
    ),
    "environment": (
        "import os\nos.environ['WORD'] = '3'\ndel os.environ['TF_CPP_MIN_LOG_LEVEL']",
        "assert os.environ['WORD'] == '3' and 'TF_CPP_MIN_LOG_LEVEL' not in os.environ",
    ),
    "folder": ("import os\nos.mkdir('a')\nos.chdir('a')", "assert os.getcwd().endswith('/a')"),
    "root": ("import os\nos.chdir('/')", "assert os.getcwd() == '/'"),
    "home": (
        "from pathlib import Path\nhome = Path.home()",
        "assert home.exists() and home == Path.home()",
    ),
    "thread": (
        "import queue, threading\nasked, answered = queue.Queue(), queue.Queue()\n"
        "def work():\n    while True: answered.put(asked.get())\n"
        "threading.Thread(target=work, daemon=True).start()",
        "asked.put(3)\nassert answered.get(timeout=3) == 3",
    ),
    "child": (
        "import subprocess\ncat = subprocess.Popen('cat', stdin=-1, stdout=-1)",
        "assert cat.communicate(b'3')[0] == b'3'",
    ),
    "seed": ("import random\nrandom.seed(3)", "assert str(random.random())[:6] == '0.2379'"),
    "seed-of-numpy": ("np.random.seed(3)", "assert str(np.random.rand())[:6] == '0.5507'"),
    "shared-memory": (
        "import mmap\nshared = mmap.mmap(-1, 10)",
        "assert shared[0] == 0\nshared[0] = 3",
    ),
    "last-value": ("3", "assert _ == 3"),
    "absolute-path": (
        "open('/tmp/course-test.txt', 'w').write('3');",
        "assert open('/tmp/course-test.txt').read() == '3'",
    ),
    "path-in-a-list": (
        "from pathlib import Path\npaths = [Path.home()]",
        "assert paths == [Path.home()]",
    ),
    "errors-of-numpy": ("np.seterr(all='raise');", "assert np.geterr()['over'] == 'raise'"),
    "decimals": (
        "import decimal\ndecimal.getcontext().prec = 50",
        "assert decimal.getcontext().prec == 50",
    ),
    "forked-child": (
        "import os, time\nchild = os.fork()\nif child == 0: time.sleep(60), os._exit(0)",
        "assert child > 0",
    ),
}


@pytest.mark.parametrize("opening", OPENINGS)
def test_what_the_first_cells_do_is_there_for_each_submission(warm, opening):
    done, found = OPENINGS[opening]
    content = source(f"{found}\n{right('f')}", *RIGHT[1:])
    content.cells[0].source += f"\n{done}"
    plan = Plan.of(content)
    before = set(Path(tempfile.gettempdir()).glob("course-stage-*"))
    for _ in range(2):
        outcome = execute(warm, content, plan)
        assert errors(outcome) == []
        assert points(outcome) == [1, 1, 1]
    assert set(Path(tempfile.gettempdir()).glob("course-stage-*")) <= before


def test_the_first_cells_show_the_same_whether_they_are_run_once_or_for_each_submission(warm):
    content = source(*RIGHT)
    content.cells[0].source += (
        "\nimport sys, matplotlib.pyplot as plt\nprint('a')\nprint('b', file=sys.stderr)\n"
        "plt.plot([1, 2])\nplt.show()\n{'c': data}"
    )
    plan = Plan.of(content)
    shown = []
    for engine in (warm, Engine(Options(PATIENT, warm=False))):
        execute(engine, content, plan)
        shown.append(content.cells[0].outputs)
    assert len(shown[0]) == 4 and shown[0] == shown[1]


def test_what_a_cell_sets_for_its_context_holds_when_its_functions_are_called(warm, plan):
    code = (
        "import decimal\ndecimal.getcontext().prec = 50\n"
        "def f(x):\n    assert decimal.getcontext().prec == 50\n    return x + 1"
    )
    assert points(execute(warm, source(code, *RIGHT[1:]), plan)) == [1, 1, 1]


def test_a_stage_that_was_killed_is_set_up_again(plan):
    # Other tests of this process have children, too: a browser, or another engine.
    others = psutil.Process().children()
    engine = Engine(Options(PATIENT))
    [template] = [child for child in psutil.Process().children() if child not in others]
    try:
        for _ in range(2):
            outcome = execute(engine, source(f"data\n{RIGHT[0]}", *RIGHT[1:]), plan)
            assert points(outcome) == [1, 1, 1] and outcome.warm
            stages = template.children()
            assert stages
            for stage in stages:
                stage.kill()
            assert not psutil.wait_procs(stages, timeout=60)[1]
    finally:
        engine.close()


def test_a_student_who_puts_a_cell_before_the_first_ones_gets_the_same_points(warm, plan):
    content = source(f"assert before == 3\n{right('f')}", *RIGHT[1:])
    own = nbformat.v4.new_code_cell("before = 3")
    content.cells.insert(0, own)
    assert points(execute(warm, content, plan)) == [1, 1, 1]


def test_random_numbers_that_nobody_has_seeded_differ(warm, plan):
    drawn = set()
    for _ in range(2):
        content = source(
            f"import random\nprint(random.random(), np.random.rand())\n{right('f')}", *RIGHT[1:]
        )
        execute(warm, content, plan)
        drawn |= set(content.cells[1].outputs[0].text.split())
    assert len(drawn) == 4


@pytest.mark.parametrize(
    "set_up",
    [
        "",
        "\nimport threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
    ids=["forked", "with-threads"],
)
def test_a_judge_keeps_nothing_of_one_submission_for_the_next(warm, set_up):
    content = source(*RIGHT)
    content.cells[0].source += f"\nimport numpy as np, random\nseen = []{set_up}"
    content.cells[2].source = "seen.append(data)\ndata[0] = 7\nassert len(seen) == 1\nf(data);"
    content.cells[4].source = "raise ValueError(f'{np.random.rand()} {random.random()}')"
    content.cells[6].source = "np.random.seed(0)\nrandom.seed(0)\nassert data[0] == 7"
    plan = Plan.of(content)
    drawn = []
    for _ in range(3):
        outcome = execute(warm, content, plan)
        assert points(outcome) == [1, 0, 1]
        drawn += errors(outcome)
    assert len(set(drawn)) == 3


SHOWN = [nbformat.v4.new_output("stream", text="as the student saw it")]


def with_show(show, code="f(data).sum()", answers=RIGHT, own=""):
    """An assignment, and a submission, with a cell that shows something after the first answer."""
    cells = []
    for some, shows in ((RIGHT, show), (answers, code)):
        content = source(*some)
        free = nbformat.v4.new_code_cell(shows, id="show", outputs=SHOWN)
        content.cells.insert(2, free)
        cells.append(content)
    assignment, submitted = cells
    if own:
        submitted.cells.insert(2, nbformat.v4.new_code_cell(own))
    return Plan.of(assignment), submitted


def shown(submitted):
    (cell,) = (cell for cell in submitted.cells if cell.id == "show")
    return "".join(str(output.get("text", output.get("data"))) for output in cell.outputs)


def test_a_cell_that_only_shows_something_is_not_run_and_keeps_what_the_student_saw(warm):
    plan, submitted = with_show("print('run')", "print('run')")
    for _ in range(2):
        assert points(execute(warm, submitted, plan)) == [1, 1, 1]
        assert shown(submitted).startswith("(As submitted")
        assert shown(submitted).endswith("the student saw it")
        assert shown(submitted).count("As submitted") == 1


@pytest.mark.parametrize(
    ("show", "code", "answers", "own"),
    [
        ("print('run')", "print('run')  # changed", RIGHT, ""),
        (
            "three = 3\nprint('run')",
            None,
            [RIGHT[0], "def g(x): return x + 4 - three", RIGHT[2]],
            "",
        ),
        (
            "rows.append(3)\nprint('run')",
            None,
            [RIGHT[0] + "\nrows = []", "def g(x): return x + 4 - rows[0]", RIGHT[2]],
            "",
        ),
        (
            "np.add.at(rows, 0, 3)\nprint('run')",
            None,
            [RIGHT[0] + "\nrows = np.zeros(1)", "def g(x): return x + 4 - rows[0]", RIGHT[2]],
            "",
        ),
        (
            "box.a = 3\nprint('run')",
            None,
            [RIGHT[0] + "\nclass box: pass", "def g(x): return x + 4 - box.a", RIGHT[2]],
            "",
        ),
        ("three = 3\nprint('run')", None, RIGHT, "seen = list(globals())"),
    ],
    ids=["changed", "defines", "appends", "given", "attribute", "reflection"],
)
def test_a_cell_that_an_answer_may_need_is_run(warm, show, code, answers, own):
    plan, submitted = with_show(show, code or show, answers, own)
    assert points(execute(warm, submitted, plan)) == [1, 1, 1]
    assert shown(submitted) == "run\n"


def test_all_cells_are_run_if_that_is_asked_for():
    plan, submitted = with_show("print('run')", "print('run')")
    execute(Engine(Options(PATIENT, warm=False, all_cells=True)), submitted, plan)
    assert shown(submitted) == "run\n"


@pytest.mark.parametrize(
    ("own", "check", "lower"),
    [
        ("COUNT = 9", "COUNT == 5", True),
        ("COUNT = 9  # ü\nrows = [0] * COUNT", "COUNT == len(rows) == 5", True),
        ("'ü'; COUNT = 9; twice = 2 * COUNT", "twice == 10", True),
        ("COUNT = 5.5", "COUNT == 5", True),
        ("COUNT = 3", "COUNT == 3", False),
        ("COUNT = 3 * 3", "COUNT == 9", False),
        ("COUNT = True", "COUNT is True", False),
        ("COUNT = 'many'", "COUNT == 'many'", False),
        ("COUNT = np.int64(9)", "COUNT == 9", False),
        ("COUNT = 9\nmin = print = int = None\nCOUNT", "_ == 5", True),
    ],
)
def test_grading_lowers_a_parameter_that_is_a_larger_number(warm, own, check, lower):
    assignment, submitted = (
        source(*RIGHT),
        source(f"assert {check}\n{right('f')}", *RIGHT[1:]),
    )
    for content, code in ((assignment, "COUNT = 9"), (submitted, own)):
        cell = nbformat.v4.new_code_cell(code, id="count", metadata={"tags": ["parameters"]})
        content.cells.insert(1, cell)
    outcome = execute(warm, submitted, Plan.of(assignment), parameters={"COUNT": 5})
    assert errors(outcome) == []
    assert points(outcome) == [1, 1, 1]
    said = [output.get("text") for output in submitted.cells[1].outputs][-1:]
    assert (said == ["(For grading, COUNT is 5.)\n"]) == lower


def test_what_a_measurement_finds_costs_no_points(warm):
    content = source(*RIGHT)
    content.cells[2].source = (
        "assert f(data).tolist() == [1, 2, 3]\n"
        "### BEGIN MEASUREMENT\nimport nothing\nunknown\n### END MEASUREMENT\n"
    )
    plan = Plan.of(content)
    assert not plan.unsure
    assert points(execute(warm, content, plan)) == [1, 1, 1]


def test_hints_of_checks_and_prints_of_functions_reach_the_student(warm):
    content = source("def f(x):\n    print('inside')\n    return 5", *RIGHT[1:])
    content.cells[2].source = "from helpers import checks\nchecks.number('f(1)', f(1), 2)"
    outcome = execute(warm, content, Plan.of(content))
    printed, failed = content.cells[2].outputs
    assert printed.text == "inside\n"
    assert (failed.ename, failed.evalue) == ("Not yet", "`f(1)` is 5, expected 2.")
    assert points(outcome) == [0, 1, 1]


HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("test", "answer", "fault"),
    [
        ("checks.number('f(42)', f(42), 43.5)", "return 0", "a value is wrong"),
        ("checks.array('f(42)', f(42), [43.5])", "return [42, 0]", "a shape or a length is wrong"),
        ("checks.number('f(42)', f(42), 43.5)", "return 'a'", "something is of the wrong type"),
        ("checks.number('f(42)', f(42), 43.5)", "pass", "nothing was computed"),
        ("np.testing.assert_allclose(f(42), 43.5)", "return 0", "a value is wrong"),
        ("np.testing.assert_allclose(f(42), [43.5])", "return [42, 0]", "a shape or a length"),
        ("assert f(42) == 43.5", "return 0", "a value is wrong"),
        ("assert f(42) == 43.5, f'{f(42)} is not 43.5'", "return 42", "a value is wrong"),
        ("f(42)[43]", "return [42]", "an answer does not have the expected form (IndexError)"),
        ("f(42)", "raise ValueError(f'called with {x}')", "your code raises ValueError"),
        ("f(42)", "return 2**42_000", "there is no answer that can be used"),
        ("def use():\n    f(42)\nuse()", "raise KeyError(x)", "your code raises KeyError"),
    ],
)
def test_of_a_hidden_test_the_student_reads_what_it_is_about_and_no_number(
    warm, test, answer, fault
):
    content = source(f"def f(x):\n    {answer}", *RIGHT[1:])
    test = f"from helpers import checks\nimport numpy as np\n{HIDDEN.format(test)}"
    content.cells[2].source = f'"""Check that f adds.\n\nIn detail."""\n{test}'
    outcome = execute(warm, content, Plan.of(content))
    assert points(outcome) == [0, 1, 1]
    failed = content.cells[2].outputs[-1]
    said = f"the hidden part of this check fails, {fault}"
    assert failed.ename == "Hidden test"
    assert failed.evalue.startswith(said) and failed.evalue.endswith(". Check that f adds.")
    assert not re.search("42|43", failed.evalue)
    # Instructors see all in formgrader.
    assert re.search("42|43", failed.traceback[0]) or "computed" in fault
    feedback, _ = HideHiddenTests().preprocess(outcome.notebook, {})
    (shown,) = feedback.cells[2].outputs
    assert shown.traceback == failed.traceback[-1:] and failed.evalue in shown.traceback[0]


def test_what_the_hidden_part_of_another_test_says_is_not_shown_either(warm):
    content = source(*RIGHT)
    content.cells[2].source = HIDDEN.format("def same(a):\n    assert a == 42, f'{a}, not 42'")
    content.cells[4].source = '"""Check g."""\nsame(7)'
    outcome = execute(warm, content, Plan.of(content))
    assert errors(outcome) == ["the hidden part of this check fails, a value is wrong. Check g."]


@pytest.mark.parametrize("answer", ["np.zeros(70_000_000)", "[[]] * 600_000"])
def test_an_answer_that_is_too_large_costs_no_more_than_its_points(warm, answer):
    first = f"import numpy as np\ndef f(x):\n    return {answer}"
    outcome = execute(warm, source(first, *RIGHT[1:]), Plan.of(source(*RIGHT)))
    assert points(outcome) == [0, 1, 1]
    assert outcome.incidents == {}


def test_a_last_line_that_ends_in_a_semicolon_has_no_value(warm):
    content = source(*RIGHT)
    content.cells[2].source = "[f(1)];"
    assert points(execute(warm, content, Plan.of(content))) == [1, 1, 1]


def test_an_instructor_may_say_what_a_hidden_part_is_about(warm):
    content = source("f = 3", *RIGHT[1:])
    hidden = HIDDEN.replace("TESTS", "TESTS: other numbers", 1).format("assert f == 4")
    content.cells[2].source = f'"""Check f."""\n{hidden}'
    execute(warm, content, Plan.of(content))
    (failed,) = content.cells[2].outputs
    assert failed.evalue.endswith("a value is wrong. other numbers")


def test_the_visible_part_of_a_test_says_all(warm):
    content = source("def f(x):\n    raise ValueError(f'called with {x}')", *RIGHT[1:])
    content.cells[2].source = f"{HIDDEN.format('abs(42)')}\nf(42)"
    content.cells[4].source = '"""Check that g adds."""\nassert g(1) == 3'
    outcome = execute(warm, content, Plan.of(content))
    # An assertion without a text says what it belongs to.
    assert errors(outcome) == ["called with 42", "Check that g adds."]


@pytest.mark.parametrize(
    "last",
    [
        *("[0]", "[]", "[[0, 0], [0, 0]]", "np.zeros(1)", "np.array([0], object)", "'0'", "{}"),
        *("True", "np.bool_(True)", "float('inf')", "float('nan')", "10**400", "0j", "f"),
    ],
)
def test_a_last_value_that_is_not_one_finite_number_is_left_to_a_person(warm, last):
    content = source(*RIGHT)
    content.cells[2].source = f"import numpy as np\n{last}"
    outcome = execute(warm, content, Plan.of(content))
    assert "only one finite number is taken for points" in outcome.undecided["f_adds"]


def test_no_path_of_the_grader_is_shown(warm):
    deep = "import json, numpy as np\nfrom helpers import svm\n"
    failing = [
        f"{deep}def f(x):\n    return json.loads('?')",
        f"{deep}def g(x):\n    return np.linalg.inv(np.zeros((2, 2)))\ng(1)",
        f"{deep}print(svm.__file__, np.__file__, json.__file__)\nsvm.fit(1, 2)",
    ]
    outcome = execute(warm, source(*failing), Plan.of(source(*RIGHT)))
    texts = [
        text
        for cell in outcome.notebook.cells
        for output in cell.get("outputs", [])
        for text in [output.get("text", ""), *output.get("traceback", [])]
    ]
    shown = strip_ansi("\n".join(texts))
    for file in ("/json/decoder.py", "/linalg/", "/helpers/svm/__init__.py"):
        assert file in shown
    for folder in (sys.prefix, sys.base_prefix, str(Path(helpers.__file__).parents[1])):
        assert folder not in shown


@pytest.mark.parametrize("credit", ["0.25 * f(1)", "np.float32(0.5)", "0.5 * np.int64(1)"])
def test_credit_in_parts_is_the_value_of_the_last_line(warm, credit):
    content = source(*RIGHT)
    content.cells[2].source = f"import numpy as np\n{credit}"
    assert points(execute(warm, content, Plan.of(content))) == [0.5, 1, 1]


@pytest.mark.parametrize(("opening", "expected"), [("import math", 0), ("import numpy", 1)])
def test_kernels_have_imported_in_advance_what_the_assignment_may_need(warm, opening, expected):
    setup = code_cell(opening, "setup", grading("setup", locked=True))
    answer = "import sys\n\ndef h(x):\n    return 'matplotlib.pyplot' in sys.modules"
    cells = [setup, solution_cell(answer, "h"), test_cell(f"assert h(1) == {expected}", "h_knows")]
    content = nbformat.reads(json.dumps(notebook(cells)), as_version=4)
    outcome = execute(warm, content, Plan.of(content))
    assert points(outcome) == [1], errors(outcome)
