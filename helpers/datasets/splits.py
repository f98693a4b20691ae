"""Dividing labelled pictures into some to learn from and some to be judged by."""

from typing import NamedTuple

import numpy as np

from helpers.errors import CourseError
from helpers.inputs import label_row, whole_number

__all__ = ["Split", "split"]


class Split(NamedTuple):
    """Two sets of indices without a common one, both ascending.

    Attributes
    ----------
    train, test
        int64 arrays.
    """

    train: np.ndarray
    test: np.ndarray


def split(labels: np.ndarray, seed: int) -> Split:
    """Take half of each class, chosen at random, to learn from and the rest to be judged by.

    Parameters
    ----------
    labels
        The classes (n,), whole numbers or names.
    seed
        A whole number from 0 on; another seed gives another choice.

    Returns
    -------
    Split
        If the number is odd, the larger part is for training.

    Raises
    ------
    CourseError
        If a class has only one picture, the labels are no row of classes, or the seed is no such
        number.
    """
    labels = label_row(labels)
    rng = np.random.default_rng(whole_number("seed", seed, 0))
    train = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < 2:
            raise CourseError(
                f"Class {label} has a single picture, which can't be split into training and "
                "test; a class needs two at least."
            )
        train[rng.permutation(members)[: (len(members) + 1) // 2]] = True
    return Split(np.flatnonzero(train), np.flatnonzero(~train))
