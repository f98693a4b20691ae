"""Plain data as bytes, for what comes out of a student's process: never pickle.

:func:`helpers.grading.judging.unpacking.unpack` reads it.
"""

import array
import itertools
import json
from collections import Counter, UserList, UserString, deque
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Set, ValuesView
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = [
    "COMPACT",
    "DEEPEST",
    "DEFAULTS",
    "KINDS",
    "LARGEST_INT_BITS",
    "MOST_VALUES",
    "NotPlain",
    "pack",
    "too_many",
]

DEEPEST = 40
# Values in lists and dictionaries; those of arrays don't count.
MOST_VALUES = 500_000
_LONGEST_ITERATOR = 1_000_000
# Larger ones could not even be written as decimals: Python allows 4,300 digits.
LARGEST_INT_BITS = 14_000
KINDS = "biufcUSmM"
# Lists of these go as bytes, as do those of NumPy's numbers.
COMPACT = {float: "d", int: "q"}
# What a dictionary may answer for keys that it lacks.
DEFAULTS: dict[str, Callable[[], Any]] = {
    kind.__name__: kind for kind in (int, float, str, list, dict, set)
}


class NotPlain(ValueError):
    """Something that is no plain data, or bytes that are none."""


def too_many() -> NotPlain:
    """Return the error for more than `MOST_VALUES`."""
    return NotPlain(f"more than {MOST_VALUES:,} values; arrays may have more")


def pack(value: Any, refer: Callable[[Any], Any]) -> tuple[bytes, list[bytes]]:
    """Write a value as JSON and buffers.

    Subclasses become what they are made of: a tuple with names becomes a tuple, an enumeration its
    number, a tensor its array, an array with named columns a list of tuples.

    Parameters
    ----------
    value
        Anything.
    refer
        Makes JSON data that stands for what isn't plain.

    Returns
    -------
    bytes, list of bytes
        The JSON text, and the buffers that it names by their position.

    Raises
    ------
    NotPlain
        If it is nested too deeply, too large, holds itself, or holds a whole number of thousands of
        digits.
    """
    buffers: list[bytes] = []
    tree = _tree(value, refer, buffers, 0)
    return json.dumps(tree).encode(), buffers


def _tree(value: Any, refer: Callable[[Any], Any], buffers: list[bytes], depth: int) -> Any:
    if depth > DEEPEST:
        raise NotPlain("it is nested too deeply, or holds itself")

    def inner(item: Any) -> Any:
        return _tree(item, refer, buffers, depth + 1)

    def buffer(data: bytes) -> int:
        buffers.append(data)
        return len(buffers) - 1

    if value is None or isinstance(value, bool):
        return ["value", value]
    if isinstance(value, np.generic) and value.dtype.kind in KINDS:
        return ["scalar", value.dtype.str, [], buffer(value.tobytes())]
    if isinstance(value, int):
        if (bits := int.bit_length(value)) > LARGEST_INT_BITS:
            raise NotPlain(f"a whole number of {bits:,} bits ({LARGEST_INT_BITS:,} are allowed)")
        return ["int", hex(value)]
    if isinstance(value, float):
        return ["float", float.hex(value)]
    if isinstance(value, complex):
        return ["complex", value.real.hex(), value.imag.hex()]
    if isinstance(value, str):
        return ["value", str.__str__(value)]
    if isinstance(value, UserString):
        return inner(value.data)
    if isinstance(value, bytes | bytearray):
        return ["bytes", buffer(bytes(value))]
    if isinstance(value, range):
        return ["range", value.start, value.stop, value.step]
    if isinstance(value, KeysView | ItemsView):
        # In the judge, they are to be equal to sets, too.
        view = "keys" if isinstance(value, KeysView) else "items"
        return [view, [inner(item) for item in value]]
    if type(value).__name__ == "TensorShape" and value.rank is not None:
        return ["tuple", [inner(item) for item in value.as_list()]]
    if isinstance(value, np.dtype) and value.kind in KINDS:
        return ["dtype", value.str]
    if isinstance(value, Fraction | Decimal):
        return ["float", float(value).hex()]
    if isinstance(value, list | tuple | ValuesView | deque | UserList | array.array):
        name = "tuple" if isinstance(value, tuple) else "list"
        items = list(value)
        if compact := _compact(items):
            kind, data = compact
            return [name, kind, buffer(data)]
        if len(items) > MOST_VALUES:
            # It would be refused by the judge, after seconds of writing.
            raise too_many()
        return [name, [inner(item) for item in items]]
    if isinstance(value, Set):
        name = "frozenset" if isinstance(value, frozenset) else "set"
        return [name, [inner(item) for item in value]]
    if isinstance(value, Mapping):
        items = [[inner(key), inner(item)] for key, item in value.items()]
        if isinstance(value, Counter):
            return ["counter", items]
        default = getattr(getattr(value, "default_factory", None), "__name__", "")
        return ["dict", items, default] if default in DEFAULTS else ["dict", items]
    numbers = _array(value)
    if numbers is not None and numbers.dtype.kind in KINDS:
        numbers = np.ascontiguousarray(numbers).reshape(numbers.shape)
        return ["array", numbers.dtype.str, list(numbers.shape), buffer(numbers.tobytes())]
    if numbers is not None and numbers.dtype.names is not None:
        # Rows with named columns: pairs of a name and a number, for instance.
        return inner(numbers.tolist())
    if numbers is not None and numbers.dtype.kind == "O" and numbers.size < _LONGEST_ITERATOR:
        return ["objects", list(numbers.shape), [inner(item) for item in numbers.ravel().tolist()]]
    if isinstance(value, Iterator):
        return inner(list(itertools.islice(value, _LONGEST_ITERATOR)))
    return ["reference", refer(value)]


def _compact(items: list[Any]) -> tuple[str, bytes] | None:
    """Write a list of numbers of one type as bytes, with their kind; None for other lists."""
    if not items or len(set(map(type, items))) > 1:
        return None
    if isinstance(items[0], np.number | np.bool_) and items[0].dtype.kind in "biufc":
        numbers = np.array(items)
        return numbers.dtype.str, numbers.tobytes()
    code = COMPACT.get(type(items[0]))
    if code is None:
        return None
    try:
        return code, array.array(code, items).tobytes()
    except OverflowError:
        return None


def _array(value: Any) -> np.ndarray | None:
    """Return what is made of numbers, such as a tensor or an array of a subclass, as an array."""
    if isinstance(value, np.ma.MaskedArray):
        return value.filled()
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    says_so = hasattr(type(value), "__array__") or hasattr(type(value), "__array_interface__")
    if says_so or _is_buffer(value):
        try:
            return np.asarray(value)
        except Exception:  # a symbolic tensor, for instance, has no numbers
            return None
    return None


def _is_buffer(value: Any) -> bool:
    """Tell what lets others read its memory, such as a `memoryview` or an array of C."""
    try:
        memoryview(value).release()
    except (TypeError, ValueError, BufferError):  # ValueError: it was released
        return False
    return True
