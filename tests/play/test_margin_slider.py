"""The machine in the plane learns from as many pictures as the slider says."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sklearn.decomposition import PCA

from helpers.errors import CourseError
from helpers.play.margin_slider import MarginSlider, main_plane

GENERATOR = np.random.default_rng(0)
LABELS = np.repeat([0, 1], 10)
FEATURES = GENERATOR.normal(size=(20, 6)) + 5 * LABELS[:, None]
IMAGES = GENERATOR.integers(0, 256, (20, 8, 8, 3), dtype=np.uint8)
NAMES = ["pincers", "scissors"]


@pytest.fixture
def slider():
    return MarginSlider(FEATURES, LABELS, IMAGES, NAMES)


def test_the_plane_is_the_one_of_pca_and_the_same_each_time():
    points = main_plane(FEATURES)
    assert np.abs(points) == pytest.approx(np.abs(PCA(2).fit_transform(FEATURES)))
    assert main_plane(FEATURES[::-1])[::-1] == pytest.approx(points)


@pytest.mark.parametrize("count", [2, 7, 20])
def test_the_first_pictures_are_learned_and_the_others_judged(slider, count):
    slider.count.value = count
    _, text = slider.draw()
    first, second = re.search(r"(\d+) pincers; (\d+) scissors", text).groups()
    assert int(first) + int(second) == count
    assert abs(int(first) - int(second)) <= 1
    assert ("Of the other" in text) == (count < 20)
    assert slider.plane.alt == text


def test_groups_that_are_far_apart_are_told_apart(slider):
    slider.count.value = 10
    assert "Of the other 10, in grey, 100% are on the right side." in slider.draw()[1]


def test_only_pictures_that_are_learned_from_can_be_looked_at(slider):
    slider.count.value = 15
    slider.number.value = 15
    seen = slider.view.value
    slider.count.value = 4
    assert (slider.number.value, slider.number.max) == (4, 4)
    assert slider.view.value != seen


def test_the_chosen_picture_is_shown_with_its_name(slider):
    shown = set()
    for number in range(1, 11):
        slider.number.value = number
        shown.add(re.search(r'base64,(\S+)" alt="Picture', slider.view.value)[1])
        assert re.search(rf"picture {number}: (pincers|scissors)<", slider.view.value)
    assert len(shown) == 10


def test_the_point_under_the_mouse_shows_its_picture(slider):
    for number in (8, 3):
        slider.plane.place = tuple(slider.places[number - 1])
        assert slider.number.value == number
    # The figure has no point in its corner, so the last picture stays.
    slider.plane.place = (0, 0)
    assert slider.number.value == 3


def test_the_points_are_where_the_figure_shows_them(slider):
    """The ring around the chosen point is the one thing that two figures do not share."""
    slider.number.value = 7
    one = drawn(slider)
    slider.number.value = 8
    differs = (one != drawn(slider)).any(axis=2)
    size = differs.shape[::-1]
    for number in (7, 8):
        across, down = np.rint(slider.places[number - 1] * size).astype(int)
        ring = differs[down - 12 : down + 13, across - 12 : across + 13]
        rows, columns = np.nonzero(ring)
        assert [rows.min() + rows.max(), columns.min() + columns.max()] == pytest.approx(
            [24, 24], abs=3
        )


def drawn(slider):
    return np.asarray(Image.open(BytesIO(b64decode(slider.plane.png))).convert("RGB"))


def test_what_does_not_belong_together_is_named():
    with pytest.raises(CourseError, match="features of 20 pictures, 20 labels and 3 images"):
        MarginSlider(FEATURES, LABELS, IMAGES[:3], NAMES)
    with pytest.raises(CourseError, match="two classes"):
        MarginSlider(FEATURES, np.zeros(20, int), IMAGES, NAMES)
