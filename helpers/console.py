"""What the commands print: tables, lists of problems, and how far long work has come."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from helpers.errors import CourseError

__all__ = ["progress", "raise_for", "table"]

T = TypeVar("T")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """Set rows of text in columns.

    Parameters
    ----------
    header
        The titles of the columns.
    rows
        As many texts in each row as there are columns.
    align
        For each column, `<` to put it to the left or `>` to the right.
    """
    lines = [header, *rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            f"{cell:{side}{width - _width(cell) + len(cell)}}"
            for cell, side, width in zip(line, align, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    """Return the columns of a screen that a text takes: Chinese characters have two each."""
    if text.isascii():
        return len(text)
    # Its tables take 30 ms to be read, and most texts do without.
    from wcwidth import wcswidth

    width = wcswidth(text)
    # It knows none for what moves the cursor.
    return len(text) if width < 0 else width


def raise_for(problems: Sequence[str], remedy: str) -> None:
    """Raise one CourseError for all problems, if there are any.

    Parameters
    ----------
    problems
        One line each.
    remedy
        What to do about them.
    """
    if len(problems) == 1:
        raise CourseError(f"{problems[0]}; {remedy}")
    if problems:
        raise CourseError("\n  ".join([f"{len(problems)} problems; {remedy}", *problems]))


def progress(work: Iterable[T], name: str, count: int, unit: str) -> Iterator[T]:
    """Go through long work, and say on standard error how far it is and how long it will take.

    On a screen a line changes in place; in a log there are ten lines at most.

    Parameters
    ----------
    work
        What takes long to be made, piece by piece.
    name, unit
        What the work, and a piece of it, are called.
    count
        How many pieces there are.
    """
    if sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(work, name, count, unit=unit)
        return
    begin, shown = time.monotonic(), 0
    for done, piece in enumerate(work, 1):
        yield piece
        if 10 * done // count > shown:
            shown = 10 * done // count
            rest = (time.monotonic() - begin) * (count - done) / done
            left = f", about {rest:.0f} s left" if done < count else ""
            print(f"{name}: {done} of {count} {unit}s{left}", file=sys.stderr, flush=True)
