"""Tests that are weak in known ways are found out, and complete ones are not."""

import pytest

from tests.builders import code_cell, course, notebook, run_course, solution_cell, test_cell
from tests.samples.build import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.needs("sandbox")]

SOLUTION = (
    "def line(x, slope=2):\n"
    "    result = None\n"
    "    ### BEGIN SOLUTION\n"
    "    result = slope * x + 1\n"
    "    ### END SOLUTION\n"
    "    return result"
)
COMPLETE = "assert line(3) == 7 and line(2) == 5\nassert line(3, 5) == 16\nassert line(0.5, 4) == 3"


def make(folder, *tests):
    cells = [code_cell("import math", "setup"), solution_cell(SOLUTION, "line")]
    cells += [test_cell(test, f"test_{number}", 2) for number, test in enumerate(tests)]
    settings = (ROOT / "nbgrader_config.py").read_text()
    return course(folder / "course", {"lines": notebook(cells)}, config=settings)


def prove(root, *arguments):
    proved = run_course(root, "prove", "lines", *arguments)
    return proved.returncode, proved.stdout


def test_tests_that_see_every_change_are_proven(tmp_path):
    code, printed = prove(make(tmp_path, COMPLETE))
    assert code == 0, printed
    assert printed.count("100.0 %") == 2
    assert "equivalent]]" not in printed


def test_a_change_that_no_test_sees_is_shown(tmp_path):
    code, printed = prove(make(tmp_path, "assert line(1) == 3"))
    assert code == 1
    # The slope that it is called with is never looked at.
    assert "+    slope = 2" in printed


def test_an_answer_that_passes_all_in_sight_and_loses_much_is_shown(tmp_path):
    hidden = f"### BEGIN HIDDEN TESTS\n{COMPLETE}\n### END HIDDEN TESTS"
    code, printed = prove(make(tmp_path, f"assert line(1) == 3\n{hidden}"))
    assert code == 0, printed
    surprises = printed.partition("These pass all that students see")[2]
    assert "+    slope = 2" in surprises
    assert "+    return None" not in surprises


def test_a_test_that_catches_nothing_that_others_do_not_is_seen(tmp_path):
    code, printed = prove(make(tmp_path, COMPLETE, "assert line(1) == 3"))
    assert code == 0, printed
    rows = {row.split()[0]: row.split()[1:] for row in printed.splitlines() if "test_" in row}
    assert rows["test_1"][2] == "0"
    assert int(rows["test_0"][2]) > 0


def test_a_change_that_a_person_found_right_is_no_survivor(tmp_path):
    root = make(tmp_path, "assert line(3) == 7 and line(2) == 5 and line(0.5) == 2")
    code, printed = prove(root)
    assert code == 1
    listed = printed.partition("in tests/proof/:\n\n")[2].replace('reason = ""', 'reason = "None."')
    (root / "tests" / "proof").mkdir(parents=True)
    (root / "tests" / "proof" / "lines.toml").write_text(listed)
    code, printed = prove(root)
    assert code == 0, printed
    (root / "tests" / "proof" / "lines.toml").write_text("[[equivalent]]\nexercise = 1\n")
    failed = run_course(root, "prove", "lines")
    assert failed.returncode == 1
    assert "equivalent 1 needs exercise, change and reason, each a text" in failed.stderr


def test_an_answer_that_is_not_there_is_named(tmp_path):
    root = make(tmp_path, COMPLETE)
    failed = run_course(root, "prove", "lines", "--exercise", "curve")
    assert failed.returncode == 1
    assert "no answer with tests has the name curve; there are line" in failed.stderr
