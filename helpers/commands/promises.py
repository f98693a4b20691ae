"""The points that a notebook's text promises have to be those that its cells give."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpers.commands.lint import grading, place, read_notebook

__all__ = ["wrong_points"]

_TOTAL = re.compile(
    r"\*\*Points:\*\* (\d+(?:\.\d+)?)(?:, of which a person grades (\d+(?:\.\d+)?))?"
)
# "## Exercise 3: max pooling (3 points, graded by a person)"
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_POINTS = r"\((\d+(?:\.\d+)?) points?\b"
_CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CHECK = re.compile(r"^\*\*(Check [^*]*)\*\* " + _POINTS + r"\)?", re.MULTILINE)


def wrong_points(path: Path) -> list[str]:
    """List where the text of a source notebook promises other points than its cells give.

    Parameters
    ----------
    path
        A sound notebook. Text that promises nothing is never wrong.

    Returns
    -------
    list of str
        A line each, with the cell.
    """
    cells = read_notebook(path)["cells"]
    found = [*_totals(cells), *_headings(cells), *_checks(cells)]
    return [f"{path}: {problem}" for problem in found]


def _totals(cells: list[dict[str, Any]]) -> Iterator[str]:
    graded = [cell for cell in cells if _points(cell)]
    by_person = sum(_points(cell) for cell in graded if not _is_test(cell))
    total = sum(_points(cell) for cell in graded)
    for position, cell in enumerate(cells, 1):
        promised = _TOTAL.search(_text(cell))
        if promised and float(promised[1]) != total:
            yield _problem(
                position, cell, f"**Points:** {promised[1]}", "the notebook gives", total
            )
        if promised and float(promised[2] or 0) != by_person:
            said = f"a person grades {promised[2]}" if promised[2] else promised[0]
            yield _problem(position, cell, said, "a person grades", by_person)


def _headings(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Compare each heading's points with those of the cells down to the next of its level."""
    headings = [
        (position, len(match[1]), match[2])
        for position, cell in enumerate(cells, 1)
        # Headings in an answer are not those of the notebook.
        if not grading(cell).get("solution")
        for match in _HEADING.finditer(_text(cell))
    ]
    for number, (position, level, title) in enumerate(headings):
        promised = re.search(_POINTS, title)
        if promised:
            later = headings[number + 1 :]
            end = next((there for there, other, _ in later if other <= level), len(cells) + 1)
            given = sum(_points(cell) for cell in cells[position - 1 : end - 1])
            if float(promised[1]) != given:
                yield _problem(position, cells[position - 1], title, "the cells below give", given)


def _checks(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Compare the line above each test, if there is one, with the test."""
    for position, (above, cell) in enumerate(pairwise(cells), 1):
        *_, promised = None, *_CHECK.finditer(_text(above))
        if promised and _points(cell) and float(promised[2]) != _points(cell):
            said = promised[0].replace("**", "")
            yield _problem(position, above, said, "the cell below gives", _points(cell))


def _problem(position: int, cell: dict[str, Any], said: str, what_gives: str, given: float) -> str:
    return f'{place(position, cell)} says "{said}", but {what_gives} {given:g}; correct one of them'


def _text(cell: dict[str, Any]) -> str:
    """Return a cell's Markdown, without blocks of code, in which `#` begins no heading."""
    text = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
    return _CODE.sub("", text)


def _points(cell: dict[str, Any]) -> float:
    mark = grading(cell)
    return float(mark.get("points") or 0) if mark.get("grade") or mark.get("task") else 0.0


def _is_test(cell: dict[str, Any]) -> bool:
    mark = grading(cell)
    return cell["cell_type"] == "code" and not mark.get("solution")
