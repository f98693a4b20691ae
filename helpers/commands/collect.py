"""`course collect`: take submissions out of a learning platform's downloads."""

import argparse
import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.console import table
from helpers.errors import CourseError
from helpers.grading.system import require_linux

if TYPE_CHECKING:
    from helpers.classroom.collect import Collection
    from helpers.classroom.placing import Row
    from helpers.classroom.policy import Policy

__all__ = ["add_arguments", "run"]

# A line for each file of an archive that is something else would help nobody.
_MOST_PROBLEMS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course collect`."""
    # 1 says that somebody has to look at something.
    parser.set_defaults(failure=2)
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="what the platform gives, zipped or not; and Moodle's grading worksheet (CSV)",
    )
    parser.add_argument(
        "--assignment", metavar="NAME", help="which assignment it is (default: as the cells say)"
    )
    parser.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="FOLDER=FILE",
        help="of the files of this person, take this one; may be given several times",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and change nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write submitted/, roster.csv and downloaded/; return 1 if there is something to look at."""
    require_linux()
    root: Path = arguments.root
    names = folder.assignments(root)
    if arguments.assignment is not None:
        folder.assignments(root, [arguments.assignment])
    print("Reading the downloads …", flush=True)

    from helpers.classroom.archive import open_download
    from helpers.classroom.collect import Collector
    from helpers.classroom.identify import read_marks
    from helpers.classroom.ledger import read_ledger
    from helpers.classroom.policy import read_policy
    from helpers.classroom.roster import read_roster
    from helpers.classroom.worksheet import Worksheet, read_worksheet
    from helpers.grading.course import Submission, open_course

    course = open_course(root)
    roster, policy = read_roster(root), read_policy(root, names)
    sheets = [path for path in arguments.sources if path.suffix.lower() == ".csv"]
    if len(sheets) > 1 or len(sheets) == len(arguments.sources):
        raise CourseError(
            "give a download and at most one grading worksheet; lists of people are for "
            "`course roster`"
        )
    worksheet = read_worksheet(sheets[0]) if sheets else Worksheet()
    collector = Collector(
        read_marks(root, names),
        roster,
        policy,
        lambda assignment: read_ledger(root, assignment),
        worksheet,
        lambda assignment, student: course.folder("submitted", Submission(assignment, student)),
        arguments.assignment,
        _taken(arguments.take),
    )
    with ExitStack() as stack:
        downloads = [
            stack.enter_context(open_download(path))
            for path in arguments.sources
            if path not in sheets
        ]
        found = collector.collect(downloads)
        if not arguments.dry_run:
            _write(root, found)
            if found.roster != roster:
                from helpers.classroom.names import name_students

                name_students(course, found.roster)
    return _show(found, policy, len(found.roster.people) - len(roster.people), arguments.dry_run)


def _taken(choices: list[str]) -> dict[str, str]:
    pairs = {}
    for choice in choices:
        student, sign, file = choice.partition("=")
        if not (student and sign and file):
            raise CourseError(f"--take {choice!r} is not FOLDER=FILE, such as ada=week-1.ipynb")
        pairs[student] = file
    return pairs


def _write(root: Path, found: "Collection") -> None:
    """Write each submission whole, and what was collected last of all."""
    from helpers.classroom.ledger import ledger_content, ledger_path, read_ledger
    from helpers.classroom.roster import FILE

    for row in found.rows:
        if row.files:
            folder.replace_files({path: read() for path, read in row.files.items()})
            if row.hand_in is not None and row.hand_in.when is not None:
                # The archive's own times are those of the download.
                moment = row.hand_in.when.timestamp()
                for path in row.files:
                    os.utime(path, (moment, moment))
    contents = {root / FILE: found.roster.content()}
    for assignment in {row.assignment for row in found.rows}:
        rows = {
            row.folder: row.hand_in
            for row in found.rows
            if row.assignment == assignment and row.folder and row.hand_in is not None
        }
        path = ledger_path(root, assignment)
        contents[path] = ledger_content(read_ledger(root, assignment) | rows)
    folder.replace_files(
        {
            path: content
            for path, content in contents.items()
            if not path.is_file() or path.read_bytes() != content
        }
    )


def _show(found: "Collection", policy: "Policy", new: int, dry_run: bool) -> int:
    """Print the table and what to look at; return the exit code."""
    print(
        table(
            ["assignment", "name", "folder", "submitted", "late", "status"],
            [_cells(row, policy) for row in found.rows],
            "<<<<<<",
        )
    )
    origin = ", ".join(f"{count} from {name}" for name, count in found.platforms.items())
    counts = Counter(row.status for row in found.rows)
    print(f"\nFiles: {origin}. " + ", ".join(f"{n} {status}" for status, n in counts.items()) + ".")
    if new:
        unknown = any(not person.email for person in found.roster.people.values())
        hint = "; `course roster FILE` adds e-mails from the platform's list of participants"
        people = "1 person is" if new == 1 else f"{new} people are"
        print(f"{people} new in roster.csv{hint if unknown else ''}.")
    if dry_run:
        print("Nothing was written.")
    lines = [
        f"{row.name or '(nobody)'}, {row.assignment}: {row.problem}"
        for row in found.rows
        if row.problem
    ]
    shown = list(found.problems[:_MOST_PROBLEMS])
    if len(found.problems) > len(shown):
        shown.append(f"… and {len(found.problems) - len(shown)} more")
    for assignment in sorted({row.assignment for row in found.rows}):
        lines += policy.strangers(assignment, found.roster.people)
    if lines or shown:
        print("\nTo be looked at:", *lines, *shown, sep="\n  ")
    return 1 if lines or shown else 0


def _cells(row: "Row", policy: "Policy") -> list[str]:
    from helpers.classroom.late_notes import duration

    hand_in = row.hand_in
    when = hand_in.when if hand_in else None
    late = ""
    if hand_in is not None:
        seconds = policy.of(row.assignment).seconds_late(row.folder, when)
        late = duration(seconds) if seconds else "late" if hand_in.late else ""
    moment = f"{when.astimezone(policy.zone):%Y-%m-%d %H:%M}" if when else ""
    return [row.assignment, row.name, row.folder, moment, late, row.status]
