"""The one error that the course raises when a person has to do something."""

__all__ = ["CourseError"]


class CourseError(Exception):
    """Say what is wrong, with which file or value, and what to do about it.

    The command line prints the message alone, and so does Jupyter: a traceback through the
    course's own code would help nobody.
    """

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows in place of a traceback."""
        return [f"\x1b[1mCourseError:\x1b[0m {self}"]
