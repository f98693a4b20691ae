"""What `course export --format` does: marks in the file of a learning platform."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.errors import CourseError

if TYPE_CHECKING:
    from helpers.classroom.marks import Mark

__all__ = ["FORMATS", "add_arguments", "run"]

FORMATS = ("moodle", "canvas", "blackboard", "brightspace", "csv")
"""What marks can be written as, besides nbgrader's own table."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments about platforms."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="fill in the platform's own file, or write a table with names and exercises (csv)",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FILE",
        help="Moodle's grading worksheet, or the gradebook that another platform exported",
    )
    parser.add_argument(
        "--column", metavar="TITLE", help="the column (default: the one with the assignment's name)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file, say what is in it, and return 1 if somebody has to look at something."""
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)
    with_file = arguments.format != "csv"
    if with_file and (arguments.into is None or len(arguments.assignments) != 1):
        raise CourseError(
            f"--format {arguments.format} fills in one assignment: course export ASSIGNMENT "
            f"--format {arguments.format} --into FILE, with the file that the platform exports"
        )

    from helpers.classroom.exercises import read_exercises
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.marks import list_marks
    from helpers.classroom.names import name_students
    from helpers.classroom.policy import read_policy
    from helpers.classroom.roster import read_roster
    from helpers.classroom.table import write_table
    from helpers.grading.course import open_course

    course, roster = open_course(root), read_roster(root)
    policy = read_policy(root, folder.assignments(root))
    ledgers = {name: read_ledger(root, name) for name in names}
    exercises = {name: read_exercises(root, name) for name in names}
    with course.gradebook() as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
        if not known & set(names):
            raise CourseError(f"nothing is graded; run `course grade {names[0]}` first")
        marks = {
            name: list_marks(
                *(course, gradebook, name, roster, policy.of(name), ledgers[name], exercises[name])
            )
            for name in names
            if name in known
        }
    name_students(course, roster)
    warnings = [
        f"{mark.person.name}, {name}: the platform says late, but not how late; no points are lost"
        for name, found in marks.items()
        for mark in found
        if mark.late and not mark.seconds_late and policy.of(name).penalty
    ]
    for name, found in marks.items():
        warnings += policy.strangers(name, {mark.person.folder for mark in found})
    if not with_file:
        path = arguments.to or root / "returned" / "marks.csv"
        folder.replace_files({path.absolute(): write_table(marks, exercises, policy)})
        return _show(path, _summary(marks), warnings)

    from helpers.classroom.export import fill
    from helpers.classroom.sheet import read_sheet

    [name] = names
    with folder.naming(arguments.into):
        sheet = read_sheet(arguments.into)
    filled = fill(
        *(sheet, arguments.format, name, marks[name], roster, ledgers[name], arguments.column)
    )
    path = arguments.to or root / "returned" / f"{name}-{arguments.format}.csv"
    folder.replace_files({path.absolute(): filled.content})
    blank = [f"{count} left blank ({status})" for status, count in sorted(filled.blank.items())]
    summary = ", ".join([f"{filled.count} marks", *blank])
    return _show(path, summary, [*warnings, *filled.problems])


def _summary(marks: Mapping[str, "Sequence[Mark]"]) -> str:
    return "; ".join(
        f"{name}: {sum(mark.score is not None for mark in found)} of {len(found)} have a mark"
        for name, found in marks.items()
    )


def _show(path: Path, summary: str, problems: Sequence[str]) -> int:
    print(f"{folder.shown(path)}: {summary}")
    if problems:
        print("\nTo be looked at:", *problems, sep="\n  ")
    return 1 if problems else 0
