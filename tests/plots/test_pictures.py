"""Pictures keep their greys, and a sheet shows them all and frames the marked ones."""

import numpy as np
import pytest

from helpers import plots
from helpers.plots.figures import COLOURS
from tests.plots.shown import area, pixels

FRAME = COLOURS[1]
GREY = np.full((6, 20, 20, 3), 200, np.uint8)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (np.full((4, 4), 100, np.uint8), 100),
        (np.full((4, 4, 1), 0.5), 127),
        (np.full((4, 4, 3), 100, np.uint8), 100),
        (np.full((4, 4), True), 255),
    ],
)
@pytest.mark.parametrize(
    "show", [lambda one: plots.images({"": one}), lambda one: plots.contact_sheet([one])]
)
def test_a_plain_picture_keeps_its_grey(show, picture, expected, output):
    shown = pixels(output(lambda: show(picture)))
    assert np.all(
        np.abs(shown[shown.shape[0] // 2, shown.shape[1] // 2].astype(int) - expected) <= 1
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_numbers_beyond_one_are_stretched_from_black_to_white(channels, output):
    picture = np.repeat([[-7.0], [30.0]], channels, axis=1).reshape(2, 1, channels)
    shown = pixels(output(lambda: plots.images({"": picture})))
    column = shown[:, shown.shape[1] // 2]
    assert column[len(column) // 4].max() == 0
    assert column[3 * len(column) // 4].min() == 255


def test_a_sheet_shows_pictures_of_different_sizes_in_their_proportions(output):
    wide, high = np.zeros((10, 40), np.uint8), np.zeros((400, 100, 3), np.uint8)
    dark = pixels(output(lambda: plots.contact_sheet([wide, high]))).max(axis=2) < 50
    left, right = np.array_split(dark, 2, axis=1)
    width, height = left.any(axis=0).sum(), left.any(axis=1).sum()
    assert width == pytest.approx(4 * height, rel=0.1)
    assert right.any(axis=1).sum() == pytest.approx(width, rel=0.1)
    assert right.any(axis=0).sum() == pytest.approx(height, rel=0.1)


def test_every_picture_of_a_sheet_is_seen(output):
    colours = COLOURS[:6]
    rgb = [[int(each[place : place + 2], 16) for place in (1, 3, 5)] for each in colours]
    sheet = np.ones((6, 20, 20, 3), np.uint8) * np.array(rgb, np.uint8)[:, None, None]
    shown = output(lambda: plots.contact_sheet(sheet, columns=4))
    areas = [area(shown, colour) for colour in colours]
    assert min(areas) > 0.9 * max(areas) > 1000


def test_each_marked_picture_has_a_frame_of_its_own(output):
    none, one, two = (
        area(output(lambda marked=marked: plots.contact_sheet(GREY, marked=marked)), FRAME)
        for marked in (None, [1], [1, 4])
    )
    assert none == 0
    assert two == pytest.approx(2 * one, rel=0.1)
    assert one > 500


def test_positions_and_truth_values_mark_the_same_pictures(output):
    flags = np.array([False, True, False, False, True, False])
    by_flag = output(lambda: plots.contact_sheet(GREY, marked=flags))
    by_position = output(lambda: plots.contact_sheet(GREY, marked=np.flatnonzero(flags)))
    assert by_flag.data == by_position.data


@pytest.mark.parametrize("marked", [[], np.zeros(6, bool), np.array([], int)])
def test_a_sheet_bears_that_nothing_is_marked(marked, output):
    shown = output(lambda: plots.contact_sheet(GREY, marked=marked))
    assert shown.data == output(lambda: plots.contact_sheet(GREY)).data


def test_titles_can_come_as_an_array(described):
    alt = described(lambda: plots.contact_sheet(GREY, np.array(["a", "b"])[[0, 1, 0, 0, 0, 0]]))
    assert alt == "Contact sheet, pictures: 6. 5 of a; 1 of b."


def test_long_titles_make_rows_higher_instead_of_covering_pictures(output):
    short, long = (
        output(lambda title=title: plots.contact_sheet(GREY, [title] * 6, columns=2))
        for title in ("short", "a name of three or four lines without any end")
    )
    assert pixels(long).shape[0] > pixels(short).shape[0]
    assert area(long, "#c8c8c8") == pytest.approx(area(short, "#c8c8c8"), rel=0.05)


def test_titles_can_be_numbers_and_all_can_come_one_by_one(output):
    known = output(lambda: plots.contact_sheet(GREY, ["1", "2", "3", "1", "2", "3"]))
    titles = (number % 3 + 1 for number in range(6))
    lazy = output(lambda: plots.contact_sheet((image for image in GREY), titles))
    assert lazy.data == known.data
    assert lazy.metadata == known.metadata
