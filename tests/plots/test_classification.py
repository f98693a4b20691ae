"""Mistakes are counted, predictions have bars as long as they are probable."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.shown import pixels

PICTURE = np.zeros((5, 5), np.uint8)


def test_no_mistakes_are_said_to_be_none(described):
    assert described(lambda: plots.mistakes(PICTURE[None], [1], [1])) == "Mistakes: no mistakes."


def blue(shown):
    red, _, blue = np.moveaxis(pixels(shown).astype(int), 2, 0)
    return int((blue - red > 60).sum())


def test_bars_are_as_long_as_the_probability(output):
    small, large = (
        blue(output(lambda p=p: plots.predictions([PICTURE], [[("n1", "", p)]])))
        for p in (0.3, 0.9)
    )
    assert large == pytest.approx(3 * small, rel=0.1)
    assert small > 200


def test_several_pictures_have_their_own_names(described):
    results = [[("n1", f"kind_{index}", 0.5)] for index in range(3)]
    alt = described(lambda: plots.predictions([PICTURE, PICTURE[:3], PICTURE], results))
    assert alt == "What each picture is taken for. 0: kind 0 50%; 1: kind 1 50%; 2: kind 2 50%."


def test_a_picture_without_result_is_an_empty_panel(described):
    assert described(lambda: plots.predictions([PICTURE], [None])).endswith("0: nothing here yet.")


def test_mistakes_can_have_names_for_labels(described):
    pictures = np.zeros((2, 5, 5), np.uint8)
    alt = described(lambda: plots.mistakes(pictures, ["cat", "dog"], ["cat", "fox"]))
    assert alt == "1 of 1 mistakes. dog seen as fox."
