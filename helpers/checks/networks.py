"""What a student's Keras network computes, judged by its weights and outputs.

Judging the function instead of the list of layers gives every way to write the network its
points: Sequential or functional, activations as arguments or as layers of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from helpers import convolution
from helpers.checks.failure import CheckFailed

__all__ = [
    "classical_logits",
    "constant_network",
    "history_of",
    "probabilities",
    "reads_digits",
    "softmax",
    "weight_shapes",
]

# What a history has to have, and what to do if it has not.
REMEDIES = {
    "loss": "return what `fit` returns",
    "accuracy": "give `compile` the `metrics=['accuracy']`",
    "val_loss": "give `fit` the `validation_data`",
    "val_accuracy": "give `fit` the `validation_data`",
}


def weight_shapes(name: str, model: Any) -> list[tuple[int, ...]]:
    """Return the shapes of a network's weights, in order.

    Parameters
    ----------
    name
        What the student would call the network.
    model
        What should be a Keras model that has been built, whatever it is.

    Raises
    ------
    CheckFailed
        If it is no Keras model, or has not been built yet.
    """
    if not hasattr(model, "get_weights"):
        raise CheckFailed(
            f"`{name}` should be a Keras model, not `{type(model).__name__}`.",
            "type",
        )
    shapes = [tuple(weights.shape) for weights in model.get_weights()]
    if not shapes:
        raise CheckFailed(
            f"The network of `{name}` has no weights yet: "
            "start it with `keras.Input((28, 28, 1))` so that Keras knows the sizes."
        )
    return shapes


def classical_logits(weights: Sequence[np.ndarray], images: np.ndarray) -> np.ndarray:
    """Compute what the exercise's network should, from its weights, in plain NumPy.

    Convolution, ReLU and 2x2 max pooling twice, then a dense layer with ReLU and a linear one.

    Parameters
    ----------
    weights
        Kernel and bias of the two convolutions and of the two dense layers, eight arrays.
    images
        Shape (n, 28, 28, 1), values from 0 to 1.

    Returns
    -------
    Logits of shape (n, 10).
    """
    maps = np.asarray(images, dtype=float)
    for kernels, bias in (weights[0:2], weights[2:4]):
        maps = np.maximum(convolution.conv2d(maps, kernels, bias, padding="same"), 0)
        maps = convolution.max_pool2d(maps)
    hidden = np.maximum(maps.reshape(len(maps), -1) @ weights[4] + weights[5], 0)
    return hidden @ weights[6] + weights[7]


def reads_digits(model: Any, images: np.ndarray) -> bool:
    """Say whether a model gives ten numbers for each image, so that one can go on with it.

    Parameters
    ----------
    model
        What should be a Keras model, whatever it is.
    images
        Shape (n, 28, 28, 1).
    """
    try:
        return np.shape(model.predict(images, verbose=0)) == (len(images), 10)
    except Exception:  # a broken model may fail in any way
        return False


def probabilities(outputs: np.ndarray) -> np.ndarray:
    """Return a network's outputs as probabilities: a softmax, unless they are ones already.

    Parameters
    ----------
    outputs
        Shape (n, classes).
    """
    outputs = np.asarray(outputs, dtype=float)
    if (outputs >= 0).all() and np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        return outputs
    return softmax(outputs)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities, shape (n, classes), that logits of this shape stand for."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def constant_network(logits: Sequence[float]) -> Any:
    """Return a network that gives every image the same logits, whatever it is trained with.

    So its loss is known beforehand, and tells which loss was chosen.

    Parameters
    ----------
    logits
        One for each class.

    Returns
    -------
    An uncompiled Keras model for images (n, 28, 28, 1). Its convolution can be trained, but nothing
    of it comes out.
    """
    # Only here, since most checks need no TensorFlow.
    from helpers.quiet import keras

    layers = keras.layers
    last = layers.Dense(len(logits), trainable=False)
    first = layers.Conv2D(1, 5, strides=9)
    model = keras.Sequential([keras.Input((28, 28, 1)), first, layers.Flatten(), last])
    weights, _ = last.get_weights()
    last.set_weights([np.zeros_like(weights), np.asarray(logits)])
    return model


def history_of(
    name: str, result: Any, epochs: int, quantities: Iterable[str] = tuple(REMEDIES)
) -> dict[str, list[float]]:
    """Return the history of a training, from Keras's ``History`` or a dictionary.

    Parameters
    ----------
    name
        What the student would call the result.
    result
        What the student's function for training returned.
    epochs
        For how many epochs it was asked to train.
    quantities
        What has to be in it: ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, or some of
        them.

    Raises
    ------
    CheckFailed
        If a quantity is missing or does not have one value for each epoch.
    """
    history = getattr(result, "history", result)
    if not isinstance(history, Mapping):
        raise CheckFailed(
            f"`{name}` should be what `model.fit` returned (or its `.history`), "
            f"not `{type(result).__name__}`.",
            "type",
        )
    for quantity in quantities:
        if quantity not in history:
            raise CheckFailed(
                f"`{name}`, the history of a training, has no `{quantity}`, only "
                f"{', '.join(map(str, history)) or 'nothing'}: {REMEDIES[quantity]}."
            )
        if len(history[quantity]) != epochs:
            raise CheckFailed(
                f"The length of `{quantity}` in the history `{name}` is {len(history[quantity])}, "
                f"expected {epochs}, one value for each epoch: is `epochs` passed on to `fit`?",
                "shape",
            )
    return {name: [float(value) for value in values] for name, values in history.items()}
