"""A number stays within its bounds, whoever sets it."""

import pytest

from helpers.play.slider import Slider


@pytest.mark.parametrize(("asked", "got"), [(3, 3), (-1, 2), (2, 2), (9, 9), (10, 9)])
def test_the_nearest_number_within_the_bounds_is_taken(asked, got):
    slider = Slider(min=2, max=9, value=5)
    slider.value = asked
    assert slider.value == got


def test_bounds_that_move_take_the_number_along():
    slider = Slider(min=2, max=9, value=8)
    slider.max = 4
    assert slider.value == 4
    slider.min = slider.max = 6
    assert slider.value == 6


def test_whoever_listens_hears_what_is_taken():
    heard = []
    slider = Slider(max=9)
    slider.observe(lambda change: heard.append(change["new"]), "value")
    slider.value = 12
    assert heard == [9]
