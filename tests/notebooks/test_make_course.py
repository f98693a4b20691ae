"""`make course` in a fresh clone on a bare machine, to its end; and what its samples got.

It runs every instructor notebook against its thresholds, as `course check` does. Packages are taken
over from here: that the lock file gives them is proven by whoever set this environment up.
"""

import shutil
import subprocess

import nbformat
import pytest

from helpers.commands.folder import assignments, source_notebook
from tests.bare import bare_environment, clone, take_environment_over
from tests.samples.build import ROOT, exercises
from tests.samples.grading import graded

pytestmark = pytest.mark.slow

ASSIGNMENTS = assignments(ROOT)
BASIC = ["half-done", "untouched"]
REPORT = "tests/output/check"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The clone, in a place with a blank and an umlaut, behind a link, and what was printed."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "Käthes Kurs").mkdir()
    (folder / "link").symlink_to("Käthes Kurs")
    course = clone(folder / "link" / "course")
    take_environment_over(course)
    if (ROOT / REPORT).is_dir():
        # Notebooks that have passed are not run again, if nothing has changed since; but for one.
        shutil.copytree(ROOT / REPORT, course / REPORT)
        (course / REPORT / "convolution.json").unlink(missing_ok=True)
    command = ["make", "course"]
    environment = bare_environment(folder)
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    if (course / REPORT).is_dir():
        # For people to look at, whatever came of it.
        shutil.copytree(course / REPORT, ROOT / REPORT, dirs_exist_ok=True)
    return course, done


def test_it_comes_to_its_end(made):
    course, done = made
    assert done.returncode == 0, done.stdout + done.stderr
    status = subprocess.check_output(["git", "status", "--porcelain"], cwd=course, text=True)
    assert status == ""


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("sample", BASIC)
def test_solved_exercises_get_all_their_points_and_open_ones_none(made, sample, assignment):
    course, _ = made
    every = exercises(assignment)
    scores = graded(course / "tests/output/samples", assignment)[sample].points
    solved = {"half-done": len(every) // 2, "untouched": 0}[sample]
    for index, (exercise, tests) in enumerate(every.items()):
        expected = tests if index < solved else dict.fromkeys(tests, 0)
        assert {test: scores[test] for test in tests} == expected, exercise


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("sample", BASIC)
def test_nothing_but_a_check_stops_with_an_error(made, sample, assignment):
    course, _ = made
    assert graded(course / "tests/output/samples", assignment)[sample].errors == []


def test_only_tests_that_ask_for_it_depend_on_what_functions_write_on_their_arguments(made):
    _, done = made
    said = ": what functions write on their arguments decides about "
    lines = [line.split(said) for line in done.stdout.splitlines() if said in line]
    assert lines
    for assignment, named in lines:
        cells = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in nbformat.read(source_notebook(ROOT, assignment), as_version=4).cells
            if "nbgrader" in cell.metadata
        }
        assert all("checks.shared(" in cells[test] for test in named.rstrip(".").split(", "))
