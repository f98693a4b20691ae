import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers import checks

finite = st.floats(-1e6, 1e6, width=32)


@given(arrays(float, (2, 3), elements=finite))
def test_an_array_agrees_with_itself_in_any_form(values):
    lists = values.tolist(), [tuple(row) for row in values]
    for form in (values, *lists, values.astype("f4"), values.astype(object)):
        checks.array("x", form, values)


@given(arrays(float, (2, 3), elements=finite), st.integers(0, 5))
def test_a_single_wrong_value_is_found_and_named(values, index):
    wrong = values.copy()
    wrong.flat[index] += 1 + abs(wrong.flat[index])
    with pytest.raises(AssertionError, match="1 of 6 values wrong") as error:
        checks.array("x", wrong, values)
    assert str(tuple(map(int, np.unravel_index(index, (2, 3))))) in str(error.value)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "is None"),
        (np.zeros((3, 2)), r"shape \(3, 2\), expected \(2, 3\)"),
        (np.full((2, 3), np.nan), "NaN"),
        (np.full((2, 3), np.inf), "infinite"),
        ("two rows", "type `str`"),
        ([[1, 2, 3], [4, 5]], "type `list` and holds other things, or rows of different lengths"),
        (np.array([[object()] * 3] * 2), "type `ndarray`"),
        (np.array([[1.0, 2.0, None]] * 2), "type `ndarray`"),
        (np.zeros((2, 3), complex), "type `ndarray`"),
    ],
)
def test_an_array_of_another_kind_gets_a_hint_that_names_it(answer, message):
    with pytest.raises(AssertionError, match=message) as error:
        checks.array("convolve(image)", answer, np.ones((2, 3)))
    assert "`convolve(image)`" in str(error.value)


def test_an_object_that_raises_when_converted_gets_a_hint():
    class Broken:
        def __array__(self, *args, **kwargs):
            raise RuntimeError("no")

    with pytest.raises(AssertionError, match="type `Broken`"):
        checks.array("x", Broken(), [1.0])


def test_an_object_that_equals_everything_is_no_number():
    class Equal:
        def __eq__(self, other):
            return True

    with pytest.raises(AssertionError):
        checks.number("x", Equal(), 3)


@pytest.mark.parametrize("three", [3, 3.0, np.int64(3), np.float32(3), np.array([3]), [3]])
def test_a_number_may_come_in_any_numeric_type(three):
    checks.number("x", three, 3)


@pytest.mark.parametrize("answer", [True, None, "3", [3, 3], 2.5, float("nan"), float("inf")])
def test_what_is_not_the_number_gets_a_hint(answer):
    with pytest.raises(AssertionError, match="`x`"):
        checks.number("x", answer, 3 if answer is not True else 1)


def test_the_lowest_number_allowed_passes_and_less_does_not():
    checks.at_least("accuracy", 0.5, 0.5)
    with pytest.raises(AssertionError, match=r"0\.49.*0\.5"):
        checks.at_least("accuracy", 0.49, 0.5)
    with pytest.raises(AssertionError):
        checks.at_least("accuracy", float("nan"), 0.5)


def said_by(check, *arguments, **named):
    with pytest.raises(AssertionError) as error:
        check("x", *arguments, **named)
    return str(error.value)


def test_the_hint_of_the_test_cell_is_passed_on_to_whom_it_explains_the_error():
    hints = {"hint": "Look at the bias.", "shape_hint": "Is a row lost?"}
    assert said_by(checks.array, [1.0], [2.0], **hints).endswith("expected 2. Look at the bias.")
    assert said_by(checks.array, [1.0], [2.0, 2.0], **hints).endswith("(2,). Is a row lost?")
    for message in (
        said_by(checks.array, [np.nan], [2.0], **hints),
        said_by(checks.array, None, [2.0], **hints),
        said_by(checks.array, "two", [2.0], **hints),
    ):
        assert "bias" not in message
        assert "row" not in message


@pytest.mark.parametrize("seen", [[[7, 0], [0, 0]], [[7, -2], [0, 0]]])
def test_zeros_behind_the_right_values_are_told_from_wrong_values(seen):
    message = said_by(checks.array, seen, [[7, -2], [3, 5]], "Look at the kernel.")
    assert "is `return` inside it? Look at the kernel." in message


@pytest.mark.parametrize("seen", [[0, 0, 0], [7, 0, 1], [7, -2, 0], [7, 1, 1], [7, -2, 4]])
def test_other_wrong_values_say_nothing_about_a_loop(seen):
    assert "loop" not in said_by(checks.array, seen, [7, -2, 3])


@pytest.mark.parametrize("check", [checks.number, checks.at_least])
def test_text_in_place_of_a_number_is_no_array(check):
    assert "`x` should be one number, but it is of type `str`" in said_by(check, "0.75", 0.5)


@pytest.mark.parametrize(
    ("seen", "expected", "difference"),
    [
        ((), (2, 3), "It has no axes instead of 2 axes."),
        ((4, 5, 1), (5,), "It has 3 axes instead of 1 axis."),
        ((3, 2), (2, 3), "in another order: are axes swapped?"),
        ((5, 8, 2), (6, 8, 3), "Look at axis 0, 2."),
        ((2, 2), (2, 3), "Look at axis 1."),
    ],
)
def test_a_shape_without_a_hint_of_its_own_gets_one_that_says_what_differs(
    seen, expected, difference
):
    assert said_by(checks.array, np.ones(seen), np.ones(expected), "A value.").endswith(difference)
    assert said_by(checks.shape, np.ones(seen), expected).endswith(difference)
    assert said_by(checks.shape, np.ones(seen), expected, "Rows first.").endswith("Rows first.")


def test_jupyter_shows_the_hint_and_no_traceback():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    with capture_output() as shown:
        shell = InteractiveShell()
        shell.run_cell("from helpers import checks\nchecks.number('x', 1, 2, 'Look here.')")
    assert "Look here." in shown.stdout
    assert "values.py" not in shown.stdout
