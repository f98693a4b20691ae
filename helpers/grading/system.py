"""The one system on which submissions are graded; no other has what the sandbox is made of."""

import sys

from helpers.errors import CourseError

__all__ = ["CannotGrade", "require_linux"]


class CannotGrade(CourseError):
    """Submissions can't be graded on this machine.

    Parameters
    ----------
    found
        What is missing, or fails.
    remedy
        What to do about it.
    """

    def __init__(self, found: str, remedy: str) -> None:
        # Exceptions are copied, from the workers of a cluster for example, by their arguments.
        super().__init__(found, remedy)
        self.found, self.remedy = found, remedy

    def __str__(self) -> str:
        return f"{self.found}; {self.remedy}"


def require_linux() -> None:
    """Refuse to grade on another system than Linux.

    Raises
    ------
    CannotGrade
        With the ways to have Linux there.
    """
    if sys.platform != "linux":
        subsystem = "WSL 2 (`wsl --install`) or " if sys.platform == "win32" else ""
        raise CannotGrade(
            "grading needs Linux",
            f"use {subsystem}the course's container image "
            "(`docker build --tag cnn-course .` in the course's folder)",
        )
