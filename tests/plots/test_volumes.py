"""Blocks are as high and wide as their maps, and deeper for more channels."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.plots.volumes import draw_volumes


def extent(shapes):
    """Return height, width and depth of each block in the figure's own units."""
    (panel,) = draw_volumes(shapes)[0].axes
    fronts, tops = panel.patches[::3], panel.patches[1::3]
    found = []
    for front, top in zip(fronts, tops, strict=True):
        wide, tall = np.ptp(front.get_xy(), axis=0)
        found.append((tall, wide, np.ptp(top.get_xy()[:, 1])))
    return found


def test_height_and_width_are_to_scale():
    (first, second) = extent({"image": (28, 20, 1), "pooled": (14, 10, 1)})
    assert first[:2] == pytest.approx((1, 20 / 28))
    assert second == pytest.approx((0.5, 10 / 28, first[2]))


def test_more_channels_are_deeper_and_none_hides_the_others():
    depths = [depth for *_, depth in extent({str(c): (8, 8, c) for c in (1, 2, 32, 1280)})]
    assert depths == sorted(depths)
    assert depths[0] > 0
    assert depths[1] == pytest.approx(2 * depths[0])
    assert depths[3] < 0.6


def test_blocks_stand_beside_each_other_under_their_names():
    (panel,) = draw_volumes({"a": (8, 8, 512), "b": (1, 1, 1), "c": (8, 8, 3)})[0].axes
    blocks = [
        np.concatenate([face.get_xy() for face in panel.patches[place : place + 3]])[:, 0]
        for place in (0, 3, 6)
    ]
    for left, right in pairwise(blocks):
        assert left.max() < right.min()
    assert [text.get_text() for text in panel.texts] == [
        "a\n8 x 8 x 512",
        "b\n1 x 1 x 1",
        "c\n8 x 8 x 3",
    ]
