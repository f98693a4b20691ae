"""The exercises of an assignment, as its notebooks in source/ have them."""

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from helpers.errors import CourseError
from helpers.points import read_parts

__all__ = ["Exercise", "read_exercises"]


@dataclass(frozen=True)
class Exercise:
    """The graded cells below one heading.

    Parameters
    ----------
    notebook
        The name of its notebook, without `.ipynb`.
    name
        The ``grade_id`` of its first graded cell, which no other exercise has.
    title
        The heading, without the points.
    cells
        The ids of the graded cells.
    """

    notebook: str
    name: str
    title: str
    cells: tuple[str, ...]


def read_exercises(root: Path, assignment: str) -> list[Exercise]:
    """List the exercises of an assignment in order.

    Raises
    ------
    CourseError
        If a notebook can't be read.
    """
    found = []
    for path in sorted((root / "source" / assignment).glob("*.ipynb")):
        try:
            parts = read_parts(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CourseError(f"{path} can't be read ({error}); run `course build`") from error
        for title, group in groupby(parts, key=lambda part: part.exercise):
            cells = tuple(part.identity for part in group)
            found.append(Exercise(path.stem, cells[0], title, cells))
    return found
