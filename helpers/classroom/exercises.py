"""The exercises of an assignment, as its notebooks in source/ have them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import CourseError

__all__ = ["Exercise", "read_exercises"]

_HEADING = re.compile(r"^#+\s*(?P<title>.+?)\s*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\([^()]*points?[^()]*\)")


@dataclass(frozen=True)
class Exercise:
    """A solution cell and the graded cells that follow it, or a written answer.

    Parameters
    ----------
    notebook
        The name of its notebook, without `.ipynb`.
    name
        The ``grade_id`` of its first cell.
    title
        The heading above it, without the points.
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
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found += list(_exercises(path.stem, cells))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CourseError(f"{path} can't be read ({error}); run `course build`") from error
    return found


def _exercises(notebook: str, cells: list[dict[str, Any]]) -> Iterator[Exercise]:
    heading, name, title, graded = "", "", "", list[str]()
    for cell in cells:
        mark = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "markdown" and not mark:
            match = _HEADING.search("".join(cell["source"]))
            heading = _POINTS.sub("", match["title"]) if match else heading
        if mark.get("solution") or mark.get("task"):
            if graded:
                yield Exercise(notebook, name, title, tuple(graded))
            name, title, graded = mark["grade_id"], heading or mark["grade_id"], []
        if mark.get("grade") or mark.get("task"):
            name, title = name or mark["grade_id"], title or heading or mark["grade_id"]
            graded.append(mark["grade_id"])
    if graded:
        yield Exercise(notebook, name, title, tuple(graded))
