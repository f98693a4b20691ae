"""How the tests of an assignment did in a class: difficulty, discrimination, what looks broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["FEWEST", "Item", "analyse", "discrimination"]

FEWEST = 8
"""A test is said to look broken only if it was judged for so many: with fewer, chance decides."""
_WEAK = 0.1
_HALF = 0.5


@dataclass(frozen=True)
class Item:
    """One test in a class.

    Parameters
    ----------
    name
        The ``grade_id``.
    maximum
        Its points.
    count
        How many people it was judged for.
    solved
        The share of people with all points, from 0 to 1.
    mean
        The mean share of the points.
    discrimination
        The correlation of its points with those of all other tests, from -1 to 1; None if all
        people have the same.
    best
        The share of the best third of the class with all points.
    """

    name: str
    maximum: float
    count: int
    solved: float
    mean: float
    discrimination: float | None
    best: float

    @property
    def doubt(self) -> str:
        """Why the test may be broken, else empty."""
        if self.count < FEWEST or self.solved == 1:
            return ""
        if self.solved == 0:
            return "nobody solved it"
        if self.discrimination is not None and self.discrimination < 0:
            return "those who are good at the rest fail it"
        weak = self.discrimination is not None and self.discrimination < _WEAK
        if weak and self.best < _HALF:
            return "most of the best fail it"
        return ""


def analyse(points: Mapping[str, Mapping[str, float]], maxima: Mapping[str, float]) -> list[Item]:
    """Describe all tests of an assignment.

    Parameters
    ----------
    points
        By person, the points of each test; without those that were not judged.
    maxima
        The points that there are for each test, in order.

    Returns
    -------
    list of Item
        In the order of `maxima`, without tests that were judged for nobody.
    """
    totals = {person: sum(own.values()) for person, own in points.items()}
    items = []
    for name, maximum in maxima.items():
        people = [person for person, own in points.items() if name in own]
        if not people or not maximum:
            continue
        scores = np.array([points[person][name] for person in people]) / maximum
        rest = np.array([totals[person] - points[person][name] for person in people])
        solved = scores >= 1
        order = np.argsort(-rest, kind="stable")
        third = order[: max(1, len(people) // 3)]
        items.append(
            Item(
                name,
                maximum,
                len(people),
                float(solved.mean()),
                float(scores.mean()),
                discrimination(scores, rest),
                float(solved[third].mean()),
            )
        )
    return items


def discrimination(
    scores: Sequence[float] | np.ndarray, rest: Sequence[float] | np.ndarray
) -> float | None:
    """Correlate the points of a test with those of the rest: the point-biserial coefficient.

    Parameters
    ----------
    scores, rest
        The points of each person, shape (people,).

    Returns
    -------
    float or None
        From -1 to 1; None if there is nothing to correlate, since all people have the same.
    """
    scores, rest = np.asarray(scores, float), np.asarray(rest, float)
    if len(scores) < 2 or np.ptp(scores) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(scores, rest)[0, 1])
