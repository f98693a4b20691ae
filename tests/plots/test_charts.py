"""Charts share their panels, write numbers out, and tell classes and curves apart."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import plots
from helpers.plots.figures import COLOURS, LOOKS
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


def test_the_first_49_looks_differ():
    assert len(set(LOOKS)) == len(LOOKS) == 49


def curve(accuracy):
    return [2, 4], [[accuracy], [accuracy]]


@pytest.mark.parametrize(
    "plot",
    [
        lambda a, b: plots.scatter([[number, 0] for number in range(8)], [a, 1, 2, 3, 4, 5, 6, b]),
        lambda a, b: plots.accuracy_spread(
            {str(place): curve(n / 8) for place, n in enumerate((a, 1, 2, 3, 4, 5, 6, b))}
        ),
        lambda a, b: plots.learning_curves(
            {str(place): {"loss": [n, n]} for place, n in enumerate((a, 1, 2, 3, 4, 5, 6, b))}
        ),
    ],
)
def test_the_eighth_does_not_look_like_the_first(plot, output):
    known, exchanged = output(lambda: plot(0, 7)), output(lambda: plot(7, 0))
    assert known.data["image/png"] != exchanged.data["image/png"]


def test_classes_are_named_by_their_labels(described):
    points = [[0, 0], [0, 1], [9, 0]]
    assert described(lambda: plots.scatter(points, ["b", "a", "b"])).startswith(
        "Scatter plot: 1 a; 2 b."
    )
    whole = described(lambda: plots.scatter(points, [1.0, 4.0, 1.0]))
    assert whole.startswith("Scatter plot: 2 1; 1 4.")


def test_sizes_in_any_order_make_the_same_curve(output):
    upwards = output(lambda: plots.accuracy_spread(([2, 4, 8], [[0.5], [0.6], [0.9]])))
    mixed = output(lambda: plots.accuracy_spread(([8, 2, 4], [[0.9], [0.5], [0.6]])))
    assert mixed.data == upwards.data


def test_what_fit_returns_is_as_good_as_its_history(output):
    fitted = SimpleNamespace(history=HISTORY)
    known = output(lambda: plots.learning_curves(HISTORY))
    assert output(lambda: plots.learning_curves(fitted)).data == known.data
    known = output(lambda: plots.learning_curves({"mine": HISTORY}))
    assert output(lambda: plots.learning_curves({"mine": fitted})).data == known.data
