"""Where each submission stands, with its marks."""

import os
import shlex
from collections.abc import Collection
from dataclasses import dataclass

from nbgrader.api import Grade, Gradebook, MissingEntry

from helpers.errors import CourseError
from helpers.grading.course import Course, Submission
from helpers.grading.records import Record, digest_of_submitted, read_record
from helpers.grading.review import NeedsReview
from helpers.grading.submission.loading import load_submission

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
        Why it needs review, with the file and what to do; else empty.
    points
        The points so far, None if all of it needs review.
    pending
        The points that wait for a person in formgrader.
    """

    status: str
    maximum: float
    reason: str = ""
    points: float | None = None
    pending: float = 0.0


def find_state(course: Course, gradebook: Gradebook, submission: Submission) -> State:
    """Find out where a submission stands, from its folders, its record and the gradebook.

    The gradebook alone can't tell: a submission that failed has 0 points in it or those of an
    earlier try. But a submission that failed has no folder in autograded/.

    Raises
    ------
    CourseError
        If the gradebook does not have the assignment.
    """
    try:
        assignment = gradebook.find_assignment(submission.assignment)
    except MissingEntry:
        raise CourseError(
            f"the gradebook has no assignment {submission.assignment}; "
            f"run `course grade {submission.assignment}`"
        ) from None
    maximum = assignment.max_score
    record = read_record(course, submission) or Record()
    if not course.folder("autograded", submission).is_dir():
        if not os.path.lexists(course.folder("submitted", submission)):
            return State(NOT_SUBMITTED, maximum, points=0.0)
        return State(REVIEW, maximum, record.reason or _not_graded(submission))
    try:
        entry = gradebook.find_submission(submission.assignment, submission.student)
    except MissingEntry:
        return State(REVIEW, maximum, _not_graded(submission))
    if _is_newer(course, submission, record, [notebook.name for notebook in assignment.notebooks]):
        reason = f"it was handed in anew since it was graded; {_run(submission)}"
        return State(REVIEW, maximum, reason)
    waiting = [
        (notebook.name, grade)
        for notebook in entry.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    ]
    pending = sum(grade.max_score for _, grade in waiting)
    undecided = [
        _not_judged(grade.name, record.undecided.get(notebook, {}).get(grade.name))
        for notebook, grade in waiting
        if _is_undecided(grade)
    ]
    if undecided:
        reason = f"{'; '.join(undecided)}; give the points in formgrader"
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


def _not_judged(test: str, reason: str | None) -> str:
    # After plain `nbgrader autograde` there is no record: the reason stands in the test's output.
    return f"test `{test}` was not judged{'' if reason is None else f': {reason}'}"


def _is_newer(
    course: Course, submission: Submission, record: Record, notebooks: Collection[str]
) -> bool:
    """Tell whether a submission is not the one that was graded."""
    if not record.submitted:
        return False
    try:
        files = load_submission(course.folder("submitted", submission), notebooks)
    except NeedsReview:
        # Perhaps it was deleted; what can't be read now would be said by the next grading.
        return False
    return digest_of_submitted(files) != record.submitted


def _not_graded(submission: Submission) -> str:
    return f"it has not been graded; {_run(submission)}"


def _run(submission: Submission) -> str:
    student = shlex.quote(submission.student)
    return f"run `course grade {submission.assignment} --student {student}`"
