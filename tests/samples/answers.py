"""What a sample submission is made of: answers to exercises, right and wrong ones."""

from dataclasses import dataclass

__all__ = ["Answer"]


@dataclass(frozen=True)
class Answer:
    """Code that a student might write into one solution cell.

    Attributes
    ----------
    exercise
        The ``grade_id`` of the solution cell.
    name
        What is special about the answer, in words.
    right
        Whether it deserves full marks.
    code
        The cell's whole source.
    hint
        For a wrong answer, a piece of the text that the student must see below one of the
        exercise's checks.
    """

    exercise: str
    name: str
    right: bool
    code: str
    hint: str = ""
