"""What students read about lateness in their feedback, by the course's policy."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nbgrader.api import Gradebook

from helpers.classroom.ledger import HandIn
from helpers.classroom.marks import Mark, list_marks
from helpers.classroom.policy import Policy
from helpers.classroom.roster import Roster
from helpers.grading.course import Course
from helpers.grading.pages.lateness import Lateness

__all__ = ["duration", "find_late_notes", "late_notes"]

_UNITS = {"day": 86_400, "hour": 3600, "minute": 60}


def find_late_notes(
    course: Course,
    gradebook: Gradebook,
    assignment: str,
    roster: Roster,
    policy: Policy,
    ledger: Mapping[str, HandIn],
) -> tuple[dict[str, Lateness], list[str]]:
    """Write the notes for an assignment, as its marks are now.

    Parameters
    ----------
    course, gradebook
        The course, and its gradebook, open.
    assignment
        Which assignment; it must be in the gradebook.
    roster, policy, ledger
        Who is in the course, what holds in it, and what was collected for the assignment.

    Returns
    -------
    dict of Lateness
        As :func:`late_notes` returns it; empty if the policy says nothing of the assignment.
    list of str
        The extensions that are nobody's, a line each.
    """
    if assignment not in policy.assignments:
        return {}, []
    rule = policy.of(assignment)
    marks = list_marks(course, gradebook, assignment, roster, rule, ledger, [])
    strangers = policy.strangers(assignment, {mark.person.folder for mark in marks})
    return late_notes(marks, policy, assignment), strangers


def late_notes(marks: Iterable[Mark], policy: Policy, assignment: str) -> dict[str, Lateness]:
    """Write a note for everybody who was late.

    Parameters
    ----------
    marks
        Those of an assignment.
    policy, assignment
        What holds for it.

    Returns
    -------
    dict of Lateness
        By the folders of those who have a due date, and whose time is known.
    """
    notes = {}
    rule = policy.of(assignment)
    for mark in marks:
        folder, due = mark.person.folder, rule.due_for(mark.person.folder)
        if due is None or mark.submitted is None:
            continue
        note, share = "", mark.lost / mark.points if mark.points else 0.0
        if mark.seconds_late:
            so_far = " so far" if mark.pending else ""
            cost = f"{mark.lost:.4g} of {mark.points or 0:.4g} points{so_far}"
            by_rule = f" ({rule.rule})" if rule.rule else ""
            note = (
                f"**Handed in {duration(mark.seconds_late)} late:** "
                f"on {_shown(mark.submitted, policy)}, due {_shown(due, policy)} "
                f"({policy.zone}). "
                + (f"This costs {cost}{by_rule}." if mark.lost else "This costs no points.")
            )
        notes[folder] = Lateness(note, share)
    return notes


def duration(seconds: float) -> str:
    """Return a time in words, in the largest unit that fits: `30 minutes`, `1.5 days`."""
    for unit, size in _UNITS.items():
        if seconds >= size:
            count = round(seconds / size, 1)
            return f"{count:g} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def _shown(moment: datetime, policy: Policy) -> str:
    return f"{moment.astimezone(policy.zone):%Y-%m-%d %H:%M}"
