"""What all functions ask of features and labels."""

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike

from helpers.errors import CourseError
from helpers.inputs import as_array, label_row

__all__ = ["feature_rows", "matching", "need_known", "need_two_classes"]


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
    rows = as_array("features", features)
    if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "buif":
        remedy = "Average or flatten what a layer gives."
        if rows.ndim == 1:
            remedy = "If this is one picture, take several: `features[:10]` and not `features[9]`."
        raise CourseError(
            f"The features have the shape {rows.shape} and the type {rows.dtype}; they should be "
            f"numbers, one row for each picture. {remedy}"
        )
    wrong = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(wrong):
        raise CourseError(
            f"The features of {len(wrong)} of {len(rows)} pictures, first of picture {wrong[0]}, "
            "are not all finite numbers: look at how they are calculated."
        )
    return rows


def need_two_classes(labels: np.ndarray) -> None:
    """Refuse training pictures that are all of one class."""
    if len(np.unique(labels)) < 2:
        raise CourseError(
            f"All {len(labels)} training pictures are of the class {labels[0]}: at least one "
            "picture of a second class is needed."
        )


def need_known(labels: np.ndarray, classes: np.ndarray) -> None:
    """Refuse labels that a machine can't answer with, such as names instead of numbers."""
    known = classes.tolist()
    unknown = {label for label in labels.tolist() if label not in known}
    if unknown:
        raise CourseError(
            f"The labels have {_listed(unknown)}, which the model has never seen: it was trained "
            f"with {_listed(known)}. Take the same names or numbers for training and test."
        )


def _listed(labels: Collection[int | str]) -> str:
    """List a few labels."""
    found = [repr(label) for label in sorted(labels, key=str)]
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
