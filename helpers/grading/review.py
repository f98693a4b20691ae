"""What the grader can't decide needs review by a person, who is told the reason."""

from helpers.errors import CourseError

__all__ = ["NeedsReview", "failure"]

_LONGEST = 160


class NeedsReview(CourseError):
    """A submission, or a test of it, that a person has to look at: why, and what to do."""


def failure(program: str, error: Exception) -> str:
    """Say in one line that a program failed with an error which it did not foresee."""
    message = (str(error).splitlines() or [""])[0][:_LONGEST]
    return f"{program} fails with {type(error).__name__}: {message}; look at the notebook"
