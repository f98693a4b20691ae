"""`course new`: add a small assignment to the course, to be changed into another one."""

import argparse
import re
import unicodedata
from pathlib import Path

from helpers.commands import build
from helpers.commands.folder import replace_files, source_notebook
from helpers.commands.start import add_assignment
from helpers.commands.templates import assignment_files
from helpers.errors import CourseError

__all__ = ["add_arguments", "run", "slug"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course new`."""
    parser.add_argument(
        "assignment", metavar="ASSIGNMENT", help="its name, in small letters, such as first-steps"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the assignment's notebook, put it on the start page, and build its release."""
    root, name = arguments.root, arguments.assignment
    if not name or name != slug(name):
        raise CourseError(
            f"{name!r} can't be the name of an assignment; make it of letters from a to z, digits "
            f"and hyphens, such as {slug(name) or 'first-steps'}"
        )
    _require_absent(root, name)
    files = {root / path: content for path, content in assignment_files(name).items()}
    replace_files(files | add_assignment(root / "release", name))
    build.run(argparse.Namespace(root=root, assignments=[name], check=False))
    print(
        f"\nChange source/{name}/{name}.ipynb with `course lab --source`, then run `course build` "
        f"and `course check {name}`."
    )
    return 0


def slug(text: str) -> str:
    """Return a name for a folder that is like a text: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")


def _require_absent(root: Path, name: str) -> None:
    for folder in (source_notebook(root, name).parent, root / "release" / name):
        if folder.exists():
            raise CourseError(f"{folder} is there already; take another name, or move it away")
