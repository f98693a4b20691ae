"""Without warm kernels, or when others use the machine, all is graded the same, only later."""

import os
import subprocess
import sys

import pytest

from tests.samples.build import ROOT, exercises, solutions, submission
from tests.samples.grading import grade_samples

ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


@pytest.fixture
def busy():
    """Keep every processor busy."""
    loop = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(loop) for _ in range(os.cpu_count() or 1)]
    yield
    for program in programs:
        program.kill()
        program.wait()


def grade_perfect(folder, assignment, *options):
    """Grade the instructor's solutions; check that nothing is missing."""
    perfect = {"perfect": submission(assignment, solutions(assignment))}
    graded = grade_samples(folder, assignment, perfect, *options)["perfect"]
    tests = exercises(assignment).values()
    assert graded.points == {test: points for part in tests for test, points in part.items()}
    assert graded.errors == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_perfect_submission_gets_all_points_alone_and_cold(tmp_path, assignment):
    grade_perfect(tmp_path, assignment, "--cold")


@pytest.mark.usefixtures("busy")
def test_a_perfect_submission_gets_all_points_on_a_loaded_machine(tmp_path):
    grade_perfect(tmp_path, "convolution")
