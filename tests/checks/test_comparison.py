import numpy as np
import pytest

from helpers import checks
from helpers.checks import CheckFailed

ROW = {"accuracy": np.float32(0.5), "parameters": 10, "milliseconds": [3.0]}


def test_a_comparison_becomes_plain_numbers():
    rows = checks.comparison("table", {"one": ROW, "two": ROW}, ["two", "one"])
    assert rows["one"] == {"accuracy": 0.5, "parameters": 10.0, "milliseconds": 3.0}


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        (None, "NoneType"),
        ([ROW], "dictionary"),
        ({}, "one"),
        ({"one": ROW, "other": ROW}, "other"),
        ({"one": 0.5}, "accuracy"),
        ({"one": {"accuracy": 0.5, "parameters": 3}}, "milliseconds"),
        ({"one": ROW | {"accuracy": None}}, "None"),
        ({"one": ROW | {"milliseconds": float("nan")}}, "finite"),
        ({"one": ROW | {"milliseconds": [1.0, 2.0]}}, "finite"),
        ({"one": ROW | {"parameters": "many"}}, "parameters"),
    ],
)
def test_a_wrong_comparison_is_told_why(table, hint):
    with pytest.raises(CheckFailed, match=hint):
        checks.comparison("table", table, ["one"])


def test_seconds_are_no_milliseconds(network, pictures):
    for wrong in (0.0, 1e-4, 1e6):
        with pytest.raises(CheckFailed, match="unit"):
            checks.duration("time", wrong, pictures, network)


def test_the_time_of_all_pictures_is_no_time_for_each():
    checks.time_for_each("time", 25.0, 4, whole=100.0)
    with pytest.raises(CheckFailed, match="divide by their number"):
        checks.time_for_each("time", 25.1, 4, whole=100.0)
