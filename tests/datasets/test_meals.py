"""The meals say what lies on them, and can be split so that no food is on both sides."""

import shutil
from collections import Counter

import numpy as np
import pytest

from helpers.datasets import meals, tools
from helpers.datasets.drawing import food
from helpers.errors import CourseError


@pytest.fixture(scope="module")
def loaded():
    return meals.load()


@pytest.fixture(scope="module")
def classes():
    """Return the classes in which each kind of food occurs."""
    return {kind: label for label, kinds in food.KINDS.items() for kind in kinds}


def test_there_are_a_hundred_of_each_all_of_one_size(loaded):
    assert loaded.images.shape == (200, 224, 224, 3)
    assert loaded.images.dtype == np.uint8
    assert loaded.labels.dtype == np.int64
    assert Counter(loaded.labels.tolist()) == {0: 100, 1: 100}
    folders = [file.parent.name for file in loaded.files]
    assert [loaded.names[label] for label in loaded.labels] == folders
    assert len({image.tobytes() for image in loaded.images}) == 200


def test_a_plate_has_food_of_its_class_alone_unless_it_is_borderline(loaded, classes):
    for label, groups, borderline in zip(
        loaded.labels, loaded.groups, loaded.borderline, strict=True
    ):
        strange = [kind for kind in groups if classes[kind] != loaded.names[label]]
        assert len(strange) == borderline
        assert 2 <= len(groups) <= 3


@pytest.mark.parametrize("label", [0, 1])
def test_a_few_plates_of_each_class_and_each_half_are_borderline(label, loaded):
    of_class = loaded.labels == label
    assert 4 <= loaded.borderline[of_class].sum() <= 6
    assert loaded.borderline[of_class & (loaded.halves == 0)].sum() == 3


def test_all_kinds_of_food_occur(loaded, classes):
    assert frozenset().union(*loaded.groups) == classes.keys()


def test_plates_that_share_food_hang_together_in_two_equal_clusters(loaded):
    """That is what the exercise about disjoint splits promises of them."""
    clusters: list[tuple[frozenset[str], int]] = []
    for groups in loaded.groups:
        joined, size = groups, 1
        for kinds, members in [cluster for cluster in clusters if cluster[0] & groups]:
            clusters.remove((kinds, members))
            joined, size = joined | kinds, size + members
        clusters.append((joined, size))
    assert [size for _, size in clusters] == [100, 100]


@pytest.mark.parametrize("half", [0, 1])
def test_no_kind_of_food_is_on_both_sides_of_the_disjoint_split(half, loaded):
    train, test = meals.disjoint_split(loaded, half)
    learnt = frozenset().union(*(loaded.groups[index] for index in train))
    judged = frozenset().union(*(loaded.groups[index] for index in test))
    assert not learnt & judged


def test_the_disjoint_split_uses_every_plate_and_half_of_each_class(loaded):
    train, test = meals.disjoint_split(loaded, 0)
    assert sorted([*train, *test]) == list(range(200))
    for side in (train, test):
        assert np.bincount(loaded.labels[side]).tolist() == [50, 50]


def test_a_third_half_is_refused(loaded):
    with pytest.raises(CourseError, match="train_half is 2"):
        meals.disjoint_split(loaded, 2)


def test_only_meals_have_halves():
    with pytest.raises(CourseError, match=r"splits\.split\(labels\)"):
        meals.disjoint_split(tools.load())


def test_training_and_test_exchange_their_halves(loaded):
    first, second = meals.disjoint_split(loaded, 0), meals.disjoint_split(loaded, 1)
    np.testing.assert_array_equal(first.train, second.test)
    np.testing.assert_array_equal(first.test, second.train)


def test_later_calls_return_the_same_plates_and_nobody_can_spoil_them(loaded):
    assert meals.load() is loaded
    for array in (loaded.images, loaded.labels, loaded.borderline, loaded.halves):
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


def test_a_manifest_without_the_kinds_of_food_is_named(tmp_path):
    copy = shutil.copytree(meals.FOLDER, tmp_path / "meals")
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"groups"', '"kinds"', 1))
    with pytest.raises(CourseError, match=r"manifest\.json is damaged"):
        meals.load(copy)
