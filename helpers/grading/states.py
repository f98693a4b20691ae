"""Where each submission stands, with its marks."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Grade, Gradebook, MissingEntry

from helpers.grading.course import Course, Submission
from helpers.grading.loading import find_problem

__all__ = ["GRADED", "MANUAL", "NOT_SUBMITTED", "REVIEW", "State", "find_state"]

GRADED = "graded"
MANUAL = "needs manual grading"
NOT_SUBMITTED = "not submitted"
REVIEW = "needs review"


@dataclass(frozen=True)
class State:
    """Where a submission stands.

    Parameters
    ----------
    status
        `GRADED`, `MANUAL`, `NOT_SUBMITTED` or `REVIEW`.
    maximum
        The points there are for the assignment.
    reason
        Why a person is needed, with the file and what to do; else empty.
    points
        The points so far, None if a person has to grade all of it.
    pending
        The points that wait for a person in formgrader.
    """

    status: str
    maximum: float
    reason: str = ""
    points: float | None = None
    pending: float = 0.0


def find_state(
    course: Course, gradebook: Gradebook, submission: Submission, problem: str = ""
) -> State:
    """Find out where a submission stands from its folders and the gradebook.

    The gradebook alone can't tell: a submission that failed has 0 points in it or those of an
    earlier try. But a submission that failed has no folder in autograded/.

    Parameters
    ----------
    problem
        Why it could not be graded, if that is known.
    """
    maximum = gradebook.find_assignment(submission.assignment).max_score
    folder = course.folder("submitted", submission)
    if problem:
        return State(REVIEW, maximum, problem)
    if not course.folder("autograded", submission).is_dir():
        if not os.path.lexists(folder):
            return State(NOT_SUBMITTED, maximum, points=0.0)
        found = find_problem(folder, course.grade_ids(gradebook, submission.assignment))
        return State(REVIEW, maximum, found or _not_graded(submission))
    try:
        entry = gradebook.find_submission(submission.assignment, submission.student)
    except MissingEntry:
        return State(REVIEW, maximum, _not_graded(submission))
    waiting = [
        (notebook.name, grade)
        for notebook in entry.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    ]
    pending = sum(grade.max_score for _, grade in waiting)
    undecided = [(name, grade.name) for name, grade in waiting if _is_undecided(grade)]
    if undecided:
        reason = _explain(course.folder("autograded", submission), undecided)
        return State(REVIEW, maximum, reason, points=entry.score, pending=pending)
    status = MANUAL if entry.needs_manual_grade else GRADED
    return State(status, maximum, points=entry.score, pending=pending)


def _is_undecided(grade: Grade) -> bool:
    """Tell a test without points from a written answer, and from what a person has graded."""
    solutions = {cell.name for cell in grade.notebook.notebook.solution_cells}
    return (
        grade.auto_score is None
        and grade.manual_score is None
        and grade.cell.type == "GradeCell"
        and grade.name not in solutions
    )


def _explain(folder: Path, undecided: Collection[tuple[str, str]]) -> str:
    """Say which tests were not judged, and why: that stands in their outputs."""
    reasons = {}
    for name in {name for name, _ in undecided}:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    test = cell.metadata.get("nbgrader", {}).get("grade_id")
                    reasons[name, test] = output.evalue
    tests = (f"test `{key[1]}` was {reasons.get(key, 'not judged')}" for key in undecided)
    return f"{'; '.join(tests)}; give the points in formgrader"


def _not_graded(submission: Submission) -> str:
    command = f"course grade {submission.assignment} --student {submission.student}"
    return f"it could not be graded; `{command}` says why"
