"""What a test wants to see changed by a student's function."""

import weakref
from typing import Any, TypeVar

__all__ = ["is_shared", "shared"]

T = TypeVar("T")

_shared: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def shared(value: T) -> T:
    """Let a test see what a student's function does to an array or a Keras model.

    When a submission is graded, a function gets copies: whatever it writes on them, the test goes
    on with what it had. A test of whether a function trains its model, or leaves its picture as it
    is, has to ask for the changes.

    Parameters
    ----------
    value
        The array or the model, before it is given to the function.

    Returns
    -------
    The same object.
    """
    _shared[id(value)] = value
    return value


def is_shared(value: Any) -> bool:
    """Tell what :func:`shared` was called with."""
    return _shared.get(id(value)) is value
