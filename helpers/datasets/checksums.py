"""Data files are compared with their SHA-256 before they are used."""

import hashlib
from pathlib import Path

from helpers.errors import CourseError

__all__ = ["DATA", "read_verified"]

DATA = Path(__file__).with_name("data")
"""What comes with the course."""


def read_verified(path: Path, sha256: str) -> bytes:
    """Read a file that must be what it was.

    Parameters
    ----------
    path
        The file.
    sha256
        Its checksum, hexadecimal.

    Raises
    ------
    CourseError
        If it is missing, can't be read or was changed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
    else:
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
        problem = f"is damaged or was changed: its {len(content):,} bytes have another SHA-256"
    raise CourseError(f"The data file {path} {problem}. {remedy(path)}")


def remedy(path: Path) -> str:
    """Say how to get a data file back."""
    if DATA in path.parents:
        return (
            "Get it back: in a clone of the course run `git checkout -- helpers/datasets/data`, "
            "otherwise install the course again with `pip install --force-reinstall`."
        )
    return "Copy the folder once more, or draw it again with `course draw` and the same seed."
