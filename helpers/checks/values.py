"""Compare a student's numbers and arrays with the expected ones, telling shape from value."""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.checks.failure import CheckFailed

__all__ = ["array", "as_numbers", "at_least", "computed", "number", "shape"]


def array(
    name: str,
    actual: Any,
    expected: ArrayLike,
    hint: str = "",
    tolerance: float = 1e-4,
    shape_hint: str = "",
) -> None:
    """Check that a value is the expected array of numbers.

    Anything that NumPy reads as an array of real numbers is accepted: an array of any numeric
    dtype or of objects that are numbers, a nested list, a Keras tensor.

    Parameters
    ----------
    name
        What the student would call the value, such as ``convolve(image, kernel)``.
    actual
        The student's value, whatever it is.
    expected
        The right answer, of any shape.
    hint
        What to look at if the numbers differ.
    tolerance
        Largest difference allowed, absolute plus relative to the expected value.
    shape_hint
        What to look at if the shape differs, as for :func:`shape`.

    Raises
    ------
    CheckFailed
        With a hint that tells no value, shape, NaN and numbers apart.
    """
    expected = np.asarray(expected, dtype=float)
    seen = as_numbers(name, actual)
    shape(name, seen, expected.shape, shape_hint)
    if not np.isfinite(seen).all():
        raise CheckFailed(
            f"`{name}` has NaN or infinite values. Is something divided by 0, the root of a "
            "negative number taken, or a part of `np.empty` never filled?"
        )
    wrong = np.abs(seen - expected) > tolerance * (1 + np.abs(expected))
    if wrong.any():
        where = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = f" at index {where}" if where else ""
        raise CheckFailed(
            _message(
                f"`{name}` has {wrong.sum()} of {wrong.size} values wrong; the first{place} is "
                f"{seen[where]:.6g}, expected {expected[where]:.6g}.{_unfinished(seen, wrong)}",
                hint,
            )
        )


def shape(name: str, actual: Any, expected: tuple[int, ...], hint: str = "") -> None:
    """Check that a value is an array of numbers of the expected shape.

    Parameters
    ----------
    name, actual
        As for :func:`array`.
    expected
        The right shape.
    hint
        What to look at if the shape differs; if not given, what differs is said in general words.

    Raises
    ------
    CheckFailed
        With a hint that tells no array and a wrong shape apart.
    """
    seen = as_numbers(name, actual).shape
    if seen != expected:
        what = f"`{name}` has shape {seen}, expected {expected}."
        raise CheckFailed(_message(what, hint or _difference(seen, expected)), "shape")


def number(
    name: str, actual: Any, expected: float, hint: str = "", tolerance: float = 1e-9
) -> None:
    """Check that a value is one number, the expected one.

    An ``int``, a ``float``, a NumPy scalar and an array with one element are all numbers here;
    ``True`` is not. The tolerance is absolute plus relative to the expected number.

    Raises
    ------
    CheckFailed
        With a hint that tells no number and a wrong number apart.
    """
    seen = _one_number(name, actual)
    if not abs(seen - expected) <= tolerance * (1 + abs(expected)):
        raise CheckFailed(_message(f"`{name}` is {seen:.10g}, expected {expected:.10g}.", hint))


def at_least(name: str, actual: Any, lowest: float, hint: str = "") -> None:
    """Check that a value is one number and not below `lowest`.

    Raises
    ------
    CheckFailed
        With a hint that tells no number and too low a number apart.
    """
    seen = _one_number(name, actual)
    if not seen >= lowest:
        raise CheckFailed(
            _message(f"`{name}` is {seen:.4g}, needed is at least {lowest:.4g}.", hint)
        )


def computed(name: str, value: Any) -> None:
    """Check that a value is there at all.

    Raises
    ------
    CheckFailed
        With a hint, if it is None.
    """
    if value is None:
        raise CheckFailed(
            f"`{name}` is None: nothing was computed yet, or the function has no `return`.",
            "missing",
        )


def as_numbers(name: str, value: Any, kind: str = "an array of numbers") -> np.ndarray:
    """Return a value as an array of floats of any shape.

    Parameters
    ----------
    name, value
        What the student would call the value, and the value, whatever it is.
    kind
        What the value should be, in words for the student.

    Raises
    ------
    CheckFailed
        With a hint, if it is None or NumPy can't read it as real numbers.
    """
    computed(name, value)
    try:
        seen = np.asarray(value)
        # `np.full(shape, None)` that was filled later is one, too.
        objects = seen.dtype == object and all(isinstance(item, Real) for item in seen.flat)
        if seen.dtype.kind not in "biuf" and not objects:
            raise TypeError(f"dtype {seen.dtype}")
        return seen.astype(float)
    except Exception as error:  # a student's object may raise anything when it is converted
        what = f"of type `{type(value).__name__}`"
        if isinstance(value, list | tuple):
            what += " and holds other things, or rows of different lengths"
        raise CheckFailed(f"`{name}` should be {kind}, but it is {what}.", "type") from error


def _one_number(name: str, value: Any) -> float:
    """Return the value as a float, or fail with a hint."""
    seen = as_numbers(name, value, "one number")
    if isinstance(value, bool) or seen.size != 1:
        raise CheckFailed(
            f"`{name}` should be one number, but it is of type `{type(value).__name__}`"
            + (f" and shape {seen.shape}." if seen.size != 1 else "."),
            "shape" if seen.size != 1 else "type",
        )
    return float(seen.reshape(()))


def _difference(seen: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Say in words how two shapes differ."""
    if len(seen) != len(expected):
        return f"It has {_axes(len(seen))} instead of {_axes(len(expected))}."
    if sorted(seen) == sorted(expected):
        return "The sizes are right, but in another order: are axes swapped?"
    wrong = [
        axis for axis, sizes in enumerate(zip(seen, expected, strict=True)) if len({*sizes}) > 1
    ]
    return f"Look at axis {', '.join(map(str, wrong))}."


def _unfinished(seen: np.ndarray, wrong: np.ndarray) -> str:
    """Ask about the loop if the first values are right and two or more after them are all 0."""
    right = int(np.argmax(wrong))
    done, rest = seen.ravel()[:right], seen.ravel()[right:]
    if not done.any() or len(rest) < 2 or rest.any():
        return ""
    return " All values after it are 0, too: does a loop end too early, or is `return` inside it?"


def _axes(count: int) -> str:
    return f"{count or 'no'} {'axis' if count == 1 else 'axes'}"


def _message(what: str, hint: str) -> str:
    return f"{what} {hint}".rstrip()
