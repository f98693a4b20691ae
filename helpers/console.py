"""What the commands print: tables, and lists of problems."""

from collections.abc import Sequence

from helpers.errors import CourseError

__all__ = ["raise_for", "table"]


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
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            f"{cell:{side}{width}}" for cell, side, width in zip(line, align, widths, strict=True)
        ).rstrip()
        for line in lines
    )


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
