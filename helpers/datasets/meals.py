"""Meals: 200 drawn plates of 224 by 224 pixels, 100 with healthy food and 100 with unhealthy.

A few plates of each class are borderline: one thing on them belongs to the other class. All food
on a plate comes from one of two halves of the kinds of food, so that one can learn from one half
and be judged by the other. The plates are composed by :mod:`helpers.datasets.drawing`.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.datasets import manifest
from helpers.datasets.files import DATA, shipped_once
from helpers.datasets.labelled import frozen
from helpers.datasets.splits import Split
from helpers.errors import CourseError

__all__ = ["FOLDER", "HALVES", "NAMES", "Meals", "disjoint_split", "load"]

FOLDER = DATA / "meals"
NAMES = ("healthy", "unhealthy")
HALVES = ("A", "B")
"""What the manifest calls the halves of the kinds of food."""


class Meals(NamedTuple):
    """Plates and what lies on them; all arrays are read-only.

    Attributes
    ----------
    images
        uint8 array (n, 224, 224, 3).
    labels
        int64 array (n,), 0 for healthy and 1 for unhealthy.
    names
        "healthy" and "unhealthy".
    files
        Where each picture was read from.
    groups
        The kinds of food on each plate.
    borderline
        bool array (n,): whether one thing on the plate belongs to the other class.
    halves
        int64 array (n,): from which half of the kinds the food of each plate comes, 0 or 1.
    """

    images: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    files: tuple[Path, ...]
    groups: tuple[frozenset[str], ...]
    borderline: np.ndarray
    halves: np.ndarray


@shipped_once
def load(folder: str | Path = FOLDER) -> Meals:
    """Read the meals.

    Those of the course are read once, and later calls return the same arrays; all arrays are
    read-only so that nobody can spoil them.

    Parameters
    ----------
    folder
        A set that was drawn by `course draw`, such as ``drawn-7/meals``; the one that comes with
        the course by default.

    Raises
    ------
    CourseError
        If a file is missing or was changed.
    """
    (images, labels, names, files), records = manifest.read(folder, NAMES)
    try:
        groups = tuple(frozenset(record["groups"]) for record in records)
        borderline = np.array([bool(record["borderline"]) for record in records])
        halves = np.array([HALVES.index(record["half"]) for record in records])
    except (ValueError, TypeError, KeyError) as error:
        raise manifest.damaged(folder) from error
    images = np.asarray(images)
    return Meals(images, labels, names, files, groups, frozen(borderline), frozen(halves))


def disjoint_split(meals: Meals, train_half: int = 0) -> Split:
    """Learn from one half of the kinds of food and be judged by the other.

    No kind of food is on both sides, not even on a borderline plate; compare
    :func:`helpers.datasets.splits.split`, which lets the same apple lie on both.

    Parameters
    ----------
    meals
        The plates.
    train_half
        The half of the kinds to learn from, 0 or 1; there are no other disjoint splits.

    Returns
    -------
    Split
        All plates, half of each class on either side.

    Raises
    ------
    CourseError
        If they are no meals, or `train_half` is neither 0 nor 1.
    """
    if not isinstance(meals, Meals):
        raise CourseError("Only plates of `meals.load()` have halves; use `splits.split(labels)`.")
    if train_half not in (0, 1):
        raise CourseError(f"train_half is {train_half!r}, but there are only the halves 0 and 1.")
    learnt = meals.halves == train_half
    return Split(np.flatnonzero(learnt), np.flatnonzero(~learnt))
