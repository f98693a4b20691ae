"""Tiny networks in place of those trained on ImageNet: they answer in milliseconds.

With random weights they know nothing about pictures, but their outputs depend on every part of the
picture, on its colours and on the preprocessing, so a wrong step shows.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["calls", "stand_in", "tiny_network"]

CLASSES, LIVELY = 1000, 8
TINY = 16


def stand_in(
    input_size: int = 40, short_side: int | None = None, colour_order: str = "RGB", seed: int = 0
) -> "Network":
    """Make a network with 1000 classes that counts how often it is called.

    Parameters
    ----------
    input_size
        Pixels, 16 or more.
    short_side, colour_order
        As in :class:`helpers.networks.Entry`.
    seed
        Of the weights. They leave all but eight classes improbable, as training does for most
        pictures, and make the probabilities differ from picture to picture.

    Returns
    -------
    Its model counts the batches that it is given; :func:`calls` tells how many.
    """
    # Here, because most notebooks check answers without TensorFlow.
    from helpers.checks.counter import Counter
    from helpers.networks import Network
    from helpers.quiet import keras

    rng = np.random.default_rng(seed)
    image = keras.Input((input_size, input_size, 3), name="image")
    x = Counter(name="counter")(image)
    x = keras.layers.Conv2D(6, 3, strides=2, activation="relu", name="convolution")(x)
    x = keras.layers.AveragePooling2D(3, name="pool")(x)
    x = keras.layers.Flatten(name="features")(x)
    logits = keras.layers.Dense(CLASSES, name="logits")
    model = keras.Model(image, keras.layers.Softmax(name="predictions")(logits(x)))
    kernels = rng.normal(size=(3, 3, 3, 6), scale=0.3)
    model.get_layer("convolution").set_weights([kernels, np.zeros(6)])
    lively = rng.choice(CLASSES, LIVELY, replace=False)
    weights, bias = np.zeros((x.shape[1], CLASSES)), np.full(CLASSES, -20.0)
    weights[:, lively] = rng.normal(size=(x.shape[1], LIVELY), scale=6 / x.shape[1] ** 0.5)
    bias[lively] = 0
    logits.set_weights([weights, bias])
    return Network(
        name="stand-in",
        input_size=input_size,
        short_side=short_side,
        colour_order=colour_order,
        mean=(110.0, 120.0, 130.0),
        divisor=80.0,
        layers={"features": x.shape[1], "logits": CLASSES, "predictions": CLASSES},
        penultimate="features",
        parameters=model.count_params(),
        weights="random",
        checksum="",
        model=model,
    )


def calls(network: "Network") -> int:
    """Return how many batches a stand-in has been given so far."""
    return int(network.model.get_layer("counter").count)


@lru_cache(maxsize=8)
def tiny_network(
    colour_order: str = "RGB", penultimate: str = "pooled", seed: int = 0
) -> "Network":
    """Return a network that takes no time, with a branch and weights that never saw a picture.

    Later calls return the same one. A picture's shorter side is scaled to 20 pixels, and the
    16 x 16 in its middle are used.

    Parameters
    ----------
    colour_order
        "RGB" or "BGR".
    penultimate
        One of its layers: "joined" has feature maps, "pooled" their means.
    seed
        Of the weights.
    """
    from helpers.networks import Network
    from helpers.quiet import keras

    random = keras.initializers.HeNormal(seed)
    settings = {"padding": "same", "kernel_initializer": random}
    image = keras.Input((TINY, TINY, 3), name="image")
    first = keras.layers.Conv2D(6, 3, activation="relu", name="first", **settings)(image)
    second = keras.layers.Conv2D(6, 3, activation="tanh", name="second", **settings)(first)
    joined = keras.layers.Add(name="joined")([first, second])
    pooled = keras.layers.GlobalAveragePooling2D(name="pooled")(joined)
    logits = keras.layers.Dense(4, kernel_initializer=random, name="logits")(pooled)
    model = keras.Model(image, keras.layers.Softmax(name="predictions")(logits), name="tiny")
    return Network(
        name="tiny",
        input_size=TINY,
        short_side=20,
        colour_order=colour_order,
        mean=(100.0, 120.0, 140.0),
        divisor=50.0,
        layers={"first": 6, "joined": 6, "pooled": 6, "logits": 4, "predictions": 4},
        penultimate=penultimate,
        parameters=model.count_params(),
        weights="random numbers",
        checksum="",
        model=model,
    )
