"""`course export`: export the marks."""

import argparse
from collections import Counter
from pathlib import Path

from helpers.commands import folder, platform_marks
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course export`."""
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all by default")
    parser.add_argument("--to", type=Path, metavar="FILE", help="the CSV file, grades.csv if unset")
    platform_marks.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the marks of all students as CSV."""
    require_linux()
    if arguments.format is not None:
        return platform_marks.run(arguments)

    from helpers.grading.course import open_course
    from helpers.grading.nbgrader_steps.exporter import list_marks, write_marks

    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)
    destination = arguments.to or root / "grades.csv"
    course = open_course(root)
    with course.gradebook() as gradebook:
        rows = list_marks(course, gradebook, names)
    with folder.naming(destination):
        write_marks(rows, destination)
    statuses = Counter(row["status"] for row in rows)
    counts = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    print(f"{folder.shown(destination)}: {counts or 'no students yet'}")
    return 0
