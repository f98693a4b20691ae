"""What would make a notebook easier to read: advice, which stops no build."""

import re
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from helpers.commands.lint import grading, place

__all__ = ["advice"]

_HALF_HAVE, _NINE_IN_TEN_HAVE = 6, 16
_LONGEST_LINE = 100
_OPENING = {
    "you will be able to": 'what students can do then: "At the end you will be able to …"',
    "**Time:**": 'how long it takes: "**Time:** about 90 minutes."',
    "**Points:**": 'how many points there are: "**Points:** 28, of which a person grades 4."',
}
_HEADING = re.compile(r"^## Exercise .*\([\d.]+ points?\b", re.MULTILINE)
_CHECK = re.compile(r"^\*\*Check [^*]+\*\* \([\d.]+ points?\)", re.MULTILINE)


def advice(source: dict[str, Any], release: dict[str, Any]) -> list[str]:
    """List what would make an assignment easier to read.

    Parameters
    ----------
    source, release
        Its notebook, which has to be sound, and what students get of it.

    Returns
    -------
    list of str
        A line each, with the cell.
    """
    cells = source["cells"]
    return [
        *_opening(cells),
        *_long_cells(release["cells"]),
        *_long_lines(cells),
        *_code_in_a_row(cells),
        *_exercises(cells),
        *_tests(cells),
    ]


def _opening(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    for words, what in _OPENING.items():
        if cells and words not in _text(cells[0]):
            yield f"{place(1, cells[0])} does not say {what}"


def _long_cells(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Count lines as students see them: without solutions and hidden tests."""
    lengths = {
        place(position, cell): len("".join(cell["source"]).splitlines())
        for position, cell in enumerate(cells, 1)
        if _is_code(cell)
    }
    if not lengths:
        return
    median = statistics.median(lengths.values())
    if median > _HALF_HAVE:
        yield (
            f"half of the code cells have {median:g} lines or more in the release; with "
            f"{_HALF_HAVE} they are easy to follow, so split some"
        )
    if sorted(lengths.values())[int(len(lengths) * 0.9)] > _NINE_IN_TEN_HAVE:
        for where, length in lengths.items():
            if length > _NINE_IN_TEN_HAVE:
                yield (
                    f"{where} has {length} lines in the release; at most one code cell in ten "
                    f"should have more than {_NINE_IN_TEN_HAVE}, so split it"
                )


def _long_lines(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    for position, cell in enumerate(cells, 1):
        for number, line in enumerate("".join(cell["source"]).splitlines(), 1):
            if _is_code(cell) and len(line) > _LONGEST_LINE:
                yield (
                    f"{place(position, cell)}, line {number} has {len(line)} characters; "
                    f"{_LONGEST_LINE} fit into JupyterLab"
                )


def _code_in_a_row(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    row = 0
    for position, cell in enumerate(cells, 1):
        row = row + 1 if _is_code(cell) else 0
        if row > 2:
            yield f"{place(position, cell)} is code after two cells of code; say why in between"


def _exercises(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Look for a heading above each answer, and for a reason and a trial in each exercise."""
    starts = [number for number, cell in enumerate(cells) if _HEADING.search(_text(cell))]
    for number, cell in enumerate(cells[: starts[0] if starts else None]):
        if grading(cell).get("solution"):
            yield (
                f"{place(number + 1, cell)} is an answer without a heading "
                '"## Exercise 1: title (3 points)" above'
            )
    for start, end in pairwise([*starts, len(cells)]):
        exercise, where = cells[start:end], place(start + 1, cells[start])
        if any(_is_code(cell) and grading(cell).get("solution") for cell in exercise):
            texts = [_text(cell) for cell in exercise]
            if not any("*Why it matters:*" in text for text in texts):
                yield f'{where} begins an exercise without a reason: "*Why it matters:* …"'
            if not any(text.startswith("Try it") for text in texts):
                yield f'{where} begins an exercise without a cell "Try it: …" and code to try'


def _tests(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        mark = grading(cell)
        if not _is_code(cell) or not mark.get("grade") or mark.get("solution"):
            continue
        where = place(number + 1, cell)
        if number == 0 or not _CHECK.search(_text(cells[number - 1])):
            yield f'{where} is a test without a line "**Check 1.1** (1 point): …" above'
        if not "".join(cell["source"]).startswith('"""Check that '):
            yield f'{where} is a test that does not begin with """Check that …"""'


def _is_code(cell: dict[str, Any]) -> bool:
    return bool(cell["cell_type"] == "code")


def _text(cell: dict[str, Any]) -> str:
    return "" if _is_code(cell) else "".join(cell["source"])
