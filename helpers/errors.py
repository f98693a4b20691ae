"""The one error that the course raises when a person has to do something."""

__all__ = ["CourseError"]


class CourseError(Exception):
    """Say what is wrong, with which file or value, and what to do about it.

    The command line prints the message alone, without a traceback.
    """
