"""What students learn with the features of a trained network."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.checks.failure import CheckFailed
from helpers.checks.layers import network_until
from helpers.checks.mistakes import alike, mistaken_inputs
from helpers.checks.values import array, as_numbers, at_least, shape

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["neighbours", "picture_features", "predicted_classes", "shares"]


def picture_features(
    name: str, actual: Any, pictures: Sequence[Any], network: "Network", layer: str
) -> None:
    """Check the features that a layer of a network gives for pictures.

    Parameters
    ----------
    name
        What the student would call the value.
    actual
        The student's value, whatever it is.
    pictures
        Pictures of any sizes, as :meth:`helpers.networks.Entry.fit` takes them.
    network, layer
        The network and the name of its layer. Of feature maps, the means are the features.

    Raises
    ------
    CheckFailed
        With a hint that recognises usual mistakes: no preprocessing, that of another network, the
        preprocessing of what comes out of the network, pictures stretched instead of cropped.
    """
    model = network_until(network.model, layer)

    def rows(inputs: np.ndarray) -> np.ndarray:
        outputs = np.asarray(model(inputs, training=False))
        return outputs.mean(axis=(1, 2)) if outputs.ndim == 4 else outputs

    expected = rows(network.prepare(pictures))
    seen = as_numbers(name, actual)
    means = "One row for each picture; for feature maps, the mean of each over height and width."
    shape(name, seen, expected.shape, means)
    if not alike(seen, expected):
        for mistake, inputs in mistaken_inputs(pictures, network).items():
            if alike(seen, rows(inputs)):
                raise CheckFailed(f"`{name}` gives the features of {mistake}.")
        fitted = np.stack([network.fit(picture) for picture in pictures]).astype(np.float32)
        if alike(seen, (rows(fitted) - network.mean[0]) / network.divisor):
            raise CheckFailed(
                f"`{name}` gives features that were preprocessed: do it to the pictures, before "
                "the network sees them."
            )
    hint = "Fit each picture with `network.fit`, then preprocess, then run the network."
    array(name, seen, expected, hint, tolerance=2e-3)


def predicted_classes(name: str, model: Any, features: np.ndarray) -> np.ndarray:
    """Return the class that a student's classifier gives each picture.

    Parameters
    ----------
    name
        What the student would call the model.
    model
        What should be a fitted classifier of scikit-learn, whatever it is.
    features
        Shape (n, d).

    Returns
    -------
    Classes of shape (n,).

    Raises
    ------
    CheckFailed
        If it is no classifier, or has not been fitted.
    """
    if not callable(getattr(model, "predict", None)):
        raise CheckFailed(
            f"`{name}` should be a fitted classifier, such as an `SVC`, but it is of type "
            f"`{type(model).__name__}`.",
            "type",
        )
    try:
        classes = np.asarray(model.predict(features))
    except Exception as error:
        raise CheckFailed(
            f"`{name}` can't predict: was `fit` called with the features and the labels? "
            f"It said: {error}"
        ) from error
    if classes.shape != (len(features),):
        raise CheckFailed(
            f"`{name}` predicts an array of shape {classes.shape} for {len(features)} pictures: "
            "one class for each is needed.",
            "shape",
        )
    return classes


def shares(name: str, result: Any, keys: Sequence[str]) -> dict[str, float]:
    """Return the accuracies of several variants.

    Parameters
    ----------
    name
        What the student would call the dictionary.
    result
        The student's dictionary.
    keys
        The names that it should have, in any order.

    Returns
    -------
    For each of `keys` a number from 0 to 1.

    Raises
    ------
    CheckFailed
        If it is no such dictionary, or an accuracy is no share.
    """
    if not isinstance(result, Mapping):
        raise CheckFailed(
            f"`{name}` should be a dictionary, not `{type(result).__name__}`.", "type"
        )
    if set(result) != set(keys):
        raise CheckFailed(f"`{name}` has the keys {list(result)}, expected {list(keys)}.")
    found = {}
    for key in keys:
        value = f"{name}[{key!r}]"
        at_least(value, result[key], 0, "An accuracy is a share from 0 to 1.")
        found[key] = float(as_numbers(value, result[key]).reshape(()))
        if found[key] > 1 + 1e-6:
            raise CheckFailed(f"`{value}` is {result[key]}: give a share from 0 to 1.")
    return found


def neighbours(name: str, points: Any, labels: ArrayLike, count: int = 5) -> float:
    """Measure how well points keep the pictures of a class together.

    Parameters
    ----------
    name
        What the student would call the points.
    points
        The student's points, one pair of numbers for each label.
    labels
        Shape (n,).
    count
        How many of its nearest points to look at for each point.

    Returns
    -------
    The share of nearest points that have the label of the point itself.

    Raises
    ------
    CheckFailed
        If there are not two finite numbers for each picture, or all points are the same.
    """
    classes = np.asarray(labels)
    places = as_numbers(name, points)
    shape(name, places, (len(classes), 2), "Each picture becomes two numbers.")
    if not np.isfinite(places).all():
        raise CheckFailed(f"`{name}` has NaN or infinite values.")
    if (places == places[0]).all():
        raise CheckFailed(f"All points of `{name}` are at the same place.")
    squares = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    nearest = np.argsort(squares, axis=1)[:, :count]
    return float((classes[nearest] == classes[:, None]).mean())
