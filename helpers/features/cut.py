"""A network up to one of its layers."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np

from helpers.errors import CourseError
from helpers.quiet import keras, tensorflow

__all__ = ["compiled", "cut", "find_layer"]


def find_layer(model: keras.Model, name: Any) -> keras.layers.Layer:
    """Return a layer by its name.

    Raises
    ------
    CourseError
        If there is none; near names are suggested.
    """
    names = [layer.name for layer in model.layers]
    if name in names:
        return model.get_layer(name)
    near = get_close_matches(str(name), names, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
    raise CourseError(
        f"{model.name} has no layer {name!r}.{hint} `[layer.name for layer in model.layers]` "
        "lists them all."
    )


def cut(model: keras.Model, layer: str) -> keras.Model:
    """Cut a model after a layer.

    Parameters
    ----------
    model
        With one input.
    layer
        The name of one of its layers.

    Returns
    -------
    keras.Model
        From the model's input to (n, d) features, of feature maps the mean of each.

    Raises
    ------
    CourseError
        If there is no such layer, or the model was never called, so that its layers are not
        connected.
    """
    try:
        image, output = model.input, find_layer(model, layer).output
    except (AttributeError, ValueError) as error:
        raise CourseError(
            f"{model.name} can't be cut after {layer!r}: its layers aren't connected. Give it a "
            "`keras.Input`."
        ) from error
    if len(output.shape) > 2:
        output = keras.ops.mean(output, axis=tuple(range(1, len(output.shape) - 1)))
    return keras.Model(image, output)


@lru_cache(maxsize=16)
def compiled(model: keras.Model, layer: str) -> Callable[[np.ndarray], Any]:
    """Return a model that is cut after a layer as a function of float32 arrays (n, h, w, 3).

    It is traced once for all batch sizes, which is much faster than `model.predict` for a few
    pictures. Later calls return the same function.

    Raises
    ------
    CourseError
        As :func:`cut`, or if the model doesn't take such pictures.
    """
    part = cut(model, layer)
    if isinstance(part.input, list) or len(part.input.shape) != 4 or part.input.shape[-1] != 3:
        raise CourseError(f"{model.name} doesn't take pictures of shape (height, width, 3).")
    signature = tensorflow.TensorSpec(part.input.shape, tensorflow.float32)
    return tensorflow.function(
        lambda inputs: part(inputs, training=False), input_signature=[signature]
    )
