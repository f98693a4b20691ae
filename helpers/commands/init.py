"""`course init`: make a new course, with one small assignment."""

import argparse
import os
from pathlib import Path

from helpers.commands import new
from helpers.commands.folder import replace_files, shown
from helpers.commands.templates import course_files
from helpers.errors import CourseError

__all__ = ["add_arguments", "run"]

_ASSIGNMENT = "first-steps"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course init`."""
    parser.set_defaults(needs_course=False)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to make the course")


def run(arguments: argparse.Namespace) -> int:
    """Write the course's files, and add the first assignment as `course new` does."""
    root = Path(os.path.abspath(arguments.folder))
    _require_empty(root)
    files = course_files(root.name, new.slug(root.name) or "course")
    replace_files({root / path: content for path, content in files.items()})
    new.run(argparse.Namespace(root=root, assignment=_ASSIGNMENT))
    print(f"\nThe course is in {shown(root)}; its README.md says what to do there.")
    return 0


def _require_empty(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CourseError(f"{shown(folder)} is a file; name a new folder")
    # A repository that has just been made has nothing else.
    if any(entry.name != ".git" for entry in folder.iterdir()):
        raise CourseError(f"{shown(folder)} is not empty; name a new folder")
