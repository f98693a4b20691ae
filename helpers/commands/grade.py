"""`course grade`: autograde the submissions."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.commands.console import table
from helpers.errors import CourseError

if TYPE_CHECKING:
    from helpers.grading.course import Submission
    from helpers.grading.states import State

__all__ = ["add_arguments", "run"]

_HEADER = ["student", "assignment", "points", "to grade by hand", "status", "seconds"]
_STRAY = "no assignment has this name; move it to submitted/STUDENT/ASSIGNMENT/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course grade`."""
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all by default")
    parser.add_argument("--student", metavar="ID", help="grade this student alone")


def run(arguments: argparse.Namespace) -> int:
    """Grade, print a table, and return 1 if a person is needed for a submission."""
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)

    from helpers.grading.autograde import autograde, register
    from helpers.grading.course import open_course
    from helpers.grading.states import PERSON, State, find_state

    course = open_course(root)
    submissions = course.submissions(names, arguments.student)
    strays = course.strays(folder.assignments(root), arguments.student)
    if not submissions and not strays:
        whose = f"of student {arguments.student} " if arguments.student else ""
        raise CourseError(
            f"submitted/ has no submission {whose}for {', '.join(names)}; "
            "put each as submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb"
        )
    graded = sorted({submission.assignment for submission in submissions})
    for name in graded:
        register(course, name)
    with course.gradebook() as gradebook:
        grade_ids = {name: course.grade_ids(gradebook, name) for name in graded}

    rows, problems = [], [f"{path.relative_to(root)}: {_STRAY}" for path in strays]
    for number, submission in enumerate(submissions, 1):
        place = f"submitted/{submission.student}/{submission.assignment}"
        print(f"{number}/{len(submissions)} {place}", file=sys.stderr, flush=True)
        start = time.monotonic()
        problem = autograde(course, submission, grade_ids[submission.assignment])
        seconds = time.monotonic() - start
        with course.gradebook() as gradebook:
            state = find_state(course, gradebook, submission)
        if problem is not None:
            state = State(PERSON, state.maximum, problem)
            problems.append(f"{place}: {problem}")
        rows.append(_row(submission, state, seconds))

    print(table(_HEADER, rows, "<<>><>"))
    if problems:
        print("\nA person is needed:", *problems, sep="\n  ")
    return 1 if problems else 0


def _row(submission: "Submission", state: "State", seconds: float) -> list[str]:
    points = "-" if state.points is None else f"{state.points:g}"
    return [
        submission.student,
        submission.assignment,
        f"{points} / {state.maximum:g}",
        f"{state.pending:g}" if state.pending else "",
        state.status,
        f"{seconds:.1f}",
    ]
