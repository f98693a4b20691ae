"""When others use the machine, all is graded the same, only later."""

import os
import subprocess
import sys

import pytest

from tests.samples.build import exercises, solutions, submission, without_shows
from tests.samples.grading import grade_samples

pytestmark = pytest.mark.needs("sandbox")


def perfect(assignment):
    return {"perfect": without_shows(submission(assignment, solutions(assignment)))}


def assert_perfect(found, assignment):
    tests = exercises(assignment).values()
    assert found.points == {test: points for part in tests for test, points in part.items()}
    assert found.errors == []


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
