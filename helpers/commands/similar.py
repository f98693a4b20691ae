"""`course similar`: pairs of submissions that are worth a look side by side."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.errors import CourseError
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course similar`."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="for which assignment")
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="the page (default: ASSIGNMENT-similar.html in the folder returned/)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the pairs, and write a page with their answers side by side."""
    require_linux()
    root: Path = arguments.root
    [name] = folder.assignments(root, [arguments.assignment])

    from helpers.classroom.answers import read_answers
    from helpers.classroom.exercises import read_exercises
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.roster import read_roster
    from helpers.classroom.similarity_report import as_html, as_text, compare
    from helpers.grading.course import open_course

    course = open_course(root)
    if not course.submissions([name]):
        raise CourseError(
            f"nothing is submitted for {name}; `course collect` takes it from a download"
        )
    exercises, problems = read_answers(
        course, name, read_exercises(root, name), read_roster(root), read_ledger(root, name)
    )
    pairs = compare(exercises)
    path = arguments.to or root / "returned" / f"{name}-similar.html"
    folder.replace_files({path.absolute(): as_html(name, pairs, problems)})
    people = len({person for exercise in exercises for person in exercise.answers})
    found = "1 pair is" if len(pairs) == 1 else f"{len(pairs) or 'no'} pairs are"
    print(f"{name}: {people} submissions compared, {found} worth a look")
    if pairs:
        print(f"\n{as_text(pairs)}")
    if problems:
        print("\nNot compared:", *problems, sep="\n  ")
    print(f"\n{folder.shown(path)}: the answers side by side; alike is not copied")
    return 0
