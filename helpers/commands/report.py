"""`course report`: how a class did, and which tests look broken."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.errors import CourseError
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course report`."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="about which assignment")
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="the page (default: ASSIGNMENT-report.html in the folder returned/)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the report, write it as a page, and return 1 if there is something to look at."""
    require_linux()
    root: Path = arguments.root
    [name] = folder.assignments(root, [arguments.assignment])

    from helpers.classroom.exercises import read_exercises
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.marks import list_marks
    from helpers.classroom.policy import read_policy
    from helpers.classroom.report import as_html, as_text, make_report
    from helpers.classroom.roster import read_roster
    from helpers.grading.course import open_course

    course, roster = open_course(root), read_roster(root)
    policy = read_policy(root, folder.assignments(root))
    exercises, ledger = read_exercises(root, name), read_ledger(root, name)
    with course.gradebook() as gradebook:
        if name not in {assignment.name for assignment in gradebook.assignments}:
            raise CourseError(f"nothing is graded; run `course grade {name}` first")
        marks = list_marks(course, gradebook, name, roster, policy.of(name), ledger, exercises)
        report = make_report(course, gradebook, name, marks, exercises)
    path = arguments.to or root / "returned" / f"{name}-report.html"
    folder.replace_files({path.absolute(): as_html(report)})
    print(as_text(report))
    print(f"\n{folder.shown(path)}: the same with what failures said")
    strangers = policy.strangers(name, {mark.person.folder for mark in marks})
    if strangers:
        print("\nTo be looked at:", *strangers, sep="\n  ")
    return 1 if strangers else 0
