"""What all functions ask of features and labels."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.errors import CourseError

__all__ = ["feature_rows", "label_row", "matching", "need_two_classes"]


def matching(features: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return features (n, d) and labels (n,), if they belong together."""
    rows, classes = feature_rows(features), label_row(labels)
    if len(rows) != len(classes):
        raise CourseError(
            f"There are features of {len(rows)} pictures, but {len(classes)} labels: each picture "
            "needs one label."
        )
    return rows, classes


def feature_rows(features: ArrayLike) -> np.ndarray:
    """Return features as an array (n, d) of finite numbers."""
    rows = _array("features", features)
    if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "buif":
        raise CourseError(
            f"The features have the shape {rows.shape} and the type {rows.dtype}; they should be "
            "numbers, one row for each picture. Average or flatten what a layer gives."
        )
    wrong = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(wrong):
        raise CourseError(
            f"The features of {len(wrong)} of {len(rows)} pictures, first of picture {wrong[0]}, "
            "are not all finite numbers: look at how they are calculated."
        )
    return rows


def label_row(labels: ArrayLike) -> np.ndarray:
    """Return the classes of n pictures as an array (n,)."""
    classes = _array("labels", labels)
    if classes.ndim != 1 or not classes.size or classes.dtype.kind not in "buiU":
        raise CourseError(
            f"The labels have the shape {classes.shape} and the type {classes.dtype}; they should "
            "be one row of classes, one for each picture."
        )
    return classes


def _array(name: str, values: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError:
        raise CourseError(f"The {name} have rows of different lengths.") from None


def need_two_classes(labels: np.ndarray) -> None:
    """Refuse training pictures that are all of one class."""
    if len(np.unique(labels)) < 2:
        raise CourseError(
            f"All {len(labels)} training pictures are of the class {labels[0]}: at least one "
            "picture of a second class is needed."
        )
