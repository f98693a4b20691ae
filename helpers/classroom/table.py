"""All marks in one table for spreadsheets."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields

from helpers.classroom.exercises import Exercise
from helpers.classroom.marks import NOTHING, Mark
from helpers.classroom.people import Person
from helpers.classroom.policy import Policy
from helpers.grading.formulas import disarm
from helpers.grading.states import NOT_SUBMITTED

__all__ = ["write_table"]


def write_table(
    marks: Mapping[str, Sequence[Mark]],
    exercises: Mapping[str, Sequence[Exercise]],
    policy: Policy,
) -> bytes:
    """Write a row for each person, with all assignments side by side.

    Parameters
    ----------
    marks
        By assignment; the same people in each.
    exercises
        By assignment.
    policy
        For the total of several assignments, and for the time zone.

    Returns
    -------
    bytes
        CSV in UTF-8 with a byte order mark, so that spreadsheets read its umlauts.
    """
    header = [field.name for field in fields(Person)]
    for assignment in marks:
        header += [
            f"{assignment}: {title}"
            for title in ("score", "maximum", "status", "pending", "submitted", "days late", "lost")
        ]
        header += [f"{assignment}: {exercise.title}" for exercise in exercises[assignment]]
        header.append(f"{assignment}: reason")
    with_total = len(marks) > 1
    if with_total:
        header.append("total in percent")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(disarm, header))
    people = {mark.person.folder: mark.person for row in marks.values() for mark in row}
    by_folder = {name: {mark.person.folder: mark for mark in row} for name, row in marks.items()}
    for folder, person in sorted(people.items()):
        row = [getattr(person, field.name) for field in fields(Person)]
        own = {name: found[folder] for name, found in by_folder.items() if folder in found}
        for assignment in marks:
            row += _cells(own.get(assignment), exercises[assignment], policy)
        if with_total:
            row.append(_total(own, policy))
        writer.writerow(map(disarm, row))
    return text.getvalue().encode("utf-8-sig")


def _cells(mark: Mark | None, exercises: Sequence[Exercise], policy: Policy) -> list[str]:
    if mark is None:
        return [""] * (8 + len(exercises))
    submitted = mark.submitted.astimezone(policy.zone) if mark.submitted else None
    late = f"{mark.seconds_late / 86_400:.2f}" if mark.seconds_late else "?" if mark.late else ""
    return [
        _number(mark.score),
        _number(mark.maximum),
        mark.status,
        _number(mark.pending or None),
        f"{submitted:%Y-%m-%d %H:%M}" if submitted else "",
        late,
        _number(mark.lost or None),
        *(_number(mark.exercises.get(exercise.name)) for exercise in exercises),
        mark.reason,
    ]


def _total(own: Mapping[str, Mark], policy: Policy) -> str:
    """Return the total, which stays open as long as something is not graded."""
    shares = {}
    for name, mark in own.items():
        if mark.score is None and mark.status not in (NOT_SUBMITTED, NOTHING):
            return ""
        shares[name] = (mark.score or 0.0) / mark.maximum if mark.maximum else 0.0
    total = policy.total(shares)
    return "" if total is None else _number(100 * total)


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 4):g}"
