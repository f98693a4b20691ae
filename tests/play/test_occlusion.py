"""The square hides what it covers, and the network is asked again about the rest."""

import re

import numpy as np
import pytest

from helpers import checks, networks
from helpers.errors import CourseError
from helpers.play.occlusion import OcclusionPatch

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def network():
    return checks.stand_in(input_size=64, short_side=64)


@pytest.fixture
def play(network):
    return OcclusionPatch(PICTURE, network, row=8, column=16, patch=20)


def test_the_square_is_grey_and_the_rest_stays(play, network):
    play.row.value, play.column.value = 40, 0
    hidden = np.zeros((64, 64), bool)
    hidden[40:60, :20] = True
    assert np.all(play.hidden()[hidden] == 127)
    assert np.array_equal(play.hidden()[~hidden], network.fit(PICTURE)[~hidden])


def test_the_probabilities_are_those_of_the_network(play, network):
    play.row.value = 24
    batch = network.preprocess_input(np.stack([play.whole, play.hidden()]))
    expected = network.model.predict(batch, verbose=0)
    assert play.before == pytest.approx(expected[0], abs=1e-6)
    assert play.now == pytest.approx(expected[1], abs=1e-6)
    assert np.abs(play.before - play.now).max() > 0.01


def test_the_classes_of_the_whole_picture_are_compared(play):
    play.column.value = 40
    best = np.argsort(-play.before)[:5]
    names = [networks.class_names()[number][1].replace("_", " ") for number in best]
    assert re.findall(r'right">(.*?)</th>', play.view.value) == names
    shares = [
        f"{share:.0%}" for number in best for share in (play.before[number], play.now[number])
    ]
    assert re.findall(r"</div> (\d+%)</td>", play.view.value) == shares
    assert "hidden from row 8 and column 40 on" in play.view.value


def test_each_move_asks_the_network_once(play, network):
    before = checks.calls(network)
    play.row.value = 0
    assert checks.calls(network) == before + 1


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
