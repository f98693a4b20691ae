"""Diagrams show the step that is asked for, number by number."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers import convolution, plots
from helpers.plots import boards
from helpers.plots.diagrams import draw_pooling, draw_step
from tests.plots.shown import area, pixels

IMAGE = np.arange(20.0).reshape(4, 5)
KERNEL = np.array([[0, 1], [2, -1]])


def look(drawn):
    """Return the texts of a diagram, and its frames as x, y, width, height."""
    (panel,) = drawn[0].axes
    frames = [
        [*patch.get_xy(), patch.get_width(), patch.get_height()]
        for patch in panel.patches
        if isinstance(patch, Rectangle) and not patch.get_fill()
    ]
    return [text.get_text() for text in panel.texts], frames


def test_each_number_of_the_step_is_written_once():
    texts, _ = look(draw_step(IMAGE, KERNEL, 1, 2))
    products = IMAGE[1:3, 2:4] * KERNEL
    maps = convolution.conv2d(IMAGE[..., None], KERNEL[..., None, None])
    expected = [boards.written(n) for part in (IMAGE, KERNEL, products, maps) for n in part.flat]
    signs = ["\N{MULTIPLICATION SIGN}", "=", "sum\n→", "image", "kernel", "products", "feature map"]
    assert sorted(texts) == sorted([*expected, *signs])


def test_the_window_moves_with_the_place_of_the_sum():
    _, first = look(draw_step(IMAGE, KERNEL, 0, 0))
    _, moved = look(draw_step(IMAGE, KERNEL, 2, 3))
    assert first[0] == [0, 0, 2, 2]
    assert moved[0] == [3, 2, 2, 2]
    assert np.subtract(moved[-1], first[-1]) == pytest.approx([3, 2, 0, 0])


def test_a_kernel_spans_all_channels_and_makes_one_map():
    image = np.stack([IMAGE, 10 * IMAGE, 100 + IMAGE], axis=2)
    kernel = np.stack([KERNEL, 3 * KERNEL, -KERNEL], axis=2)
    texts, frames = look(draw_step(image, kernel, 0, 0))
    assert texts.count("=") == 3
    assert texts.count("feature map") == 1
    # A window and products in each channel, one sum.
    assert len(frames) == 7


def test_the_sums_of_the_channels_are_described(described):
    image = np.ones((2, 2, 3)) * [1, 10, 100]
    alt = described(lambda: plots.sliding(image, np.ones((1, 2, 3))))
    assert "a kernel of 1 by 2 by 3 on an image of 2 by 2 by 3" in alt
    assert "add up to 2 20 200; their sum, 222, is one number of the feature map of 2 by 1" in alt


def test_three_channels_are_red_green_and_blue_and_others_white(output):
    seen = {}
    for channels in (2, 3):
        image, kernel = np.ones((3, 3, channels)), np.ones((2, 2, channels))
        shown = output(lambda image=image, kernel=kernel: plots.sliding(image, kernel))
        rgb = pixels(shown).astype(int)
        seen[channels] = [
            int(((rgb[..., place] - rgb.min(axis=2) > 10) & (rgb.min(axis=2) > 200)).sum())
            for place in range(3)
        ]
    assert min(seen[3]) > 1000 > max(seen[2])


def test_the_largest_of_each_square_is_framed_and_written_again():
    values = np.array([[1, 3, 0, 7], [4, 2, 5, 1], [-3, -9, 8, 8], [-2, -5, 6, 8]])
    texts, frames = look(draw_pooling(values))
    assert [texts.count(text) for text in ("4", "7", "-2", "-9")] == [2, 2, 2, 1]
    assert frames == [[0, 1, 1, 1], [3, 0, 1, 1], [0, 3, 1, 1], [2, 2, 1, 1]]


def test_what_is_left_over_is_grey_and_said(output):
    whole = output(lambda: plots.pooling(np.ones((4, 4))))
    more = output(lambda: plots.pooling(np.ones((5, 6)), 2))
    assert "Left over" not in whole.metadata["image/png"]["alt"]
    assert "Left over at the bottom and on the right: 1 and 0." in more.metadata["image/png"]["alt"]
    assert area(more, "#8c8c8c") > area(whole, "#8c8c8c")


def test_numbers_are_short():
    assert [boards.written(n) for n in (-1, 0.123456, 12.0)] == ["-1", "0.123", "12"]
