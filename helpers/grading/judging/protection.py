"""What the course's own cells made is not for students' functions to change, nor are networks."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.grading.judging import models

__all__ = ["is_protected", "protect"]

_DEPTH = 4
_protected: dict[int, Any] = {}


def protect(value: Any, depth: int = _DEPTH) -> None:
    """Make arrays read-only, and remember models, in a value and what it is made of.

    Parameters
    ----------
    value
        Anything that a locked cell made, such as the names of the cell with their values.
    depth
        How far to look into it.
    """
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif models.is_model(value):
        # Kept, so that its number is not given to another.
        _protected[id(value)] = value
    elif depth:
        if isinstance(value, Mapping):
            parts = list(value.values())
        elif isinstance(value, list | tuple):
            parts = list(value)
        elif type(value).__module__.startswith("helpers."):
            parts = list(getattr(value, "__dict__", {}).values())
        else:
            parts = []
        for part in parts:
            protect(part, depth - 1)


def is_protected(model: Any) -> bool:
    """Tell a model that :func:`protect` has met, and that of any network of the course.

    Nothing trains those: tests compare with what they say, before and after the student's function.
    """
    if "helpers.networks" in sys.modules:
        from helpers.networks.entry import is_of_network

        if is_of_network(model):
            return True
    return id(model) in _protected
