"""How a check fails: with its hint alone, without a traceback through the course's own code."""

__all__ = ["CheckFailed"]


class CheckFailed(AssertionError):
    """Say what was seen in the student's answer, what was expected, and what to look at.

    Jupyter shows the message without a traceback: the hint is all that a student can use.
    """

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows in place of a traceback."""
        return [f"\x1b[31mNot yet:\x1b[0m {self}"]
