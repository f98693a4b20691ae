"""Marks as they leave the course: after penalties, in the points of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from helpers.classroom.exercises import Exercise
from helpers.classroom.ledger import HandIn
from helpers.classroom.people import Person
from helpers.classroom.policy import AssignmentPolicy
from helpers.classroom.roster import Roster
from helpers.grading.course import Course, Submission
from helpers.grading.states import GRADED, NOT_SUBMITTED, find_state

__all__ = ["NOTHING", "Mark", "list_marks"]

NOTHING = "nothing to grade"
"""The status of somebody who handed in something else than a notebook."""


@dataclass(frozen=True)
class Mark:
    """What one person has for one assignment.

    Parameters
    ----------
    person
        Who.
    status, reason
        As in `helpers.grading.states.State`; or `NOTHING`, and what was handed in instead.
    points
        Those of the grading so far; None if nothing is graded.
    lost
        What lateness costs of them.
    score
        What leaves the course, of `maximum`; None unless all is graded.
    maximum
        The points that there are, as they leave the course.
    pending
        The points that wait for a person.
    submitted
        When it was handed in, if that is known.
    seconds_late
        How late that was.
    late
        Whether the platform says that it was late.
    exercises
        The points of each exercise by its name; None for what is not graded yet.
    """

    person: Person
    status: str
    reason: str
    points: float | None
    lost: float
    score: float | None
    maximum: float
    pending: float
    submitted: datetime | None
    seconds_late: float
    late: bool
    exercises: Mapping[str, float | None] = field(default_factory=dict)


def list_marks(
    course: Course,
    gradebook: Gradebook,
    assignment: str,
    roster: Roster,
    policy: AssignmentPolicy,
    ledger: Mapping[str, HandIn],
    exercises: list[Exercise],
) -> list[Mark]:
    """Return the marks of everybody in the roster, the gradebook or submitted/.

    Parameters
    ----------
    course, gradebook
        The course, and its gradebook, open.
    assignment
        For which assignment; it must be in the gradebook.
    roster, policy, ledger
        Who is in the course, what holds for the assignment, and what was collected for it.
    exercises
        Those of the assignment.
    """
    folders = {
        *roster.people,
        *(student.id for student in gradebook.students),
        *(submission.student for submission in course.submissions([assignment])),
        *ledger,
    }
    marks = []
    for folder in sorted(folders):
        submission = Submission(assignment, folder)
        state = find_state(course, gradebook, submission)
        try:
            entry = gradebook.find_submission(assignment, folder)
        except MissingEntry:
            entry = None
        hand_in = ledger.get(folder)
        submitted = _when(hand_in, entry)
        lost = 0.0
        if state.points is not None and state.status != NOT_SUBMITTED:
            lost = _points_lost(policy, folder, state.points, submitted, entry)
        maximum = policy.points or state.maximum
        scale = maximum / state.maximum if state.maximum else 1.0
        decided = state.status == GRADED and state.points is not None
        handed_in = state.status != NOT_SUBMITTED
        other_thing = hand_in.problem if hand_in and not handed_in else ""
        marks.append(
            Mark(
                roster.people.get(folder) or Person(folder),
                NOTHING if other_thing else state.status,
                other_thing or state.reason,
                state.points if handed_in else None,
                lost,
                # Rounded, so that all points are no more than the maximum.
                round(scale * ((state.points or 0.0) - lost), 6) if decided else None,
                maximum,
                state.pending,
                submitted,
                policy.seconds_late(folder, submitted),
                bool(hand_in and hand_in.late),
                _by_exercise(entry, exercises) if entry and handed_in else {},
            )
        )
    return marks


def _when(hand_in: HandIn | None, entry: SubmittedAssignment | None) -> datetime | None:
    """Return the platform's time or, for what was not collected, the gradebook's."""
    if hand_in is not None and hand_in.when is not None:
        return hand_in.when
    return entry.timestamp.replace(tzinfo=UTC) if entry and entry.timestamp else None


def _points_lost(
    policy: AssignmentPolicy,
    folder: str,
    points: float,
    submitted: datetime | None,
    entry: SubmittedAssignment | None,
) -> float:
    """Go by the policy or, if it has no due date, by what nbgrader's plugin has decided."""
    if policy.due_for(folder) is None:
        return min(points, entry.late_submission_penalty) if entry else 0.0
    return policy.points_lost(folder, points, submitted)


def _by_exercise(entry: SubmittedAssignment, exercises: list[Exercise]) -> dict[str, float | None]:
    grades = {
        (notebook.name, grade.name): None if grade.needs_manual_grade else grade.score
        for notebook in entry.notebooks
        for grade in notebook.grades
    }
    points = {}
    for exercise in exercises:
        scores = [grades.get((exercise.notebook, cell)) for cell in exercise.cells]
        points[exercise.name] = None if None in scores else sum(filter(None, scores))
    return points
