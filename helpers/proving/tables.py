"""The numbers of a proof, in tables."""

from collections.abc import Mapping, Sequence

from helpers.console import table
from helpers.proving.outcome import Counts

__all__ = ["summary", "tables"]

_HEADER = ["wrong answers", "caught", "in sight", "equivalent", "in other words", "scribblers"]
# The points that an answer keeps which knows by heart what the visible tests ask.
_HEADER += ["by heart"]


def tables(counts: Mapping[str, Counts]) -> str:
    """Write the numbers of exercises, and below them those of their tests.

    Parameters
    ----------
    counts
        By the `grade_id` of the answer.
    """
    rows = [[name, *_numbers([each])] for name, each in counts.items()]
    tests = [
        [name, f"{test.points:g}", str(test.catches), str(test.alone)]
        for each in counts.values()
        for name, test in each.tests.items()
    ]
    return "\n\n".join(
        [
            table(["exercise", *_HEADER], rows, "<>>>>>>>"),
            table(["test", "points", "catches", "it alone"], tests, "<>>>"),
        ]
    )


def summary(rows: Mapping[str, tuple[Sequence[Counts], str]]) -> str:
    """Write a row for each assignment: the sum of its numbers, and whether they are up to date.

    Parameters
    ----------
    rows
        The numbers of its exercises and the state, by the name of the assignment.
    """
    return table(
        ["assignment", *_HEADER, "state"],
        [[name, *_numbers(counts), state] for name, (counts, state) in rows.items()],
        "<>>>>>>><",
    )


def _numbers(counts: Sequence[Counts]) -> list[str]:
    wrong = sum(each.wrong for each in counts)
    caught = sum(each.caught for each in counts)
    in_sight = sum(each.in_sight for each in counts)
    shares = [f"{100 * part / (wrong or 1):.1f} %" for part in (caught, in_sight)]
    others = [(each.equivalent, each.rewritten, each.scribblers) for each in counts]
    known = sum(each.by_heart for each in counts)
    points = sum(test.points for each in counts for test in each.tests.values())
    sums = [str(sum(numbers)) for numbers in zip(*others, strict=True)]
    return [str(wrong), *shares, *sums, f"{known:g} of {points:g}"]
