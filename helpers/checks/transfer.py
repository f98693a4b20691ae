"""What students make of a trained network: its layers, a part of it, and what learns from it."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.checks.failure import CheckFailed
from helpers.checks.values import as_numbers, at_least, shape

__all__ = [
    "layer_rows",
    "neighbours",
    "network_outputs",
    "network_until",
    "predicted_classes",
    "shares",
]


def layer_rows(name: str, result: Any) -> list[tuple[str, tuple[int | None, ...]]]:
    """Return a table of layers as a list of (name, shape).

    Parameters
    ----------
    name
        What the student would call the table.
    result
        The student's table: any sequence of pairs.

    Raises
    ------
    CheckFailed
        If it is no list of pairs of a name and a shape.
    """
    if result is None:
        raise CheckFailed(f"`{name}` is None: does the function `return` its list?", "missing")
    if isinstance(result, (str, Mapping)) or not isinstance(result, Iterable):
        raise CheckFailed(
            f"`{name}` should be a list of pairs, not `{type(result).__name__}`.", "type"
        )
    rows = []
    for number, row in enumerate(result):
        try:
            layer, sizes = row
            rows.append((layer, tuple(None if n is None else int(n) for n in sizes)))
        except (TypeError, ValueError):
            raise CheckFailed(
                f"`{name}` should hold pairs of a name and a shape, such as ('conv', (8, 8, 16)); "
                f"element {number} is {row!r:.60}.",
                "type",
            ) from None
    return rows


def network_outputs(name: str, model: Any, inputs: np.ndarray) -> np.ndarray:
    """Return what a student's model answers.

    Parameters
    ----------
    name
        What the student would call the model.
    model
        What should be a Keras model, whatever it is.
    inputs
        As the model takes them, the batch first.

    Raises
    ------
    CheckFailed
        If it is no model, or can't compute its outputs.
    """
    if not callable(getattr(model, "predict", None)):
        raise CheckFailed(
            f"`{name}` should be a `keras.Model`, but it is of type `{type(model).__name__}`.",
            "type",
        )
    try:
        with warnings.catch_warnings():
            # Keras warns if a model was made with a list of one input.
            warnings.simplefilter("ignore")
            outputs = model(inputs, training=False)
    except Exception as error:  # a broken model may fail in any way
        raise CheckFailed(
            f"`{name}` can't be used on images of shape {inputs.shape}: is its input that of the "
            "whole network?",
            "type",
        ) from error
    # A model with a list of one output answers with a list.
    return as_numbers(
        name, outputs[0] if isinstance(outputs, list) and len(outputs) == 1 else outputs
    )


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


def network_until(model: Any, layer: str) -> Any:
    """Return the part of a Keras model from its input to the output of a layer.

    Parameters
    ----------
    model
        A ``keras.Model``.
    layer
        The name of one of its layers.
    """
    from helpers.quiet import keras

    return keras.Model(model.input, model.get_layer(layer).output)
