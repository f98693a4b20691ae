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
        (np.full((10, 20), -1.0), "never negative"),
        (np.full((10, 20), np.nan), "finite"),
    ],
)
def test_what_is_no_map_of_edges_gets_a_hint(edges, message):
    with pytest.raises(AssertionError, match=message):
        checks.edge_map("find_edges(gray)", edges, (10, 20))


def test_a_channel_axis_of_one_is_dropped():
    assert checks.edge_map("edges", np.zeros((8, 18, 1)), (10, 20)).shape == (8, 18)
