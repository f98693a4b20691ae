"""Rendered pictures are those of the course, and the renderer does what it says."""

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import photos
from helpers.datasets.rendering import PICTURES
from helpers.datasets.rendering.scene import Eye, render
from helpers.datasets.rendering.surfaces import SPACING, Surface, block, grid, moved, turned

pytestmark = pytest.mark.slow

FRONT = Eye(place=(0.0, 0.0, 10.0), target=(0.0, 0.0, 0.0), field=2.0)
RED, BLUE, WHITE = np.eye(3)[0], np.eye(3)[2], np.ones(3)


def wall(half, z, colour):
    down, along = grid(1000, 1000)
    flat = np.stack([half * (2 * along - 1), half * (2 * down - 1), np.full_like(down, z)], -1)
    return Surface(flat, colour)


def ground(y):
    return Surface(turned(wall(1.2, y, WHITE).points, np.pi / 2, axis=0), WHITE)


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_that_comes_with_the_course_is_drawn_again(name):
    ours = np.asarray(Image.open(photos.FOLDER / f"{name}.png").convert("RGB")).astype(int)
    # Another processor may round a point of the edge to the next pixel.
    assert (np.abs(PICTURES[name]() - ours) > 2).mean() < 1e-3


def test_what_is_nearer_hides_what_is_behind():
    picture = render([wall(0.6, 0, RED), wall(0.3, 1, BLUE)], FRONT, (0, 0, 1))
    assert picture[128, 128].argmax() == 2
    assert picture[128, 60].argmax() == 0
    assert (picture[128, 5] == 255).all()


def test_the_ground_is_white_but_for_shadows():
    eye = Eye(place=(0.0, 4.0, 4.0), target=(0.0, 0.0, 0.0), field=2.0)
    lamp = (-1.0, 1.0, 0.0)
    bare = render([ground(0)], eye, lamp)
    assert bare.min() >= 250
    cube = moved(block((0.3, 0.3, 0.3)), 0, 0.15, 0)
    changed = (render([ground(0), Surface(cube, RED)], eye, lamp) < 200).all(-1)
    # The lamp is on the left.
    assert changed[:, 160:].any()
    assert not changed[:, :100].any()


def test_a_block_has_its_size_and_dense_points():
    points = block((1.0, 2.0, 0.5))
    assert np.ptp(points.reshape(-1, 3), axis=0) == pytest.approx([1.0, 2.0, 0.5], rel=0.01)
    for axis in (0, 1):
        assert np.linalg.norm(np.diff(points, axis=axis), axis=-1).max() < 1.5 * SPACING


def test_turning_keeps_distances_and_the_axis():
    points = np.random.default_rng(1).normal(size=(4, 5, 3))
    for axis in range(3):
        result = turned(points, 0.7, axis)
        np.testing.assert_array_equal(result[..., axis], points[..., axis])
        lengths = (np.linalg.norm(each, axis=-1) for each in (result, points))
        np.testing.assert_allclose(*lengths)
