"""Photos are recognised."""

import numpy as np
import pytest

from helpers import feature_cache as cache
from helpers import features
from helpers.errors import CourseError
from tests.networks.test_offline import OFFLINE, PHOTOS

EASY = {"sundial": "sundial", "pineapple": "pineapple", "piano": "upright"}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path))


@pytest.mark.parametrize("name", OFFLINE)
def test_every_network_recognises_the_easy_photos(name):
    found = features.classify([PHOTOS / f"{title}.png" for title in EASY], name, top=3)
    assert [best[0].name for best in found] == list(EASY.values())
    assert all(len(best) == 3 for best in found)


def test_probabilities_fall_and_stay_below_one():
    (best,) = features.classify([PHOTOS / "badger.png"], top=1000)
    probabilities = [seen.probability for seen in best]
    assert probabilities == sorted(probabilities, reverse=True)
    assert np.sum(probabilities) == pytest.approx(1, abs=1e-4)


def test_no_pictures_are_an_error():
    with pytest.raises(CourseError, match="no pictures"):
        features.classify([])
