"""What lies on a plate: which kinds of food belong to which class, and to which half of it."""

import numpy as np

from helpers.datasets.drawing.chance import pick
from helpers.datasets.drawing.healthy import HEALTHY
from helpers.datasets.drawing.unhealthy import UNHEALTHY
from helpers.datasets.meals import HALVES

__all__ = ["KINDS", "RECIPES", "choose_food", "kinds_of"]

RECIPES = HEALTHY | UNHEALTHY
"""What each kind of food is made of."""

KINDS = {"healthy": tuple(sorted(HEALTHY)), "unhealthy": tuple(sorted(UNHEALTHY))}
"""The kinds of each class, in alphabetical order."""


def kinds_of(label: str, half: str) -> tuple[str, ...]:
    """List the kinds of a class, "healthy" or "unhealthy", in one half of it, "A" or "B".

    In alphabetical order, the kinds belong to the halves in turn.
    """
    return KINDS[label][HALVES.index(half) :: len(HALVES)]


def choose_food(
    rng: np.random.Generator, label: str, half: str, borderline: bool = False
) -> list[str]:
    """Choose what lies on one plate, all from one half of the kinds.

    Parameters
    ----------
    rng
        The generator of the picture.
    label
        "healthy" or "unhealthy".
    half
        "A" or "B".
    borderline
        Whether the plate is hard to judge: two kinds of its class and one of the other.

    Returns
    -------
    list of str
        Two or three kinds; the one of the other class comes last.
    """
    count = 2 if borderline else int(rng.integers(2, 3, endpoint=True))
    kinds = rng.choice(kinds_of(label, half), size=count, replace=False).tolist()
    if borderline:
        (other,) = set(KINDS) - {label}
        kinds.append(pick(rng, kinds_of(other, half)))
    return kinds
