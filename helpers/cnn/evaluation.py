"""How well a network reads: predictions, accuracy, confusions, the hardest digits."""

from typing import Any

import numpy as np
from sklearn import metrics

from helpers.cnn.networks import CLASSES, prepare
from helpers.datasets.mnist import Subset
from helpers.errors import CourseError

__all__ = [
    "confusion_matrix",
    "evaluate",
    "expected_accuracy",
    "hardest",
    "matching",
    "predict",
]

# Larger batches than this only cost memory when nothing is learned from them.
PREDICTION_BATCH = 1_000

# Test accuracy of the classical network after one epoch, measured over five seeds (batches of
# 100); the lowest of all runs was always one with batches of 256:
#   images    mean      sd  lowest
#    5,000  0.9191  0.0091  0.8491
#   10,000  0.9533  0.0052  0.9036
#   20,000  0.9708  0.0032  0.9540
#   55,000  0.9849  0.0014  0.9809
# Expected is the lowest minus four standard deviations, rounded down to a percent.
LOWEST_ACCURACY = ((5_000, 0.81), (10_000, 0.88), (20_000, 0.94), (55_000, 0.97))


def predict(model: Any, images: np.ndarray) -> np.ndarray:
    """Read images.

    Parameters
    ----------
    model
        Network with ten outputs per image, logits or probabilities.
    images
        uint8 array (n, 28, 28).

    Returns
    -------
    int64 array (n,), the digits 0 to 9.

    Raises
    ------
    CourseError
        If the images have another shape or type.
    """
    return _outputs(model, images).argmax(axis=1)


def evaluate(model: Any, subset: Subset) -> float:
    """Return the share of images that a network reads correctly, from 0 to 1.

    Parameters and errors are those of :func:`hardest`.
    """
    images, labels = matching(subset)
    return float((predict(model, images) == labels).mean())


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Count which digit was read as which.

    Parameters
    ----------
    labels, predictions
        Integer arrays (n,), the digits 0 to 9: what they are, and how they were read.

    Returns
    -------
    int64 array (10, 10); row i, column j: how many i were read as j.

    Raises
    ------
    CourseError
        If there is not one prediction for each label, or one isn't a digit.
    """
    labels = _digits("labels", labels)
    predictions = _digits("predictions", predictions)
    if len(labels) != len(predictions):
        raise CourseError(f"{len(labels):,} labels can't go with {len(predictions):,} predictions.")
    return metrics.confusion_matrix(labels, predictions, labels=range(CLASSES))


def hardest(model: Any, subset: Subset, count: int = 25) -> np.ndarray:
    """Find the images on which a network loses most.

    These are the digits that it reads wrongly, most certain mistakes first, then those of which
    it is least certain.

    Parameters
    ----------
    model
        Network with ten logits per image.
    subset
        Images and labels.
    count
        How many images to find, at most.

    Returns
    -------
    int64 array (count,), the positions in the subset, largest cross-entropy first.

    Raises
    ------
    CourseError
        If images or labels have another shape or type, or don't belong together.
    """
    images, labels = matching(subset)
    logits = _outputs(model, images)
    loss = np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(labels)), labels]
    return np.argsort(-loss, kind="stable")[:count]


def expected_accuracy(training_images: int) -> float:
    """Say which test accuracy the classical network reaches at the very least in one epoch.

    Parameters
    ----------
    training_images
        How many it learns from, 5,000 to 60,000.

    Returns
    -------
    The accuracy, from 0 to 1: interpolated in what was measured, with a margin below every
    reasonable way to train.

    Raises
    ------
    CourseError
        If there are fewer than 5,000 images or more than there are.
    """
    images, accuracies = zip(*LOWEST_ACCURACY, strict=True)
    if not images[0] <= training_images <= 60_000:
        raise CourseError(
            f"There is no expectation for {training_images:,} training images: take "
            f"{images[0]:,} to 60,000."
        )
    return float(np.interp(training_images, images, accuracies))


def matching(subset: Subset) -> tuple[np.ndarray, np.ndarray]:
    """Return the images and labels of a subset, if they belong together.

    Raises
    ------
    CourseError
        If it is no pair, or there is not one label, a digit, for each image.
    """
    try:
        images, labels = subset
    except (TypeError, ValueError):
        raise CourseError(
            "Images and their labels belong together: hand them over as "
            "`mnist.Subset(images, labels)`, or one of `mnist.load_splits()`."
        ) from None
    labels = _digits("labels", labels)
    if len(images) != len(labels):
        raise CourseError(f"{len(images):,} images can't go with {len(labels):,} labels.")
    return images, labels


def _outputs(model: Any, images: np.ndarray) -> np.ndarray:
    return model.predict(prepare(images), batch_size=PREDICTION_BATCH, verbose=0)


def _digits(name: str, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer):
        raise CourseError(
            f"The {name} have the shape {values.shape} and the type {values.dtype}; they should "
            "be one row of integers."
        )
    wrong = values[(values < 0) | (values >= CLASSES)]
    if len(wrong):
        raise CourseError(f"The {name} should be digits, but one of them is {wrong[0]}.")
    return values
