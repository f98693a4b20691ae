"""Which cells of the release grading may leave out."""

import json
import re

import nbformat
import pytest

from helpers.grading.judging.plan import Plan
from helpers.grading.judging.shows import find_shows
from tests.builders import code_cell, grading, notebook, solution_cell, test_cell
from tests.samples.build import ROOT

# Cells that explain something, and the assignments that have any.
DIAGRAM = re.compile(r"^(play\.|plots\.(sliding|pooling|margin|volumes)\()", re.MULTILINE)
EXPLAINING = [
    path.stem
    for path in sorted(ROOT.glob("release/*/*.ipynb"))
    if any(DIAGRAM.search(cell.source) for cell in nbformat.read(path, as_version=4).cells)
]
SETUP = "import numpy as np\nfrom helpers import plots\nfrom keras import utils\nrows = [1, 2]"


def shows(show, answer="def f(x):\n    return x", own="", locked=False):
    """The cells that may be left out of a submission, of `setup`, `show` and the student's own."""
    label = grading("show", locked=True) if locked else None
    assignment, submitted = (
        nbformat.reads(
            json.dumps(
                notebook(
                    [
                        code_cell(SETUP, "setup", grading("setup", locked=True)),
                        solution_cell(solution, "f"),
                        code_cell(show, "show", label),
                        code_cell(more, "own"),
                        test_cell("assert f(3) == 3", "f_works"),
                    ]
                )
            ),
            as_version=4,
        )
        for solution, more in (("def f(x):\n    return x", ""), (answer, own))
    )
    return find_shows(submitted, Plan.of(assignment))


@pytest.mark.parametrize(
    "show",
    [
        "print(f(3))",
        "plots.images({'rows': np.array(rows)}, alt='x')",
        "squares = [row**2 for row in rows]\nsquares.append(5)\nprint(squares)",
        "from helpers import play\n\nplay.kernel_grid(np.array(rows))",
        "for row in rows:\n    print(row)",
        "print(np.mean(rows), rows[0])",
        "%matplotlib inline\nprint(f(3))",
        "rng = np.random.default_rng(0)\nprint(rng.integers(9))",
        "def g(x):\n    return 2 * f(x)\nprint(g(3))",
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_what_only_shows_something_may_be_left_out(show, locked):
    assert "show" in shows(show, locked=locked)


@pytest.mark.parametrize("assignment", EXPLAINING)
def test_diagrams_and_what_one_plays_with_may_be_left_out(assignment):
    source, release = (
        nbformat.read(ROOT / step / assignment / f"{assignment}.ipynb", as_version=4)
        for step in ("source", "release")
    )
    cells = {cell.id for cell in release.cells if DIAGRAM.search(cell.source)}
    assert cells <= find_shows(release, Plan.of(source))


# What the cell of the release does, and how a student's own cell needs it.
NEEDED = {
    "name": ("n = 1\nprint(n)", "print(n)"),
    "name in a function": ("n = 1", "def g(x):\n    return x + n"),
    "default": ("n = 1", "def n(x, n=n): pass"),
    "base": ("class N: pass", "class N(N): pass"),
    "in a class": ("n = 1", "class A:\n    n = n"),
    "own list comprehension": ("n = [1]", "n = [m + 1 for m in n]"),
    "own generator": ("n = {}", "n = dict((k, v) for k, v in n.items())"),
    "annotated": ("n = [1]", "n: list = sorted(n)"),
    "walrus": ("n = 1", "print(n := n + 1)"),
    "lambda, set later": ("order = {}", "sorted('ab', key=lambda w: order[w])\norder = 3"),
    "called before it is set": ("n = 1", "def k():\n    return n\nm = k()\nn = 2"),
    "global": ("n = 1", "def g():\n    global n\n    n += 1\ng()"),
    "condition": ("n = 1", "if len(rows) > 9:\n    n = 2\nprint(n)"),
    "exception": ("n = 1", "try:\n    n = 1 / 0\nexcept ZeroDivisionError:\n    pass\nprint(n)"),
    "loop": ("n = 1", "for n in []:\n    pass\nprint(n)"),
    "deleted": ("del rows", "rows = globals"),
    "star": ("from math import *", "print(floor(1.5))"),
    "submodule": ("import xml.dom.minidom", "import xml\nprint(xml.dom.minidom)"),
    "append": ("rows.append(3)", "print(rows)"),
    "item": ("rows[0] = 3", "print(rows)"),
    "attribute": ("f.calls = 3", "print(f.calls)"),
    "function": ("np.add.at(rows, 0, 3)", "print(rows)"),
    "in a comprehension": ("[rows.append(i) for i in range(3)]", "print(rows)"),
    "in a condition": ("len(rows) or rows.append(1)", "print(rows)"),
    "in an assertion": ("assert rows.pop()", "print(rows)"),
    "alias": ("last = rows\nlast.append(3)", "print(rows)"),
    "loop over parts": ("for row in rows:\n    row.append(1)", "print(rows)"),
    "in place": ("for row in rows:\n    row *= 2", "print(rows)"),
    "inner call": ("Draw(rows).point()", "print(rows)"),
    "bound method": ("Thread(target=rows.append, args=(1,)).start()", "print(rows)"),
    "decorator": ("@rows\ndef shout(): pass", "print(rows)"),
    "iterator": ("print(next(rows))", "print(rows)"),
    "await": ("await fill(rows)", "print(rows)"),
    "seed": ("np.random.seed(0)", "import numpy as np\nprint(np.random.rand())"),
    "seed of keras": ("utils.set_random_seed(0)", ""),
    "draw": ("print(np.random.rand())", ""),
    "setting": ("np.settings['a'] = 3", "import numpy as np"),
    "file": ("open('a', 'w').write('3');", ""),
    "picture": ("plt.imsave('a.png', rows)", ""),
    "command": ("configure()", ""),
    "reflection": ("print(1)", "dir()"),
    "output": ("7", "print(_)"),
    "magic": ("print(1)", "%run -i other.py"),
    "help": ("print(1)", "np?"),
    "no python": ("print(1)", "x = ("),
    "deep": ("print(1)", "x = " + " + ".join(["1"] * 5000)),
    "long": ("print(1)", "x = 1\n" * 50_000),
    "magics": ("print(1)", "%x\n" * 2000),
}


@pytest.mark.parametrize("case", NEEDED)
@pytest.mark.parametrize("locked", [False, True])
def test_what_a_student_may_need_is_run(case, locked):
    show, own = NEEDED[case]
    assert "show" not in shows(show, own=own, locked=locked)


def test_a_function_above_may_use_a_name_that_is_set_below():
    assert "show" not in shows("n = 3", answer="def f(x):\n    return x + n - 3")


def test_what_a_needed_cell_needs_is_run_too():
    assert shows("print(rows)") == {"setup", "show", "own"}
    assert shows("n = rows[0]", own="print(n)") == set()
