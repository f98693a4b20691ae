"""A student's choice of pictures: their positions, or the two sides of a split."""

from typing import Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.values import as_numbers

__all__ = ["positions", "two_sides"]


def positions(name: str, value: Any, count: int, hint: str = "") -> np.ndarray:
    """Return the positions of pictures as an int64 array, if they are ones.

    Parameters
    ----------
    name
        What the student would call the value.
    value
        The student's value: an array, a list, a tuple or a range of whole numbers.
    count
        How many pictures there are.
    hint
        What to look at if a picture is named twice.

    Raises
    ------
    CheckFailed
        If it is no row of whole numbers, or names a picture twice or one that isn't there.
    """
    seen = as_numbers(name, list(value) if isinstance(value, set | frozenset) else value)
    if seen.ndim != 1:
        join = " `np.concatenate` joins several rows." if seen.ndim == 2 else ""
        raise CheckFailed(
            f"`{name}` has shape {seen.shape}; it should be one row of positions.{join}", "shape"
        )
    if np.asarray(value).dtype == bool:
        raise CheckFailed(
            f"`{name}` holds True and False; give positions, such as `np.flatnonzero` finds them.",
            "type",
        )
    wrong = seen[(seen != np.round(seen)) | (seen < 0) | (seen >= count)]
    if wrong.size:
        raise CheckFailed(
            f"`{name}` holds {wrong[0]:g}: positions of {count} pictures are whole numbers from 0 "
            f"to {count - 1}."
        )
    chosen, times = np.unique(seen.astype(np.int64), return_counts=True)
    if (times > 1).any():
        twice = f"`{name}` holds picture {chosen[times > 1][0]} more than once. {hint}"
        raise CheckFailed(twice.rstrip())
    return seen.astype(np.int64)


def two_sides(name: str, value: Any, count: int, hint: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Return the training and the test positions of a split as int64 arrays.

    Parameters
    ----------
    name
        What the student would call the split, such as ``split(labels, 0.5, seed=0)``.
    value
        The student's value, a pair of positions.
    count
        How many pictures there are.
    hint
        What to look at if a picture is named twice, on one side or on both.

    Raises
    ------
    CheckFailed
        If it is no pair, one side is empty or holds no positions, or a picture is on both sides.
    """
    try:
        first, second = value
    except Exception:  # whatever the student's object does when it is unpacked
        raise CheckFailed(
            f"`{name}` should return two things, the positions of the training and of the test "
            f"pictures, but it returned `{type(value).__name__}`.",
            "type",
        ) from None
    train = positions(f"train of {name}", first, count, hint)
    test = positions(f"test of {name}", second, count, hint)
    for side, members in (("training", train), ("test", test)):
        if not len(members):
            raise CheckFailed(f"`{name}` has no {side} picture.")
    both = np.intersect1d(train, test)
    if len(both):
        shared = f"`{name}` has {len(both)} pictures on both sides, the first is picture {both[0]}."
        raise CheckFailed(f"{shared} {hint}".rstrip())
    return train, test
