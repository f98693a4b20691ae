"""`course feedback`: write feedback for the students."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.commands.console import table
from helpers.errors import CourseError
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course feedback`."""
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all by default")
    parser.add_argument("--student", metavar="ID", help="for this student alone")


def run(arguments: argparse.Namespace) -> int:
    """Write feedback/, print a table, and return 1 if a person is needed for a submission."""
    require_linux()
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)

    from nbgrader.converters import GenerateFeedback

    from helpers.grading.convert import convert
    from helpers.grading.course import open_course
    from helpers.grading.states import PERSON, find_state

    course = open_course(root)
    submissions = course.submissions(names, arguments.student)
    if not submissions:
        raise CourseError("submitted/ has none of these submissions, so there is no feedback")
    with course.gradebook() as gradebook:
        states = {entry: find_state(course, gradebook, entry) for entry in submissions}

    rows, problems = [], []
    for submission, state in states.items():
        written = ""
        if state.status == PERSON:
            problems.append(
                f"submitted/{submission.student}/{submission.assignment}: {state.reason}"
            )
        # Feedback says which tests wait for a person; without points there is none to give.
        if state.points is not None:
            convert(GenerateFeedback, course, submission.assignment, submission.student)
            written = str(course.folder("feedback", submission).relative_to(root))
        rows.append([submission.student, submission.assignment, state.status, written])
    print(table(["student", "assignment", "status", "feedback"], rows, "<<<<"))
    if problems:
        print("\nA person is needed:", *problems, sep="\n  ")
    return 1 if problems else 0
