import os
import re
import subprocess
from pathlib import Path

import pytest

from helpers.commands.check.odds import as_chance
from helpers.commands.check.thresholds import Threshold, load, shortcomings
from helpers.errors import CourseError
from tests.builders import (
    PROGRESS_BAR,
    code_cell,
    course,
    files,
    grading,
    markdown_cell,
    notebook,
    run_course,
    solution_cell,
    test_cell,
    write_source,
)

pytestmark = pytest.mark.slow

THRESHOLDS = """
[squares.accuracy]
at_least = 0.9
mean = 0.95
spread = 0.01
seeds = 5
"""
REPORT = "the report is tests/output/check/index.html"


def recording(value, name="accuracy"):
    return notebook(
        [
            markdown_cell("# Squares", "title"),
            code_cell("from helpers import results", "setup"),
            code_cell(f"results.record({name!r}, {value}); {PROGRESS_BAR}", "record"),
        ]
    )


def page(root, name="index"):
    return (root / "tests" / "output" / "check" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path):
    return course(tmp_path / "course", {"squares": recording(0.94)}, thresholds=THRESHOLDS)


class TestGoodNotebooks:
    def test_the_table_shows_value_threshold_and_margin(self, root):
        result = run_course(root, "check")
        assert result.returncode == 0, result.stderr
        row = result.stdout.splitlines()[-1].split()
        assert row[:6] == ["squares", "accuracy", "0.94", "at", "least", "0.9"]
        assert (row[6], row[-1]) == ("+0.04", "passed")

    def test_the_table_says_how_often_an_honest_run_falls_short(self, root):
        threshold = load(root / "source" / "thresholds.toml", ["squares"])
        chance = as_chance(threshold["squares"]["accuracy"].chance)
        assert f"  {chance}  " in run_course(root, "check").stdout

    def test_no_page_of_the_report_fetches_anything(self, root):
        run_course(root, "check")
        for name in ("index", "squares"):
            assert "Squares" in page(root, name) or "squares" in page(root, name)
            assert re.findall(r'(?:src|from|import)\W{1,3}https?:[^\s"\']*', page(root, name)) == []

    def test_a_line_says_how_far_a_notebook_came_and_nothing_else_is_said(self, root):
        begin, end = "squares: running its 3 cells …", "squares: cell 3 of 3"
        assert run_course(root, "check").stderr.splitlines() == [begin, end]

    def test_the_report_shows_the_results_and_the_executed_notebook(self, root):
        run_course(root, "check")
        assert 'aria-label="0.94; at least 0.9; measured 0.95 with' in page(root)
        assert '<a href="squares.html">squares</a>' in page(root)
        assert "accuracy: 0.94" in page(root, "squares")

    def test_the_report_shows_the_end_of_a_progress_bar_alone(self, root):
        run_course(root, "check")
        assert "all-done" in page(root, "squares")
        assert "half-done" not in page(root, "squares")

    def test_only_the_report_is_written(self, root):
        before = files(root)
        run_course(root, "check")
        assert set(files(root)) - set(before) == {
            f"tests/output/check/{name}" for name in ("index.html", "squares.html", "squares.json")
        }
        assert {name: files(root)[name] for name in before} == before

    def test_a_notebook_has_the_files_beside_it_and_a_home_of_its_own(self, root):
        write_source(
            root,
            "squares",
            notebook(
                [
                    code_cell("from pathlib import Path", "setup"),
                    code_cell("assert Path('table.csv').read_text() == '1,4'", "table"),
                    code_cell(f"assert Path.home() != Path({str(Path.home())!r})", "home"),
                    *recording(0.94)["cells"],
                ]
            ),
        )
        (root / "source" / "squares" / "table.csv").write_text("1,4")
        assert run_course(root, "check").returncode == 0

    def test_a_notebook_has_no_network(self, root):
        if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode != 0:
            pytest.skip("this system permits no network namespace")
        names = "import socket; print([name for _, name in socket.if_nameindex()])"
        write_source(root, "squares", notebook([code_cell(names, "names")]))
        run_course(root, "check")
        assert "['lo']" in page(root, "squares")
        assert "a network namespace of its own" in page(root)

    def test_where_no_namespace_is_permitted_the_report_says_so(self, root, tmp_path):
        # An `unshare` that refuses, as it does in many containers.
        programs = tmp_path / "programs"
        programs.mkdir()
        (programs / "unshare").write_text("#!/bin/sh\nexit 1\n")
        (programs / "unshare").chmod(0o755)
        result = run_course(root, "check", PATH=f"{programs}:{os.environ['PATH']}")
        assert result.returncode == 0
        assert "proxies that lead nowhere" in page(root)


class TestUnchangedNotebooks:
    @pytest.fixture
    def seconds(self, root):
        """Give the verdict of a second run, which notices what it should not run again."""
        assert run_course(root, "check").returncode == 0
        return lambda *arguments: run_course(root, "check", *arguments)

    def test_one_that_passed_is_not_run_again(self, seconds):
        assert seconds().stdout.splitlines()[-1].endswith("unchanged")

    def test_it_runs_again_by_force(self, seconds):
        assert seconds("--force").stdout.splitlines()[-1].endswith("passed")

    def test_it_runs_again_when_it_changed(self, root, seconds):
        write_source(root, "squares", recording(0.93))
        assert "0.93" in seconds().stdout

    def test_it_runs_again_when_the_environment_changed(self, root, seconds):
        (root / "requirements.lock").write_text("numpy==2.4.6\n")
        assert seconds().stdout.splitlines()[-1].endswith("passed")

    def test_it_runs_again_when_its_stamp_is_damaged(self, root, seconds):
        (root / "tests" / "output" / "check" / "squares.json").write_text('{"values":')
        assert seconds().stdout.splitlines()[-1].endswith("passed")

    def test_a_new_threshold_is_compared_with_its_last_results(self, root, seconds):
        thresholds = root / "source" / "thresholds.toml"
        thresholds.write_text(THRESHOLDS.replace("0.9\n", "0.945\n"))
        assert "accuracy = 0.94 falls short" in seconds().stderr

    def test_one_that_failed_runs_again(self, root):
        write_source(root, "squares", recording(0.5))
        assert run_course(root, "check").stdout.splitlines()[-1].endswith("FAILED")
        assert "cell 3 of 3" in run_course(root, "check").stderr


class TestBadNotebooks:
    @pytest.mark.parametrize(
        ("cells", "problem"),
        [
            (
                recording(0.85)["cells"],
                "accuracy = 0.85 falls short of its threshold, at least 0.9",
            ),
            (
                recording(0.94)["cells"] + [code_cell("results.record('loss', 2)", "loss")],
                "loss = 2 is recorded but has no threshold; add one to source/thresholds.toml, "
                "as `course calibrate` measures it",
            ),
            (
                [code_cell("1 + 1", "sum")],
                "accuracy is not recorded, but has a threshold; record it or delete the threshold",
            ),
            (
                [code_cell("total = 1\n\n\ntotal / 0  # oh\n", "divide")],
                "cell 1 (divide), line 4: total / 0  # oh: ZeroDivisionError: division by zero",
            ),
            (
                [code_cell("x = 1", "fine"), code_cell("if x\n    pass", "broken")],
                "cell 2 (broken), line 1: if x: SyntaxError: expected ':'",
            ),
            (
                [code_cell("import os; os._exit(1)", "exit")],
                "cell 1 (exit) killed the kernel (out of memory?)",
            ),
            (
                [
                    code_cell("from IPython.display import display", "setup"),
                    code_cell(
                        "display({'application/vnd.course.metric+json': "
                        "{'name': 'accuracy', 'value': 'NaN'}}, raw=True)",
                        "record",
                    ),
                ],
                "The result 'accuracy' in executed.ipynb is 'NaN' (str), but must be a finite",
            ),
            (
                recording(0.94)["cells"] + [test_cell("sorted([0.5])", "half")],
                "cell 4 (half) is a test that ends in the value [0.5], but only one finite",
            ),
        ],
        ids=["short", "unknown", "unrecorded", "raises", "syntax", "killed", "nan", "points"],
    )
    def test_the_reason_is_named_and_reported(self, root, cells, problem):
        write_source(root, "squares", notebook(cells))
        result = run_course(root, "check")
        assert result.returncode == 1
        message = result.stderr.splitlines()[-1]
        assert message.startswith(f"course: squares: {problem}")
        assert message.endswith(REPORT)
        assert result.stdout.splitlines()[-1].endswith("FAILED")
        assert '<span class="bad">1 of 1 failed</span>' in page(root)
        assert page(root, "squares")

    def test_a_cell_that_takes_too_long_is_named(self, root):
        write_source(root, "squares", notebook([code_cell("while True: pass", "endless")]))
        result = run_course(root, "check", "--timeout", "3")
        assert result.returncode == 1
        assert "course: squares: cell 1 (endless) took longer than 3 s" in result.stderr

    def test_one_bad_notebook_does_not_hide_the_others(self, root):
        write_source(root, "cubes", notebook([code_cell("1 / 0", "divide")]))
        write_source(root, "roots", notebook([code_cell("unknown", "name")]))
        result = run_course(root, "check")
        assert result.returncode == 1
        assert result.stderr.splitlines()[-3:] == [
            f"course: 2 problems; {REPORT}",
            "  cubes: cell 1 (divide), line 1: 1 / 0: ZeroDivisionError: division by zero",
            "  roots: cell 1 (name), line 1: unknown: NameError: name 'unknown' is not defined",
        ]
        verdicts = [line.split()[-1] for line in result.stdout.splitlines()[2:]]
        assert verdicts == ["FAILED", "FAILED", "passed"]

    @pytest.mark.parametrize("content", [b"", b'{"cells": 1}'], ids=["empty", "foreign"])
    def test_a_damaged_one_is_named_before_any_is_run(self, root, content):
        write_source(root, "cubes", content)
        before = files(root)
        result = run_course(root, "check")
        assert result.returncode == 1
        assert result.stderr.startswith("course: source/cubes/cubes.ipynb is ")
        assert len(result.stderr.splitlines()) == 1
        assert files(root) == before


class TestBadPlaces:
    def test_a_file_in_the_place_of_the_report_is_named(self, root):
        (root / "tests").write_text("")
        before = files(root)
        result = run_course(root, "check")
        assert result.returncode == 1
        assert result.stderr == (
            "course: tests/output/check/squares.json: a file stands where a folder belongs; "
            "move it away and run the command again\n"
        )
        assert files(root) == before

    def test_a_full_folder_of_temporary_files_is_named(self, root, tmp_path):
        result = run_course(
            root, "check", prefix=("prlimit", "--fsize=100000"), TMPDIR=str(tmp_path)
        )
        assert result.returncode == 1
        message = result.stderr.splitlines()[-1]
        assert message.startswith(f"course: squares: could not be run: in {tmp_path}/course-check-")
        assert "it would be larger than the system allows; raise the file" in message
        assert "could not be run" in page(root)
        assert [path.name for path in tmp_path.iterdir()] == [root.name]


class TestThresholds:
    @pytest.fixture
    def read(self, tmp_path):
        def read_text(text):
            (tmp_path / "thresholds.toml").write_text(text)
            return load(tmp_path / "thresholds.toml", ["squares", "cubes"])

        return read_text

    def test_each_notebook_has_its_own(self, read):
        assert read(THRESHOLDS) == {
            "squares": {"accuracy": Threshold("at_least", 0.9, mean=0.95, spread=0.01, seeds=5)},
            "cubes": {},
        }

    def test_an_error_is_held_below_its_threshold(self):
        threshold = Threshold("at_most", 0.1, mean=0.05, spread=0.01, seeds=5)
        assert shortcomings({"error": 0.1}, {"error": threshold}) == []
        assert shortcomings({"error": 0.11}, {"error": threshold}) == [
            "error = 0.11 falls short of its threshold, at most 0.1"
        ]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                THRESHOLDS.replace("squares", "circles"),
                "has thresholds for circles, but there is no notebook "
                "source/circles/circles.ipynb; delete them or correct the name",
            ),
            ("[squares.accuracy", "is damaged: "),
            ("[squares]\naccuracy = 0.9", "[squares.accuracy] is 0.9; make it a table"),
            (
                THRESHOLDS.replace("seeds = 5", ""),
                "[squares.accuracy] has at_least, mean, spread; it needs at_least or at_most, "
                "and mean, spread, seeds",
            ),
            (THRESHOLDS + "at_most = 1", "it needs at_least or at_most"),
            (THRESHOLDS.replace("0.9\n", "nan\n"), "at_least is nan; give a finite number"),
            (THRESHOLDS.replace("0.01", "true"), "spread is True; give a finite number"),
            (
                THRESHOLDS.replace("0.9\n", "0.97\n"),
                "is at least 0.97, which the measured mean, 0.95, does not pass",
            ),
        ],
    )
    def test_what_is_wrong_with_the_file_is_named(self, read, text, message):
        with pytest.raises(CourseError) as error:
            read(text)
        assert message in str(error.value)
        assert "thresholds.toml" in str(error.value)

    def test_a_course_whose_notebooks_record_nothing_needs_no_file(self, root):
        (root / "source" / "thresholds.toml").unlink()
        write_source(root, "squares", notebook([code_cell("1 + 1", "sum")]))
        result = run_course(root, "check")
        assert result.returncode == 0, result.stderr

    def test_the_command_refuses_thresholds_of_a_notebook_that_does_not_exist(self, root):
        (root / "source" / "squares").rename(root / "source" / "cubes")
        result = run_course(root, "check")
        assert result.returncode == 1
        assert result.stderr == (
            "course: source/thresholds.toml has thresholds for squares, but there is no notebook "
            "source/squares/squares.ipynb; delete them or correct the name\n"
        )


def graded_course(folder, test):
    """A course with a solution, and a test that the instructor's notebook passes."""
    cells = [
        code_cell("import numpy as np\nfrom helpers import checks", "setup", LOCKED),
        solution_cell("def double(numbers):\n    return 2 * numbers", "double"),
        test_cell(f"numbers = np.array([1.0, 2.0])\n{test}", "doubles"),
    ]
    return course(folder / "course", {"squares": notebook(cells)}, thresholds="")


LOCKED = grading("setup", locked=True)


@pytest.mark.needs("sandbox")
class TestSolutions:
    def test_are_graded_and_one_that_loses_points_there_fails(self, tmp_path):
        # In the judge, the function is behind a handle.
        test = "import types\nassert isinstance(double, types.FunctionType)"
        root = graded_course(tmp_path, test)
        result = run_course(root, "check")
        assert result.returncode == 1
        assert "squares: graded, the solution loses points of `doubles`" in result.stderr

    @pytest.mark.parametrize("shared", [True, False])
    def test_a_test_that_depends_on_what_they_write_on_their_arguments_is_named(
        self, tmp_path, shared
    ):
        given = "checks.shared(numbers)" if shared else "numbers"
        root = graded_course(tmp_path, f"double({given})\nassert numbers.tolist() == [1, 2]")
        result = run_course(root, "check")
        assert result.returncode == 0, result.stderr
        named = "squares: what functions write on their arguments decides about doubles."
        assert (named in result.stdout) == shared

    def test_are_not_graded_again_as_long_as_nothing_changes(self, tmp_path):
        root = graded_course(tmp_path, "assert double(numbers).tolist() == [2, 4]")
        assert "squares: grading its solutions" in run_course(root, "check").stderr
        assert "Grading" not in run_course(root, "check").stderr
