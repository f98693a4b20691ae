"""How a check fails: with its hint alone, without a traceback through the course's own code."""

from typing import Literal

from helpers.errors import in_place_of_traceback

__all__ = ["CheckFailed", "Fault"]

Fault = Literal["missing", "type", "shape", "value"]


class CheckFailed(AssertionError):
    """Say what was seen in the student's answer, what was expected, and what to look at.

    Jupyter shows the message without a traceback: the hint is all that a student can use.

    Parameters
    ----------
    message
        The hint.
    fault
        What is wrong: nothing was computed, the type, the shape or a length, or a value. This is
        all that a student is told of the hidden part of a test.
    """

    def __init__(self, message: str, fault: Fault = "value") -> None:
        super().__init__(message)
        self.fault = fault

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows in place of a traceback."""
        return in_place_of_traceback("Not yet", str(self))
