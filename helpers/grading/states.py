"""Where each submission stands, with its marks."""

import os
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from helpers.grading.course import Course, Submission
from helpers.grading.intake import find_problem

__all__ = ["GRADED", "MANUAL", "NOT_SUBMITTED", "PERSON", "State", "find_state"]

GRADED = "graded"
MANUAL = "needs manual grading"
NOT_SUBMITTED = "not submitted"
PERSON = "needs a person"


@dataclass(frozen=True)
class State:
    """Where a submission stands.

    Parameters
    ----------
    status
        `GRADED`, `MANUAL`, `NOT_SUBMITTED` or `PERSON`.
    maximum
        The points there are for the assignment.
    reason
        Why a person is needed, with the file and what to do; else empty.
    points
        The points so far, None if a person is needed.
    pending
        The points that wait for manual grading in formgrader.
    """

    status: str
    maximum: float
    reason: str = ""
    points: float | None = None
    pending: float = 0.0


def find_state(course: Course, gradebook: Gradebook, submission: Submission) -> State:
    """Find out where a submission stands from its folders and the gradebook.

    The gradebook alone can't tell: a submission that failed has 0 points in it or those of an
    earlier try. But a submission that failed has no folder in autograded/.
    """
    maximum = gradebook.find_assignment(submission.assignment).max_score
    folder = course.folder("submitted", submission)
    if not course.folder("autograded", submission).is_dir():
        if not os.path.lexists(folder):
            return State(NOT_SUBMITTED, maximum, points=0.0)
        problem = find_problem(folder, course.grade_ids(gradebook, submission.assignment))
        return State(PERSON, maximum, problem or _not_graded(submission))
    try:
        entry = gradebook.find_submission(submission.assignment, submission.student)
    except MissingEntry:
        return State(PERSON, maximum, _not_graded(submission))
    pending = sum(
        grade.max_score
        for notebook in entry.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    )
    status = MANUAL if entry.needs_manual_grade else GRADED
    return State(status, maximum, points=entry.score, pending=pending)


def _not_graded(submission: Submission) -> str:
    command = f"course grade {submission.assignment} --student {submission.student}"
    return f"it could not be graded; `{command}` says why"
