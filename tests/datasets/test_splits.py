"""A split takes half of each class and leaves nothing out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.splits import split
from helpers.errors import CourseError


@given(
    counts=st.lists(st.integers(2, 9), min_size=1, max_size=4),
    seed=st.integers(0, 2**32 - 1),
)
def test_each_class_is_halved_and_every_picture_is_on_one_side(counts, seed):
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    train, test = split(labels, seed)
    assert sorted([*train, *test]) == list(range(len(labels)))
    for label, count in enumerate(counts):
        assert (labels[train] == label).sum() == (count + 1) // 2


def test_a_seed_gives_one_split_and_another_seed_another():
    labels = np.repeat([0, 1], 20)
    first, again, other = split(labels, 1), split(labels, 1), split(labels, 2)
    np.testing.assert_array_equal(first.train, again.train)
    assert first.train.tolist() != other.train.tolist()


def test_a_class_of_one_picture_is_named():
    with pytest.raises(CourseError, match="Class 7 has a single picture"):
        split(np.array([3, 3, 7]), 0)


@pytest.mark.parametrize(
    ("labels", "seed", "problem"),
    [
        ([[0, 1], [0, 1]], 0, r"labels have the shape \(2, 2\)"),
        ([], 0, r"labels have the shape \(0,\)"),
        ([0.0, 0.0], 0, r"labels\.astype\(int\)"),
        ([0, 0], -1, "seed is -1"),
        ([0, 0], 0.5, "seed is 0.5"),
    ],
)
def test_what_cannot_be_split_is_named(labels, seed, problem):
    with pytest.raises(CourseError, match=problem):
        split(labels, seed)


def test_classes_can_have_names():
    train, test = split(["cat", "dog", "cat", "dog"], 0)
    assert sorted([*train, *test]) == [0, 1, 2, 3]
