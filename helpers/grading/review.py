"""What the grader can't decide needs review by a person, who is told the reason."""

import errno
import os
from pathlib import Path
from typing import TypeGuard

from helpers.errors import CourseError

__all__ = ["NeedsReview", "failure", "is_of_machine", "name_file"]

_LONGEST = 160
_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE}


class NeedsReview(CourseError):
    """A submission, or a test of it, that a person has to look at: why, and what to do."""


def failure(program: str, error: Exception) -> str:
    """Say in one line that a program failed with an error which it did not foresee."""
    message = (str(error).splitlines() or [""])[0][:_LONGEST]
    return f"{program} fails with {type(error).__name__}: {message}; look at the notebook"


def is_of_machine(error: Exception) -> TypeGuard[OSError]:
    """Tell whether the next submission would fail with an error as well, e.g. of a full disk."""
    return isinstance(error, OSError) and error.errno in _MACHINE


def name_file(error: OSError, path: Path) -> None:
    """Let an error be about a file or folder, if it names none, as that of a full disk does."""
    error.filename = error.filename or os.fspath(path)
