"""MNIST: 70,000 handwritten digits, 28 by 28 pixels, white (255) on black (0).

LeCun, Cortes, Burges: The MNIST database of handwritten digits. The files are in the idx format:
two zero bytes, one byte for the type (8: uint8), one for the number of dimensions, the
dimensions as big-endian uint32, the values.
"""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.checksums import read_verified
from helpers.datasets.files import DATA, RESTORE

__all__ = ["FOLDER", "Splits", "Subset", "load", "load_splits"]

FOLDER = DATA / "mnist"

# Of the files as they lie there; README.md has them too, with the MD5 published for the content.
SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "71524e2cd1ad2968737f7f2f2ff69cbfc32df8ccddff51593f7cb2d4e0eb5b64"
    ),
    "train-labels-idx1-ubyte.gz": (
        "fe03b8bd7915f70bf5aa08be480aa413fbd85afcaa58b35d230d335f284fd88e"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "5634745efa576a17e7d4cf5cd9d09123c75e6538e5114267c2d156edaf519341"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "ae18e77e031ccde52407f794d123116439864147d33ac992975f85dd4dc42af6"
    ),
}

VALIDATION = 5_000


class Subset(NamedTuple):
    """Images and their labels, both read-only.

    Attributes
    ----------
    images
        uint8 array (n, 28, 28), 0 (background) to 255.
    labels
        uint8 array (n,), the digits 0 to 9.
    """

    images: np.ndarray
    labels: np.ndarray


class Splits(NamedTuple):
    """What to learn from, what to compare networks by, and what to judge the last one by."""

    train: Subset
    validation: Subset
    test: Subset


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> tuple[Subset, Subset]:
    """Read MNIST as published: 60,000 training and 10,000 test digits, in the original order.

    Later calls return the same arrays; they are read-only so that nobody can spoil them.

    Parameters
    ----------
    folder
        Where the four ``.gz`` files are.

    Returns
    -------
    train, test
        60,000 and 10,000 images with their labels.

    Raises
    ------
    CourseError
        If a file is missing or isn't the published one.
    """
    train_images, train_labels, test_images, test_labels = (
        _parse(read_verified(folder / name, checksum, "data file", RESTORE))
        for name, checksum in SHA256.items()
    )
    return Subset(train_images, train_labels), Subset(test_images, test_labels)


def load_splits() -> Splits:
    """Read MNIST with the last 5,000 of the 60,000 training digits kept for validation.

    Returns
    -------
    Splits
        55,000 training, 5,000 validation and 10,000 test digits; see :func:`load`.

    Raises
    ------
    CourseError
        If a file is missing or isn't the published one.
    """
    (images, labels), test = load()
    return Splits(
        train=Subset(images[:-VALIDATION], labels[:-VALIDATION]),
        validation=Subset(images[-VALIDATION:], labels[-VALIDATION:]),
        test=test,
    )


def _parse(packed: bytes) -> np.ndarray:
    idx = gzip.decompress(packed)
    dimensions = idx[3]
    shape = np.frombuffer(idx, ">u4", count=dimensions, offset=4)
    # An array over immutable bytes can't be made writeable.
    return np.frombuffer(idx, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
