"""Read plain data that a hostile process has written.

Reading makes nothing but exact built-in types and arrays of numbers or text, whatever the bytes
say. It takes time and memory in proportion to a limited number of values, so that no answer holds
up the judge.
"""

import array
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.grading.judging.plain import (
    COMPACT,
    DEEPEST,
    DEFAULTS,
    KINDS,
    LARGEST_INT_BITS,
    MOST_VALUES,
    NotPlain,
    too_many,
)

__all__ = ["unpack"]

# One value in a list of numbers of one type, which is read at once, counts a tenth; one of
# NumPy's by itself counts ten times.
_AT_ONCE, _BY_ITSELF = 10, 10
_LONGEST_TEXT = 20_000_000
# So many keys of a dictionary, or numbers of more than 64 bits, may have the same hash: telling
# them apart takes quadratic time.
_MOST_ALIKE = 200


def unpack(text: bytes, buffers: list[bytes], resolve: Callable[[Any], Any]) -> Any:
    """Read what :func:`helpers.grading.judging.plain.pack` has written.

    Parameters
    ----------
    text, buffers
        From an untrusted process.
    resolve
        Makes an object of what `refer` has written; gets any JSON data.

    Raises
    ------
    NotPlain
        If the bytes say anything else, or too much.
    """
    if len(text) > _LONGEST_TEXT:
        raise NotPlain(f"more than {_LONGEST_TEXT // 1_000_000} MB of text")
    try:
        return _Reader(buffers, resolve).value(json.loads(text), 0)
    except NotPlain:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise NotPlain(f"not plain data ({type(error).__name__})") from None


class _Reader:
    """Reads one answer, as long as it is not too large."""

    def __init__(self, buffers: list[bytes], resolve: Callable[[Any], Any]) -> None:
        self._buffers = buffers
        self._resolve = resolve
        self._left = MOST_VALUES
        self._large: defaultdict[int, set[int]] = defaultdict(set)

    def value(self, tree: Any, depth: int) -> Any:
        """Make the value that JSON data stands for."""
        if depth > DEEPEST + 1:
            raise NotPlain("it is nested too deeply")
        self._count(1)

        def inner(items: list[Any]) -> list[Any]:
            return [self.value(item, depth + 1) for item in items]

        match tree:
            case ["value", None | bool() | str() as value]:
                return value
            case ["int", str() as digits] if len(digits) < LARGEST_INT_BITS // 4 + 10:
                return self._int(int(digits, 16))
            case ["float", str() as digits] if len(digits) < 50:
                return float.fromhex(digits)
            case ["list", list() as items]:
                return inner(items)
            case ["list", str() as kind, int() as number]:
                return self._compact_list(kind, number)
            case ["tuple", list() as items]:
                return tuple(inner(items))
            case ["tuple", str() as kind, int() as number]:
                return tuple(self._compact_list(kind, number))
            case ["scalar", str() as dtype, [], int() as number]:
                self._count(_BY_ITSELF - 1)
                return _numbers(dtype, [], self._buffers[number])[()]
            case ["array", str() as dtype, list() as shape, int() as number]:
                return _numbers(dtype, shape, self._buffers[number])
            case ["dict", list() as items]:
                return self._dict(items, depth)
            case ["dict", list() as items, str() as default]:
                return defaultdict(DEFAULTS[default], self._dict(items, depth))
            case ["counter", list() as items]:
                return Counter(self._dict(items, depth))
            case ["frozenset", list() as items]:
                return frozenset(_unlike(inner(items)))
            case ["set", list() as items]:
                return set(_unlike(inner(items)))
            case ["keys", list() as items]:
                return dict.fromkeys(_unlike(inner(items))).keys()
            case ["items", list() as items]:
                pairs = [(key, item) for key, item in inner(items)]
                _unlike([key for key, _ in pairs])
                return dict(pairs).items()
            case ["complex", str() as real, str() as imaginary]:
                return complex(float.fromhex(real), float.fromhex(imaginary))
            case ["bytes", int() as number]:
                return self._buffers[number]
            case ["range", int() as start, int() as stop, int() as step]:
                made = range(start, stop, step)
                # A test may make a list of it.
                self._count(len(made) // _AT_ONCE)
                return made
            case ["dtype", str() as dtype] if np.dtype(dtype).kind in KINDS:
                return np.dtype(dtype)
            case ["objects", list() as shape, list() as items]:
                objects = np.empty(len(items), dtype=object)
                objects[:] = inner(items)
                return objects.reshape(_shape(shape))
            case ["reference", what]:
                return self._resolve(what)
        raise NotPlain("not plain data")

    def _count(self, values: int) -> None:
        self._left -= values
        if self._left < 0:
            raise too_many()

    def _int(self, value: int) -> int:
        if abs(value) >= 1 << 64:
            # A test might put them into a set.
            self._large[hash(value)].add(value)
            if len(self._large[hash(value)]) > _MOST_ALIKE:
                raise NotPlain("too many large numbers with the same hash")
        return value

    def _compact_list(self, kind: str, number: int) -> list[Any]:
        data = self._buffers[number]
        if kind not in COMPACT.values():
            numbers = np.frombuffer(data, np.dtype(kind))
            self._count(len(numbers) // _AT_ONCE)
            if numbers.dtype.kind not in "biufc":
                raise NotPlain("not numbers")
            return list(numbers)
        values = array.array(kind)
        self._count(len(data) // values.itemsize // _AT_ONCE)
        values.frombytes(data)
        return values.tolist()

    def _dict(self, items: list[Any], depth: int) -> dict[Any, Any]:
        pairs = [(self.value(key, depth + 1), self.value(item, depth + 1)) for key, item in items]
        _unlike([key for key, _ in pairs])
        return dict(pairs)


def _unlike(keys: list[Any]) -> list[Any]:
    """Return the keys of a dictionary or a set, if it can tell them apart in linear time."""
    alike = Counter(map(hash, keys))
    if alike and max(alike.values()) > _MOST_ALIKE:
        raise NotPlain("too many keys with the same hash")
    return keys


def _numbers(dtype: str, shape: list[Any], data: bytes) -> np.ndarray:
    kind = np.dtype(dtype)
    sizes = _shape(shape)
    count = math.prod(sizes)
    # An empty array may have a long side, but what has no bytes is not to become many.
    if kind.kind not in KINDS or kind.itemsize * count != len(data) or count > len(data):
        raise NotPlain("not an array")
    if not data:
        return np.zeros(sizes, kind)
    # A copy: what is read from bytes can't be written.
    return np.frombuffer(data, kind).reshape(sizes).copy()


def _shape(shape: list[Any]) -> tuple[int, ...]:
    if len(shape) > 32 or not all(type(size) is int and 0 <= size < 1 << 40 for size in shape):
        raise NotPlain("not a shape")
    return tuple(shape)
