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
        (ROW, "a dictionary of its own"),
        ({"one": ROW | {"accuracy": None}}, "None"),
        ({"one": ROW | {"milliseconds": float("nan")}}, "finite"),
        ({"one": ROW | {"milliseconds": [1.0, 2.0]}}, "finite"),
        ({"one": ROW | {"milliseconds": np.float64("nan")}}, r"\['milliseconds'\]` is nan, not"),
        (
            {"one": ROW | {"parameters": "many"}},
            r"table\['one'\]\['parameters'\]` should be one num",
        ),
    ],
)
def test_a_wrong_comparison_is_told_why(table, hint):
    with pytest.raises(CheckFailed, match=hint):
        checks.comparison("table", table, ["one"])


def test_a_table_with_the_first_of_several_networks_asks_about_the_loop():
    with pytest.raises(CheckFailed, match="inside the loop"):
        checks.comparison("table", {"one": ROW}, ["one", "two"])
    with pytest.raises(CheckFailed, match=r"but has \['two'\]\.$"):
        checks.comparison("table", {"two": ROW}, ["one", "two"])


def test_seconds_are_no_milliseconds(network, pictures):
    for wrong, hint in ((0.0, "unit.*cache=False"), (1e-4, "unit.*cache"), (1e6, "unit, divide")):
        with pytest.raises(CheckFailed, match=hint):
            checks.duration("time", wrong, pictures, network)


def test_the_time_of_all_pictures_is_no_time_for_each():
    checks.time_for_each("time", 25.0, 4, whole=100.0)
    with pytest.raises(CheckFailed, match="divide by their number"):
        checks.time_for_each("time", 25.1, 4, whole=100.0)
