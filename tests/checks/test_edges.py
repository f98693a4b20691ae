import numpy as np
import pytest
from scipy import ndimage

from helpers import checks


@pytest.fixture(scope="module")
def picture():
    noise = np.random.default_rng(0).normal(size=(64, 80))
    return ndimage.gaussian_filter(noise, 3) * 5


def test_a_detector_is_like_the_gradient_in_any_scale(picture):
    sobel = np.hypot(ndimage.sobel(picture, 0), ndimage.sobel(picture, 1))
    for edges in (sobel, sobel**2, 100 * sobel, sobel[1:-1, 2:-2]):
        assert checks.edge_likeness(edges, picture) > 0.9


def test_the_picture_itself_is_not_like_its_edges(picture):
    assert checks.edge_likeness(picture - picture.min(), picture) < 0.5


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (None, "is None"),
        (np.zeros(5), "2-D"),
        (np.zeros((5, 20)), "at most 4 pixels smaller"),
        (np.zeros((11, 20)), "at most 4 pixels smaller"),
        (np.zeros((8, 18, 2)), "combine the maps"),
        (np.zeros((10, 21)), "of this size"),
        (np.full((10, 20), -1.0), r"down to -1.*np\.abs"),
        (np.full((10, 20), np.nan), r"root of a negative number.*divide by a maximum"),
    ],
)
def test_what_is_no_map_of_edges_gets_a_hint(edges, message):
    with pytest.raises(AssertionError, match=message):
        checks.edge_map("find_edges(gray)", edges, (10, 20))


def test_a_channel_axis_of_one_is_dropped():
    assert checks.edge_map("edges", np.zeros((8, 18, 1)), (10, 20)).shape == (8, 18)


STAIRS = np.repeat([[0.0] * 12 + [0.3] * 12 + [1.0] * 12], 24, axis=0)


@pytest.mark.parametrize("stairs", [STAIRS, 1 - STAIRS, STAIRS.T, STAIRS[:, ::-1].T])
@pytest.mark.parametrize("lost", [0, 1, 2])
def test_strengths_on_stairs_are_those_of_flat_parts_and_of_each_step(stairs, lost):
    sobel = np.hypot(ndimage.sobel(stairs, 0), ndimage.sobel(stairs, 1))
    height, width = sobel.shape
    edges = sobel[lost : height - lost, lost : width - lost]
    flat, *steps = checks.strengths_on_stairs("edges", edges, stairs)
    assert flat == 0
    assert sorted(steps) == pytest.approx([1.2, 2.8])


def test_a_map_that_is_not_flat_between_steps_is_told_from_one_that_is():
    for edges in (np.ones((24, 36)), np.random.default_rng(0).uniform(size=(22, 34))):
        flat, *steps = checks.strengths_on_stairs("edges", edges, STAIRS)
        assert flat > 0.5 * min(steps)
