"""The one system on which submissions are graded; no other has what the sandbox is made of."""

import sys

from helpers.errors import CourseError

__all__ = ["require_linux"]


def require_linux() -> None:
    """Refuse to grade on another system than Linux.

    Raises
    ------
    CourseError
        With the ways to have Linux there.
    """
    if sys.platform != "linux":
        subsystem = "WSL 2 (`wsl --install`) or " if sys.platform == "win32" else ""
        raise CourseError(
            f"grading needs Linux; use {subsystem}the course's container image "
            "(`docker build --tag cnn-course .` in the course's folder)"
        )
