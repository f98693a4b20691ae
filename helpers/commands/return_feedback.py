"""`course return`: put the feedback into the archive that a platform takes back."""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.errors import CourseError
from helpers.grading.system import require_linux

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course return`."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="whose feedback")
    parser.add_argument(
        "--format",
        choices=["moodle", "canvas", "folder"],
        required=True,
        help="for which platform; `folder` has a folder for each student",
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="where to (default: in the folder returned/)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the archive, and return 1 if somebody has to look at something."""
    require_linux()
    root: Path = arguments.root
    [name] = folder.assignments(root, [arguments.assignment])

    from helpers.classroom.give_back import archive_of, collect_pages
    from helpers.classroom.late_notes import find_late_notes
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.policy import read_policy
    from helpers.classroom.roster import read_roster
    from helpers.grading.course import open_course

    course = open_course(root)
    roster, ledger = read_roster(root), read_ledger(root, name)
    policy = read_policy(root, folder.assignments(root))
    with course.gradebook() as gradebook:
        late, _ = find_late_notes(course, gradebook, name, roster, policy, ledger)
        found = collect_pages(course, gradebook, name, arguments.format, roster, ledger, late)
    if found.people:
        if arguments.format == "folder":
            path = arguments.to or root / "returned" / name
            folder.replace_files(
                {path.absolute() / place: page for place, page in found.pages.items()}
            )
        else:
            path = arguments.to or root / "returned" / f"{name}-{arguments.format}.zip"
            folder.replace_files({path.absolute(): archive_of(found.pages)})
        print(f"{folder.shown(path)}: feedback for {found.people} people")
    if found.problems:
        print("\nTo be looked at:", *found.problems, sep="\n  ")
    if not found.people:
        raise CourseError(f"there is no feedback for {name} that can go back to {arguments.format}")
    return 1 if found.problems else 0
