"""Notebooks run with other luck each time; limits that luck breaks are named, and no others."""

import json
import re

import nbformat
import numpy as np
import pytest

from helpers.commands.calibrate.limits import instrument
from tests.builders import code_cell, course, files, notebook, run_course, test_cell, write_source

MEAN = "seen = np.random.default_rng(1).normal(0.5, 0.02, size=100).mean()"
THRESHOLDS = """
[luck.mean]
at_least = {limit}
mean = 0.5
spread = 0.002
seeds = 20
"""


def limits(source):
    return found_in(test_cell(source, "t"))


def found_in(cell):
    return instrument(nbformat.reads(json.dumps(notebook([cell])), as_version=4), 1)[1]


def bounds(source):
    return [(limit.at_least, round(limit.limit, 9)) for limit in limits(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert seen > 0.8", [(True, 0.8)]),
        ("assert 0.8 < seen", [(True, 0.8)]),
        ("assert seen <= 0.8", [(False, 0.8)]),
        ("assert 0.25 <= seen <= 0.75", [(False, 0.75), (True, 0.25)]),
        ("assert a > 0.5 and not b < -1.5", [(True, 0.5), (True, -1.5)]),
        ("assert not (a > 0.5 or not b < 1.5)", [(False, 0.5), (False, 1.5)]),
        ("def f():\n    for x in y:\n        assert x < 1.5", [(False, 1.5)]),
        ("checks.at_least('it', seen, 0.85, hint)", [(True, 0.85)]),
        ("checks.number('it', seen, 3, hint, tolerance=0.25)", [(True, 2), (False, 4)]),
        ("checks.number('it', seen, -1, hint, 0.25)", [(True, -1.5), (False, -0.5)]),
        ("checks.number('it', seen, 3, hint)", []),
        ("assert seen > 3", []),
        ("assert seen < 1e-6", []),
        ("assert seen > 0.5 * most", []),
        ("hint = 'high' if seen > 0.5 else ''", []),
    ],
)
def test_limits_are_found(source, expected):
    assert sorted(bounds(source)) == sorted(expected)


def test_only_tests_have_limits():
    assert found_in(code_cell("assert seen > 0.8", "free")) == []


@pytest.fixture
def root(tmp_path):
    def make(test, threshold=0.48):
        cells = [
            code_cell("import numpy as np\nfrom helpers import results", "setup"),
            test_cell(f"{MEAN}\n{test}\nresults.record('mean', seen)", "mean_test"),
        ]
        thresholds = THRESHOLDS.format(limit=threshold)
        return course(tmp_path / "course", {"luck": notebook(cells)}, thresholds=thresholds)

    return make


def rows(output):
    """The verdict of each limit in the table."""
    lines = (re.split("  +", line) for line in output.splitlines())
    return {line[0]: line[-1] for line in lines if len(line) == 7}


@pytest.mark.slow
class TestCommand:
    def test_limits_that_hold_fit_and_those_that_luck_breaks_are_tight(self, root):
        course_root = root("assert seen > 0.42\nassert seen < 0.5005", threshold=0.42)
        run = run_course(course_root, "calibrate", "--seeds", "4")
        assert run.returncode == 1, run.stderr
        verdicts = rows(run.stdout)
        assert verdicts["mean"] == "fits"
        assert verdicts["mean_test: seen ≥ 0.42"] == "fits"
        assert verdicts["mean_test: seen ≤ 0.5005"] == "tight"
        # What is measured is what the notebook draws: four means of a hundred numbers.
        (measured,) = [line for line in run.stdout.splitlines() if line.startswith("mean = ")]
        assert abs(float(measured.split()[-1]) - 0.5) < 5 * 0.02 / np.sqrt(400)
        assert "seeds = 4" in run.stdout

    def test_a_result_without_a_threshold_is_measured_for_one(self, root):
        place = root("pass")
        (place / "source" / "thresholds.toml").unlink()
        run = run_course(place, "calibrate", "--seeds", "2")
        assert run.returncode == 0, run.stderr
        _, measured = run.stdout.split("[luck.mean]\n")
        limits = re.match(r"# at_least = (\S+) or at_most = (\S+): choose one\n", measured)
        assert float(limits[1]) < 0.5 < float(limits[2])
        # It is ready to be taken over once a limit is chosen.
        (place / "source" / "thresholds.toml").write_text(
            "[luck.mean]\n" + measured.replace("# at_least", "at_least").replace(" or ", " # or ")
        )
        assert run_course(place, "check").returncode == 0

    def test_a_test_that_fails_does_not_end_the_run_and_is_named(self, root):
        run = run_course(root("assert seen > 0.9"), "calibrate", "--seeds", "2")
        assert run.returncode == 1
        assert "mean_test failed in 2 of 2 runs." in run.stdout

    def test_a_test_that_fails_counts_whatever_it_compares(self, root):
        run = run_course(root("assert seen == 0", threshold=-1000), "calibrate", "--seeds", "2")
        assert rows(run.stdout)["mean"] == "loose"
        assert run.returncode == 1
        assert "mean_test failed in 2 of 2 runs." in run.stdout

    def test_what_ran_is_not_run_again(self, root):
        place = root("assert seen > 0.25")
        first = run_course(place, "calibrate", "--seeds", "2")
        kept = files(place / "tests" / "output" / "calibration")
        again = run_course(place, "calibrate", "--seeds", "3")
        assert [name for name in ("(0)", "(1)", "(2)") if f"luck {name}" in first.stderr] == [
            "(0)",
            "(1)",
        ]
        assert [name for name in ("(0)", "(1)", "(2)") if f"luck {name}" in again.stderr] == ["(2)"]
        assert kept.items() < files(place / "tests" / "output" / "calibration").items()

    def test_a_notebook_that_breaks_is_named_and_the_others_are_kept(self, root):
        place = root("assert seen > 0.25")
        write_source(place, "broken", notebook([code_cell("1 / 0", "divide")]))
        run = run_course(place, "calibrate", "--seeds", "2")
        assert run.returncode == 1
        assert "broken (1): cell 2 (divide), line 1: 1 / 0: ZeroDivisionError" in run.stderr
        assert len(files(place / "tests" / "output" / "calibration")) == 2

    def test_one_run_says_nothing_about_luck(self, root):
        run = run_course(root("assert seen > 0.25"), "calibrate", "--seeds", "1")
        assert run.returncode == 1
        assert run.stderr.startswith("course: --seeds 1: two runs at least")
