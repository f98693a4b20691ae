"""Without warm kernels everything is graded the same, only later."""

import pytest

from tests.samples.build import ROOT, exercises, solutions, submission
from tests.samples.grading import grade_samples

ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_perfect_submission_gets_all_points_alone_and_cold(tmp_path, assignment):
    perfect = {"perfect": submission(assignment, solutions(assignment))}
    graded = grade_samples(tmp_path, assignment, perfect, "--cold")["perfect"]
    tests = exercises(assignment).values()
    assert graded.points == {test: points for part in tests for test, points in part.items()}
    assert graded.errors == []
