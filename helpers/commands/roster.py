"""`course roster`: read the people of the course from lists that a platform exports."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.console import table
from helpers.errors import CourseError
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
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--join",
        nargs=2,
        metavar=("OLD", "FOLDER"),
        help="one person has two folders: give the work and the marks of OLD to FOLDER",
    )
    change.add_argument(
        "--remove",
        metavar="FOLDER",
        help="take somebody out, with all marks; submitted/FOLDER must be gone before",
    )


def run(arguments: argparse.Namespace) -> int:
    """Bring roster.csv up to date, print it, and return 1 if something is doubtful."""
    require_linux()
    root: Path = arguments.root

    from helpers.classroom.names import name_students
    from helpers.classroom.people import read_people
    from helpers.classroom.roster import FILE, read_roster
    from helpers.grading.course import open_course

    if arguments.join or arguments.remove is not None:
        _change(root, arguments.join, arguments.remove)
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


def _change(root: Path, join: list[str] | None, remove: str | None) -> None:
    """Join two people, or take one out, in all that the course has of them."""
    from helpers.classroom import joining
    from helpers.classroom.ledger import FOLDER, ledger_content, ledger_path, read_ledger
    from helpers.classroom.policy import read_policy
    from helpers.classroom.roster import FILE, read_roster
    from helpers.grading.cohort.lock import alone
    from helpers.grading.course import open_course

    course, roster, names = open_course(root), read_roster(root), folder.assignments(root)
    collected = {*names, *(path.stem for path in (root / FOLDER).glob("*.json"))}
    ledgers = {name: read_ledger(root, name) for name in sorted(collected)}
    for student in join or [remove or ""]:
        joining.require_known(course, roster, ledgers, student)
    with alone(course):
        if join:
            old, new = join
            if old == new:
                raise CourseError(f"{old} can't be joined with itself")
            roster = joining.join_people(roster, old, new)
            moved = joining.join_work(course, names, old, new)
            ledgers = {
                name: joining.join_entries(one, old, new, moved=name in moved)
                for name, one in ledgers.items()
            }
        else:
            old = remove or ""
            joining.remove_work(course, old)
            roster = roster.without([old])
            ledgers = {
                name: {student: hand_in for student, hand_in in one.items() if student != old}
                for name, one in ledgers.items()
            }
        contents = {ledger_path(root, name): ledger_content(one) for name, one in ledgers.items()}
        contents = {path: content for path, content in contents.items() if path.exists()}
        folder.replace_files({root / FILE: roster.content(), **contents})
    print(f"{join[1]} has everything of {old} now." if join else f"{old} is out of the course.")
    policy = read_policy(root, names)
    strangers = [line for name in names for line in policy.strangers(name, roster.people)]
    if strangers:
        print("To be looked at:", *strangers, sep="\n  ")
