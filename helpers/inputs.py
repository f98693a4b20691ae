"""What several parts of the course ask of what they are given."""

import textwrap
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from helpers.errors import CourseError

__all__ = ["are_whole", "as_array", "label_row", "whole_number"]


def whole_number(name: str, value: object, low: int, high: int | None = None) -> int:
    """Return a whole number from `low` to `high`; `name` is what the person called it."""
    number = int(value) if isinstance(value, Integral) else None
    if number is None or number < low or (high is not None and number > high):
        limit = "on" if high is None else f"to {high}"
        # An array would fill several lines.
        seen = textwrap.shorten(repr(value), 60, placeholder=" …")
        raise CourseError(f"{name} is {seen}, but must be a whole number from {low} {limit}.")
    return number


def label_row(labels: ArrayLike, name: str = "labels") -> np.ndarray:
    """Return the classes of n pictures, whole numbers or names, as an array (n,)."""
    classes = as_array(name, labels)
    if classes.ndim != 1 or not classes.size or classes.dtype.kind not in "buiU":
        remedy = f" They are whole numbers: write `{name}.astype(int)`."
        raise CourseError(
            f"The {name} have the shape {classes.shape} and the type {classes.dtype}; they should "
            "be one row of classes, whole numbers or names, one for each picture."
            f"{remedy if are_whole(classes) else ''}"
        )
    return classes


def are_whole(values: np.ndarray) -> bool:
    """Tell whether all floating-point numbers are whole ones."""
    if values.dtype.kind != "f" or not values.size or not np.isfinite(values).all():
        return False
    return not (values % 1).any()


def as_array(name: str, values: ArrayLike) -> np.ndarray:
    """Return an array, unless the rows have different lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        raise CourseError(f"The {name} have rows of different lengths.") from None
