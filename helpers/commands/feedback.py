"""`course feedback`: write feedback for the students."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.console import progress, table
from helpers.errors import CourseError
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course feedback`."""
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all by default")
    parser.add_argument("--student", metavar="ID", help="for this student alone")


def run(arguments: argparse.Namespace) -> int:
    """Write feedback/, print a table, and return 1 if a submission needs review."""
    require_linux()
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)
    print("Looking for graded submissions …", flush=True)

    from helpers.classroom.late_notes import find_late_notes
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.policy import read_policy
    from helpers.classroom.roster import read_roster
    from helpers.grading.course import Submission, open_course
    from helpers.grading.pages.feedback import write_feedback
    from helpers.grading.pages.lateness import Lateness
    from helpers.grading.states import REVIEW, find_state

    course = open_course(root)
    roster, policy = read_roster(root), read_policy(root, folder.assignments(root))
    submissions = course.submissions(names, arguments.student)
    if not submissions:
        raise CourseError("submitted/ has none of these submissions, so there is no feedback")
    with course.gradebook() as gradebook:
        states = {entry: find_state(course, gradebook, entry) for entry in submissions}
        lateness: dict[Submission, Lateness] = {}
        strangers: list[str] = []
        for name in sorted({entry.assignment for entry in submissions}):
            notes, unknown = find_late_notes(
                course, gradebook, name, roster, policy, read_ledger(root, name)
            )
            lateness |= {Submission(name, student): note for student, note in notes.items()}
            strangers += unknown

    # Feedback says which tests need review; without points there is none to give.
    graded = [entry for entry, state in states.items() if state.points is not None]
    missing = {entry: state.reason for entry, state in states.items() if state.status == REVIEW}
    pages = progress(write_feedback(course, graded, lateness), "feedback", len(graded), "page")
    failed = {entry: problem for entry, problem in pages if problem}
    missing |= failed
    written = set(graded) - failed.keys()
    rows = [
        [
            *(entry.student, entry.assignment, state.status),
            str(course.folder("feedback", entry).relative_to(root)) if entry in written else "",
        ]
        for entry, state in states.items()
    ]
    problems = [
        f"submitted/{entry.student}/{entry.assignment}: {reason}"
        for entry, reason in missing.items()
    ]
    problems += strangers
    print(table(["student", "assignment", "status", "feedback"], rows, "<<<<"))
    if problems:
        print("\nTo be reviewed:", *problems, sep="\n  ")
    return 1 if problems else 0
