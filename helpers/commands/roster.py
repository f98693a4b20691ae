"""`course roster`: read the people of the course from lists that a platform exports."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.console import table
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course roster`."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="a list of participants, a gradebook or a worksheet as CSV; shows roster.csv if unset",
    )


def run(arguments: argparse.Namespace) -> int:
    """Bring roster.csv up to date, print it, and return 1 if something is doubtful."""
    require_linux()
    root: Path = arguments.root

    from helpers.classroom.names import name_students
    from helpers.classroom.people import read_people
    from helpers.classroom.roster import FILE, read_roster
    from helpers.grading.course import open_course

    roster = old = read_roster(root)
    problems: list[str] = []
    for path in arguments.files:
        with folder.naming(path):
            people = read_people(path)
        roster, doubts = roster.merged(people)
        problems += [f"{path}: {doubt}" for doubt in doubts]
    if roster != old:
        folder.replace_files({root / FILE: roster.content()})
    name_students(open_course(root), roster)
    rows = [
        [person.folder, person.name, person.email, person.username or person.number]
        for person in roster.people.values()
    ]
    print(table(["folder", "name", "e-mail", "id"], sorted(rows), "<<<<"))
    new = len(roster.people) - len(old.people)
    print(f"\n{FILE}: {len(roster.people)} people, {new} of them new")
    if problems:
        print("\nTo be looked at:", *problems, sep="\n  ")
    return 1 if problems else 0
