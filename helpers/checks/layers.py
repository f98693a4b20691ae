"""A trained network taken apart: a table of its layers, and a part of it."""

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.values import as_numbers

__all__ = ["layer_rows", "layer_table", "network_outputs", "network_until"]


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
            shape = tuple(None if n is None else int(n) for n in sizes)
        except (TypeError, ValueError):
            raise CheckFailed(
                f"`{name}` should hold pairs of a name and a shape, such as ('conv', (8, 8, 16)); "
                f"element {number} is {row!r:.60}.",
                "type",
            ) from None
        if not isinstance(layer, str):
            raise CheckFailed(
                f"`{name}` should hold pairs of a name and a shape, but what should be the name in "
                f"element {number} is of type `{type(layer).__name__}`: take `layer.name`.",
                "type",
            )
        rows.append((layer, shape))
    return rows


def layer_table(name: str, result: Any, model: Any) -> None:
    """Check a table of the layers of a model and of the shapes of their outputs.

    Parameters
    ----------
    name, result
        As in :func:`layer_rows`.
    model
        The ``keras.Model`` whose layers should be in the table.

    Raises
    ------
    CheckFailed
        With a hint that tells missing layers, the batch axis and shapes of inputs apart.
    """
    rows = layer_rows(name, result)
    seen, expected = [layer for layer, _ in rows], [layer.name for layer in model.layers]
    missing = [layer for layer in expected if layer not in seen]
    if missing:
        hint = "Take all of `model.layers`."
        if len(rows) > len(expected):
            hint = "Are they the layers of the model that the function is given?"
        elif len(rows) == 1:
            hint += " Does the loop `return` too early?"
        raise CheckFailed(
            f"`{name}` has {len(rows)} rows, but the model has {len(expected)} layers: "
            f"{missing[0]!r} is missing. {hint}",
            "shape",
        )
    if seen != expected:
        raise CheckFailed(f"`{name}` should name each layer once, in the order of `model.layers`.")
    for (layer, sizes), each in zip(rows, model.layers, strict=True):
        batched = tuple(each.output.shape)
        taken = tuple(getattr(each.input, "shape", ()))  # where branches join, it is a list
        if sizes == batched[1:]:
            continue
        hint = ""
        if sizes == batched:
            hint = " Leave out the batch axis, which is the first."
        elif sizes in (taken, taken[1:]):
            hint = " That is the shape of its input: look at its `output`."
        raise CheckFailed(
            f"`{name}` gives {layer!r} the shape {sizes}, expected {batched[1:]}.{hint}", "shape"
        )


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
            "whole network? And where branches join, a list of layers, one after the other, "
            "won't do.",
            "type",
        ) from error
    # A model with a list of one output answers with a list.
    return as_numbers(
        name, outputs[0] if isinstance(outputs, list) and len(outputs) == 1 else outputs
    )


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
