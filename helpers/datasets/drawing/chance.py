"""Random choices; each picture has a generator of its own, so that it can be drawn alone."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

__all__ = ["Ranges", "chance", "generator", "pick", "sample"]

Option = TypeVar("Option")
Ranges = dict[str, tuple[float, float]]


def generator(seed: int, *place: int) -> np.random.Generator:
    """Make the generator of one picture.

    Parameters
    ----------
    seed
        That of the whole set, 0 or more.
    place
        Where in the set the picture belongs, such as its class and its number there; 0 or more.
    """
    return np.random.default_rng(np.random.SeedSequence((seed, *place)))


def pick(
    rng: np.random.Generator, options: Sequence[Option], weights: Sequence[float] | None = None
) -> Option:
    """Choose one of several options, as often as its weight says; equally often by default."""
    if weights is None:
        return options[int(rng.integers(len(options)))]
    total = sum(weights)
    return options[int(rng.choice(len(options), p=[weight / total for weight in weights]))]


def chance(rng: np.random.Generator, probability: float) -> bool:
    """Return True with the given probability."""
    return bool(rng.random() < probability)


def sample(rng: np.random.Generator, ranges: Ranges) -> dict[str, float]:
    """Draw a number from each range (low, high), uniformly."""
    return {name: float(rng.uniform(low, high)) for name, (low, high) in ranges.items()}
