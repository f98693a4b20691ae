import array
import collections
import ctypes
import enum
import fractions
import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helpers.grading.judging.plain import NotPlain, pack
from helpers.grading.judging.unpacking import unpack

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
values = st.recursive(
    scalars | st.complex_numbers(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.booleans()), inner)
        | st.frozensets(st.integers(), max_size=1)
    ),
    max_leaves=20,
)
kinds = arrays.boolean_dtypes() | arrays.integer_dtypes() | arrays.floating_dtypes()
kinds |= arrays.complex_number_dtypes() | arrays.unicode_string_dtypes()


def refuse(what):
    raise NotPlain(f"a reference: {what}")


def there_and_back(value):
    return unpack(*pack(value, refuse), refuse)


def same(a, b):
    """Tell equal values of the same types, NaN included."""
    return repr(a) == repr(b) and type(a) is type(b)


@given(values)
def test_plain_data_comes_back_as_it_went(value):
    assert same(there_and_back(value), value)


@given(arrays.arrays(kinds, arrays.array_shapes(min_dims=0, min_side=0)))
def test_arrays_come_back_with_shape_and_dtype(array):
    back = there_and_back(array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


class Equal(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Colour(enum.IntEnum):
    RED = 3


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Equal(2), 2.0),
        ([Equal(2)], [2.0]),
        (Colour.RED, 3),
        (Point(1, 2), (1, 2)),
        (collections.OrderedDict(a=1), {"a": 1}),
        ((n for n in range(3)), [0, 1, 2]),
        ({"b": 1, "a": 2}.keys(), {"b": 0, "a": 0}.keys()),
        ({"b": [1]}.items(), {"b": [1]}.items()),
        ({"b": [1]}.values(), [[1]]),
        (collections.deque([1, 2]), [1, 2]),
        (collections.UserList([1, 2]), [1, 2]),
        (collections.UserString("ab"), "ab"),
        (array.array("d", [1, 2]), [1.0, 2.0]),
        (memoryview(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
        ((ctypes.c_double * 2)(1, 2), np.array([1.0, 2.0])),
        (np.array([("cat", 0.5)], dtype="U3, f8"), [("cat", 0.5)]),
        (np.array([("cat", 0.5)], dtype="U3, f8")[0], ("cat", 0.5)),
        (tf.TensorShape([None, 3]), (None, 3)),
        (np.dtype("float32"), np.dtype("float32")),
        (np.datetime64("2026-01-31"), np.datetime64("2026-01-31")),
        (fractions.Fraction(1, 2), 0.5),
        (zip("ab", (1, 2), strict=True), [("a", 1), ("b", 2)]),
        (range(2, 9, 3), range(2, 9, 3)),
        (collections.Counter("aab"), collections.Counter("aab")),
        (collections.defaultdict(list, a=[1]), collections.defaultdict(list, a=[1])),
        (collections.defaultdict(lambda: 3, a=1), {"a": 1}),
        (collections.defaultdict(collections.Counter, a=1), {"a": 1}),
    ],
)
def test_other_types_become_what_they_are_made_of(value, expected):
    assert same(there_and_back(value), expected)


def test_arrays_of_subclasses_and_of_objects_are_plain():
    matrix = there_and_back(np.matrix([[1, 2]]))
    assert type(matrix) is np.ndarray and matrix.shape == (1, 2)
    objects = there_and_back(np.array([Equal(1), "a", None], dtype=object))
    assert objects.tolist() == [1.0, "a", None] and type(objects[0]) is float


def test_what_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(NotPlain, match="nested too deeply"):
        pack(loop, refuse)


def test_objects_go_by_reference():
    text, buffers = pack([object, 1], lambda value: ["it", value.__name__])
    assert unpack(text, buffers, lambda what: tuple(what)) == [("it", "object"), 1]


hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["list", "dict", "array", "objects", "scalar", "int", "bytes", "<f8", "O"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=25,
)


@given(hostile, st.lists(st.binary(max_size=16), max_size=2))
def test_whatever_a_hostile_process_sends_is_plain_data_or_refused(tree, buffers):
    try:
        value = unpack(json.dumps(tree).encode(), buffers, refuse)
    except NotPlain:
        return
    pack(value, refuse)


@pytest.mark.parametrize(
    "tree",
    [
        ["array", "O", [1], 0],
        ["array", "<f8", [10**12], 0],
        ["array", "<f8", [-1], 0],
        ["array", "<f8", [1], 7],
        ["array", "not a dtype", [1], 0],
        ["scalar", "<f8", [2], 0],
        ["set", [["list", []]]],
        ["dict", [[["list", []], ["value", 1]]]],
        ["int", "9" * 20_000],
        ["value", 1.5],
        "text",
        None,
    ],
)
def test_malformed_data_is_refused(tree):
    with pytest.raises(NotPlain):
        unpack(json.dumps(tree).encode(), [bytes(8)], refuse)


ALIKE = 2**61 - 1
"""Multiples of it have the same hash."""


@pytest.mark.parametrize(
    "value",
    [
        {ALIKE * n: n for n in range(1000)},
        {ALIKE * n for n in range(1000)},
        frozenset(ALIKE * n for n in range(1000)),
        dict.fromkeys(ALIKE * n for n in range(1000)).keys(),
        dict.fromkeys(ALIKE * n for n in range(1000)).items(),
        collections.Counter(ALIKE * n for n in range(1000)),
        [ALIKE * n for n in range(1000)],
        {(complex(1_000_003 * n, -n),) for n in range(1000)},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_can_be_told_apart_only_one_by_one_is_refused(value):
    with pytest.raises(NotPlain, match="too many"):
        there_and_back(value)


@pytest.mark.parametrize(
    "value",
    [
        {ALIKE * n: n for n in range(100)},
        [2**n for n in range(1000)],
        list(range(-(10**5), 10**5)),
        [2**64] * 1000,
        [tuple(range(n, n + 3)) for n in range(10**5)],
        {(n, -n): n for n in range(10**4)},
    ],
    ids=["a few", "powers", "numbers", "the same", "rows", "pairs"],
)
def test_honest_numbers_and_keys_are_no_such_thing(value):
    assert there_and_back(value) == value


@pytest.mark.parametrize(
    ("tree", "buffers"),
    [
        (["list", [["value", None]] * 500_001], []),
        (["list", [["list", "d", 0]] * 6], [bytes(8_000_000)]),
        (["list", [["list", "<f2", 0]] * 6], [bytes(2_000_000)]),
        (["list", [["scalar", "<f8", [], 0]] * 50_001], [bytes(8)]),
        (["range", 0, 10**9, 1], []),
        (["array", "<U0", [10**9], 0], [b""]),
    ],
    ids=["values", "numbers", "half precision", "scalars", "a range", "empty text"],
)
def test_no_answer_is_too_large_to_be_read_in_a_moment(tree, buffers):
    with pytest.raises(NotPlain):
        unpack(json.dumps(tree).encode(), buffers, refuse)


def test_a_whole_number_of_thousands_of_digits_is_named_as_such():
    with pytest.raises(NotPlain, match="a whole number of 39,990 bits"):
        pack(2**39_990 - 1, refuse)
    assert there_and_back(-(2**13_999)) == -(2**13_999)


def test_nesting_has_an_end():
    with pytest.raises(NotPlain):
        unpack(b'["list", [' * 500 + b"]]" * 500, [], refuse)
    with pytest.raises(NotPlain):
        unpack(b"[" * 100_000, [], refuse)
