"""Kernels come from the right layer, maps stay few, heat lies where it belongs."""

import numpy as np
import pytest

from helpers import plots
from helpers.errors import CourseError
from tests.plots.shown import pixels


def test_only_as_many_tiles_are_drawn_as_one_can_see(described):
    alt = described(lambda: plots.feature_maps(np.ones((2, 2, 100))))
    assert alt.startswith("First 64 of 100 feature maps of 2 by 2")


@pytest.fixture(scope="module")
def model():
    from helpers.quiet import keras

    return keras.Sequential(
        [
            keras.Input((9, 9, 1)),
            keras.layers.Conv2D(2, 5, name="first"),
            keras.layers.Conv2D(3, 3, name="second"),
            keras.layers.Flatten(),
            keras.layers.Dense(4, name="dense"),
        ]
    )


def test_the_first_convolutional_layer_of_a_model_is_shown_by_default(model, described):
    assert described(lambda: plots.kernels(model)).startswith("2 kernels of 5 by 5")


def test_a_layer_and_a_channel_can_be_chosen(model, output):
    shown = output(lambda: plots.kernels(model, "second", channel=1))
    alt = shown.metadata["image/png"]["alt"]
    assert alt.startswith("3 kernels of 3 by 3")
    assert alt.endswith("Input channel 1 of 2.")
    same = output(lambda: plots.kernels(model.get_layer("second").kernel, channel=1))
    assert same.data["image/png"] == shown.data["image/png"]


def test_a_layer_without_kernels_is_named_with_those_that_have_some(model):
    with pytest.raises(CourseError, match="called 'dense', only first, second"):
        plots.kernels(model, "dense")


def test_heat_is_stretched_over_the_whole_picture_and_laid_where_it_is(output):
    hot = np.zeros((3, 3))
    hot[2, 0] = 1
    image = np.full((60, 90), 128, np.uint8)
    colourful = np.ptp(pixels(output(lambda: plots.heat(image, hot))).astype(int), axis=2) > 60
    across = np.flatnonzero(colourful.any(axis=0))
    # The picture, without heat, is to the left; the colour bar to the right.
    overlay = colourful[:, across[0] : across[0] + 80]
    down = np.flatnonzero(overlay.any(axis=1))
    assert across[0] > colourful.shape[1] / 3
    assert down[0] > colourful.shape[0] / 2


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((3, 3), "in the centre"),
        ((0, 3), "at the top centre"),
        ((6, 6), "at the bottom right"),
        ((3, 0), "at the middle left"),
    ],
)
def test_the_description_says_where_heat_is_highest(place, words, described):
    heat_map = np.full((7, 7), np.nan)
    heat_map[place] = -5
    heat_map[1, 1] = -6
    alt = described(lambda: plots.heat(np.zeros((8, 8)), heat_map, "evidence"))
    assert alt.startswith("Heat map of evidence, 7 by 7")
    assert alt.endswith(f"from -6 to -5, highest {words}.")
