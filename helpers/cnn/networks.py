"""The classical MNIST network of the exercises and a faster one, and what they read.

Images are uint8 (n, 28, 28), as the data set has them. Networks end in logits: ten numbers per
image, without a softmax.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from helpers.errors import CourseError
from helpers.inputs import whole_number
from helpers.quiet import keras

__all__ = ["CLASSES", "build", "build_fast", "compiled", "prepare"]

SIZE = 28
CLASSES = 10


def prepare(images: np.ndarray) -> np.ndarray:
    """Turn images into what the networks read.

    Parameters
    ----------
    images
        uint8 array (n, 28, 28), at least one image.

    Returns
    -------
    float32 array (n, 28, 28, 1) with values from 0 to 1.

    Raises
    ------
    CourseError
        If the images have another shape or type.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (SIZE, SIZE) or not len(images):
        remedy = "A single image becomes a batch with `image[np.newaxis]`."
        if images.shape[1:] == (SIZE, SIZE, 1):
            remedy = "They are prepared here, so don't prepare them before."
        raise CourseError(
            f"The images have the shape {images.shape}; it should be (n, {SIZE}, {SIZE}) with at "
            f"least one image. {remedy}"
        )
    if images.dtype != np.uint8:
        raise CourseError(
            f"The images have the type {images.dtype}; give them as the data set has them, uint8 "
            "from 0 to 255. They are prepared here, so don't prepare them before."
        )
    return np.divide(images, 255, dtype=np.float32)[..., np.newaxis]


def build(
    filters: Sequence[int] = (32, 64),
    kernel_size: int = 5,
    units: Sequence[int] = (128,),
    activation: str = "relu",
    seed: int = 0,
) -> Any:
    """Build the classical network: convolution and 2x2 max pooling in turn, then dense layers.

    Parameters
    ----------
    filters
        Number of filters of each convolution, at most four of them: pooling halves the image
        each time, from 28 to 14, 7, 3, 1.
    kernel_size
        Height and width of the kernels; the padding keeps the size of the image.
    units
        Number of units of each dense layer before the ten logits.
    activation
        Keras's name of the function after each convolution and dense layer but the last.
    seed
        The seed of the initial weights.

    Returns
    -------
    keras.Sequential
        Compiled with Adam (learning rate 0.001) and cross-entropy from logits. Its layers are
        called ``conv1``, ``pool1``, ..., ``flatten``, ``dense1``, ..., ``logits``.

    Raises
    ------
    CourseError
        If `filters` or `units` is no list of whole numbers, there are more than four convolutions,
        or Keras doesn't know the activation.
    """
    convolutions, dense = _sizes("filters", filters), _sizes("units", units)
    if len(convolutions) > 4:
        raise CourseError(
            f"`filters` names {len(convolutions)} convolutions; at most 4 fit, because each "
            "pooling halves the 28 pixels."
        )
    try:
        keras.activations.get(activation)
    except ValueError:
        raise CourseError(
            f"Keras has no activation {activation!r}; there are 'relu', 'sigmoid', 'tanh' and more."
        ) from None
    layers = keras.layers
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((SIZE, SIZE, 1))])
    for number, count in enumerate(convolutions, 1):
        model.add(
            layers.Conv2D(
                count, kernel_size, padding="same", activation=activation, name=f"conv{number}"
            )
        )
        model.add(layers.MaxPooling2D(name=f"pool{number}"))
    model.add(layers.Flatten(name="flatten"))
    for number, count in enumerate(dense, 1):
        model.add(layers.Dense(count, activation=activation, name=f"dense{number}"))
    model.add(layers.Dense(CLASSES, name="logits"))
    return compiled(model, 1e-3)


def build_fast(seed: int = 0) -> Any:
    """Build a network that learns more in less time; train it with :func:`train_fast`.

    The first convolution moves in steps of two pixels, which saves three quarters of its work
    and all of a pooling layer's. Batch normalisation lets the learning rate be ten times as
    high. It comes after pooling, where there are a quarter as many values to normalise; the
    largest value stays the largest.

    Parameters
    ----------
    seed
        The seed of the initial weights.

    Returns
    -------
    keras.Sequential
        Compiled, 29,610 parameters.
    """
    layers = keras.layers
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((SIZE, SIZE, 1))])
    model.add(layers.Conv2D(16, 5, 2, padding="same", activation="relu", name="conv1"))
    for number, count in enumerate((32, 64), 2):
        # The normalisation has a bias of its own.
        model.add(layers.Conv2D(count, 3, padding="same", use_bias=False, name=f"conv{number}"))
        model.add(layers.MaxPooling2D(name=f"pool{number}"))
        # Keras's 0.99 averages over 100 batches, too slow for the few there are.
        model.add(layers.BatchNormalization(momentum=0.9, name=f"norm{number}"))
        model.add(layers.ReLU(name=f"relu{number}"))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(CLASSES, name="logits"))
    return compiled(model, 1e-3)


def _sizes(name: str, sizes: Any) -> list[int]:
    """Return numbers of filters or units, one for each layer."""
    if isinstance(sizes, str) or not isinstance(sizes, Iterable):
        raise CourseError(
            f"`{name}` is {sizes!r}, but must be a list with a number for each layer, such as [32]."
        )
    return [whole_number(f"A number in `{name}`", size, 1) for size in sizes]


def compiled(model: Any, learning_rate: Any) -> Any:
    """Compile a network with Adam and cross-entropy from logits, and return it.

    Parameters
    ----------
    model
        Keras model with ten logits for each image.
    learning_rate
        A number, or one of Keras's schedules.
    """
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        # XLA takes longer to compile on a CPU than the training takes.
        jit_compile=False,
    )
    return model
