"""Without warm kernels, or when others use the machine, all is graded the same, only later."""

import os
import subprocess
import sys

import pytest

from tests.samples.build import ROOT, exercises, solutions, submission, without_shows
from tests.samples.grading import course_copy, grade, grade_samples, graded

pytestmark = pytest.mark.needs("sandbox")

ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


def perfect(assignment):
    return {"perfect": without_shows(submission(assignment, solutions(assignment)))}


def assert_perfect(found, assignment):
    tests = exercises(assignment).values()
    assert found.points == {test: points for part in tests for test, points in part.items()}
    assert found.errors == []


@pytest.fixture(scope="module")
def cold_course(tmp_path_factory):
    """Grade the instructor's solutions, each the only one of its assignment, two side by side."""
    course = tmp_path_factory.mktemp("cold")
    for assignment in ASSIGNMENTS:
        course_copy(course, assignment, perfect(assignment))
    grade(course, "--cold")
    return course


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_perfect_submission_gets_all_points_alone_and_cold(cold_course, assignment):
    assert_perfect(graded(cold_course, assignment)["perfect"], assignment)


@pytest.fixture
def busy():
    """Keep every processor busy."""
    loop = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(loop) for _ in range(os.cpu_count() or 1)]
    yield
    for program in programs:
        program.kill()
        program.wait()


@pytest.mark.usefixtures("busy")
def test_a_perfect_submission_gets_all_points_on_a_loaded_machine(tmp_path):
    found = grade_samples(tmp_path, "convolution", perfect("convolution"))
    assert_perfect(found["perfect"], "convolution")
