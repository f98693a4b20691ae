"""The square hides what it covers, and the network has been asked about each of its places."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from helpers import checks, networks
from helpers.errors import CourseError
from helpers.play.occlusion import OcclusionPatch

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def network():
    return checks.stand_in(input_size=64, short_side=64)


@pytest.fixture
def play(network):
    """The square of 20 pixels has 4 by 4 places: it begins at 0, 14, 28 or 42."""
    return OcclusionPatch(PICTURE, network, row=17, column=28, patch=20)


def test_the_square_is_grey_and_the_rest_stays(play, network):
    assert (play.row.value, play.column.value) == (14, 28)
    play.row.value, play.column.value = 42, 0
    hidden = np.zeros((64, 64), bool)
    hidden[42:62, :20] = True
    assert np.all(play.hidden()[hidden] == 127)
    assert np.array_equal(play.hidden()[~hidden], network.fit(PICTURE)[~hidden])


def test_the_probabilities_are_those_of_the_network(play, network):
    play.row.value = 28
    batch = network.preprocess_input(np.stack([play.whole, play.hidden()]))
    expected = network.model.predict(batch, verbose=0)
    assert play.before == pytest.approx(expected[0], abs=1e-6)
    assert play.now == pytest.approx(expected[1], abs=1e-6)
    assert np.abs(play.before - play.now).max() > 0.01


def test_the_classes_of_the_whole_picture_are_compared(play):
    play.column.value = 0
    best = np.argsort(-play.before)[:5]
    names = [networks.class_names()[number][1].replace("_", " ") for number in best]
    assert re.findall(r'right">(.*?)</th>', play.view.value) == names
    shares = [
        f"{share:.0%}" for number in best for share in (play.before[number], play.now[number])
    ]
    assert re.findall(r"</div> (\d+%)</td>", play.view.value) == shares


def test_the_network_is_asked_about_all_places_in_advance_but_only_on_a_page(network):
    before = checks.calls(network)
    play = OcclusionPatch(PICTURE, network, row=14, column=28, patch=20)
    assert checks.calls(network) == before + 1
    assert "asked about 16 places" in play.view.value
    play.photo.on_page = True
    asked = checks.calls(network)
    assert asked == before + 1 + 4
    assert "asked about" not in play.view.value
    play.row.value, play.photo.place = 0, (0.9, 0.1)
    assert checks.calls(network) == asked


@pytest.mark.parametrize(
    ("place", "corner"),
    [
        # The middle of the square goes where the mouse is, as far as its steps allow.
        ((0.5, 0.5), (28, 28)),
        ((24 / 64, 38 / 64), (28, 14)),
        ((0.0, 1.0), (42, 0)),
    ],
)
def test_the_square_follows_the_mouse(play, place, corner):
    play.photo.place = place
    assert (play.row.value, play.column.value) == corner
    row, column = corner
    assert play.photo.alt == f"The picture, hidden from row {row} and column {column} on"
    shown = np.asarray(Image.open(BytesIO(b64decode(play.photo.png))))
    assert np.array_equal(shown, play.hidden())


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        (
            {"row": 45, "column": 0, "patch": 20},
            "row is 45, but must be a whole number from 0 to 44",
        ),
        ({"row": 0, "column": -1, "patch": 20}, "column is -1"),
        ({"row": 0, "column": 0, "patch": 65}, "patch is 65"),
    ],
)
def test_a_square_beside_the_picture_is_refused(place, hint, network):
    with pytest.raises(CourseError, match=hint):
        OcclusionPatch(PICTURE, network, **place)
