import numpy as np
import pytest

from helpers import checks


@pytest.mark.parametrize(
    "value", [[2, 0, 3], (2, 0, 3), np.array([2, 0, 3], "int32"), np.array([2.0, 0.0, 3.0])]
)
def test_positions_in_any_form_keep_their_order(value):
    assert checks.positions("nearest", value, 4).tolist() == [2, 0, 3]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "is None"),
        ("all", "should be an array of numbers"),
        (object(), "should be an array of numbers"),
        (3, "should be one row"),
        ([[1, 2]], "should be one row of positions. `np.concatenate` joins"),
        ([np.arange(2), np.arange(1)], "rows of different lengths"),
        ([True, False, True, False], "give positions"),
        ([0, 4], "holds 4"),
        ([-1, 2], "holds -1"),
        ([0.5], "holds 0.5"),
        ([float("nan")], "holds nan"),
        ([3, 1, 3], "picture 3 more than once"),
    ],
)
def test_what_are_no_positions_is_named(value, message):
    with pytest.raises(checks.CheckFailed, match=message) as failure:
        checks.positions("nearest", value, 4)
    assert "`nearest`" in str(failure.value)


def test_a_split_may_leave_pictures_out():
    train, test = checks.two_sides("split", ([0, 3], {2}), 5)
    assert (train.tolist(), test.tolist()) == ([0, 3], [2])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "two things"),
        (([0], [1], [2]), "two things"),
        ((None, [1]), "train of split` is None"),
        (([0], [7]), "test of split` holds 7"),
        (([], [1]), "no training picture"),
        (([1], []), "no test picture"),
        (([0, 2, 4], [4, 3]), "1 pictures on both sides, the first is picture 4"),
    ],
)
def test_what_is_no_split_is_named(value, message):
    with pytest.raises(checks.CheckFailed, match=message):
        checks.two_sides("split", value, 5)


@pytest.mark.parametrize("sides", [([0, 0, 1], [2]), ([0, 1], [1, 2])])
def test_pictures_that_are_named_twice_get_the_hint_of_the_exercise(sides):
    with pytest.raises(checks.CheckFailed, match=r"\. Shuffle once\.$"):
        checks.two_sides("split", sides, 5, "Shuffle once.")
