"""What the grader can't decide goes to a person, with the reason."""

from helpers.errors import CourseError

__all__ = ["NeedsReview"]


class NeedsReview(CourseError):
    """A submission, or a test of it, that a person has to look at: why, and what to do."""
