"""MNIST comes out of the package as it was published, or not at all."""

import re
import shutil

import numpy as np
import pytest

from helpers.datasets import mnist
from helpers.errors import CourseError

DAMAGED = "train-labels-idx1-ubyte.gz"


@pytest.fixture(scope="module")
def splits():
    return mnist.load_splits()


def test_the_splits_have_the_agreed_sizes_and_types(splits):
    assert [len(subset.labels) for subset in splits] == [55_000, 5_000, 10_000]
    for images, labels in splits:
        assert images.shape == (len(labels), 28, 28)
        assert images.dtype == labels.dtype == np.uint8


def test_the_digits_are_in_their_published_order(splits):
    assert splits.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert splits.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_all_digits_have_their_published_counts():
    train, test = mnist.load()
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(train.labels).tolist() == counts
    assert np.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_the_mean_brightness_is_the_well_known_one(splits):
    train, _ = mnist.load()
    assert train.images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert train.images.std() / 255 == pytest.approx(0.3081, abs=5e-5)


def test_validation_is_the_end_of_the_training_digits(splits):
    train, _ = mnist.load()
    np.testing.assert_array_equal(splits.validation.images, train.images[55_000:])
    np.testing.assert_array_equal(splits.validation.labels, train.labels[55_000:])


def test_nobody_can_spoil_the_data_for_others(splits):
    with pytest.raises(ValueError, match="read-only"):
        splits.train.images[0] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        splits.test.labels.flags.writeable = True


def test_the_readme_lists_every_file_with_its_checksum():
    readme = (mnist.FOLDER.parents[1] / "README.md").read_text()
    listed = dict(re.findall(r"^\| `data/mnist/(.+?)` .*`([0-9a-f]{64})` \|$", readme, re.M))
    assert listed == mnist.SHA256
    assert {path.name for path in mnist.FOLDER.iterdir()} == mnist.SHA256.keys()


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(mnist.FOLDER, tmp_path / "mnist")


def test_a_damaged_file_is_named(copy):
    content = bytearray((copy / DAMAGED).read_bytes())
    content[5000] ^= 1
    (copy / DAMAGED).write_bytes(content)
    with pytest.raises(CourseError, match=rf"{DAMAGED} is damaged.*git checkout.*pip install"):
        mnist.load(copy)


def test_a_truncated_file_is_named(copy):
    (copy / DAMAGED).write_bytes((copy / DAMAGED).read_bytes()[:1000])
    with pytest.raises(CourseError, match=rf"{DAMAGED} is damaged.*1,000 bytes"):
        mnist.load(copy)


def test_a_missing_file_is_named(copy):
    (copy / DAMAGED).unlink()
    with pytest.raises(CourseError, match=rf"{DAMAGED} can't be read.*git checkout.*pip install"):
        mnist.load(copy)
