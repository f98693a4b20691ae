"""Charts share their panels, write numbers out, and tell classes and curves apart."""

import numpy as np
import pytest

from helpers import plots
from helpers.plots.figures import COLOURS
from tests.plots.shown import area

HISTORY = {"accuracy": [0.9, 0.95], "val_accuracy": [0.92, 0.97], "loss": [0.3, 0.1]}


def on_white(colour, alpha):
    """Return what a translucent colour looks like on white paper."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 + alpha * (part - 255)):02x}" for part in parts)


def test_several_networks_share_the_panels(described):
    alt = described(lambda: plots.learning_curves({"slow": HISTORY, "fast": {"loss": [0.2, 0.05]}}))
    assert "loss slow, training 0.3 to 0.1; loss fast, training 0.2 to 0.05" in alt


def test_large_numbers_are_written_out(described):
    alt = described(lambda: plots.bars({"dense": 1234567}, "parameters"))
    assert alt == "Bar chart of parameters: dense 1,234,567."


def test_a_curve_alone_needs_no_name(described):
    alt = described(lambda: plots.accuracy_spread((np.array([2, 4]), np.array([[0.5], [0.75]]))))
    assert alt.endswith(". 2 0.50 (0.50 to 0.50), 4 0.75 (0.75 to 0.75).")


def test_one_accuracy_for_each_size_is_one_order(output):
    flat = output(lambda: plots.accuracy_spread(([2, 4], [0.5, 0.75])))
    assert flat.data == output(lambda: plots.accuracy_spread(([2, 4], [[0.5], [0.75]]))).data


def test_each_curve_has_a_colour_of_its_own(output):
    curve = [2, 4], [[0.5], [0.75]]
    below = [2, 4], [[0.3], [0.35]]
    one = output(lambda: plots.accuracy_spread({"a": curve}))
    two = output(lambda: plots.accuracy_spread({"a": curve, "b": below}))
    assert [area(one, colour) > 100 for colour in COLOURS[:2]] == [True, False]
    assert [area(two, colour) > 100 for colour in COLOURS[:2]] == [True, True]


def test_more_spread_makes_a_wider_band(output):
    curves = {
        "narrow": ([2, 10], [[0.2, 0.3], [0.2, 0.3]]),
        "wide": ([2, 10], [[0.5, 0.9], [0.5, 0.9]]),
    }
    shown = output(lambda: plots.accuracy_spread(curves))
    small, large = (area(shown, on_white(colour, 0.15)) for colour in COLOURS[:2])
    assert large == pytest.approx(4 * small, rel=0.2)
    assert small > 1000


def test_any_number_of_classes_is_scattered(described):
    points = np.arange(20.0).reshape(10, 2)
    alt = described(lambda: plots.scatter(points, range(10)))
    assert alt.startswith("Scatter plot: 1 0; 1 1; ")
    assert alt.endswith("for 0%.")


def test_points_on_the_same_place_are_nearest_to_each_other(described):
    points = [[0, 0]] * 3 + [[5, 5]] * 2
    alt = described(lambda: plots.scatter(points, [0, 0, 0, 1, 1]))
    assert alt.endswith("for 100%.")


def test_a_single_point_has_no_neighbour(described):
    assert described(lambda: plots.scatter([[1, 2]], [0])) == "Scatter plot: 1 0."


def test_classes_differ_in_shape_also_without_colour(output):
    shown = output(lambda: plots.scatter([[0, 0], [9, 0], [0, 9], [9, 9]], [0, 1, 0, 1]))
    circles, squares = (area(shown, on_white(colour, 0.75)) for colour in COLOURS[:2])
    assert squares > 1.15 * circles > 0
