"""Keras models and networks on their way from the judge to the student's kernel, and back.

A model goes as its layers and weights; one trained on ImageNet goes by its name. After a call, only
weights come back, as arrays.
"""

import importlib
import pickle
import secrets
import sys
import weakref
from typing import Any

import numpy as np

__all__ = ["describe", "is_model", "rebuild", "renew", "weights_of"]

# The judge's models have numbers, so that the kernel has one model for each of them. They are drawn
# by lot, as another judge may ask the same kernel.
_numbers: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()


def is_model(value: Any) -> bool:
    """Tell a Keras model, without importing Keras if nobody has."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def weights_of(value: Any) -> list[np.ndarray] | None:
    """Return copies of the weights of a model or of a network's model; None for other values."""
    model = getattr(value, "model", value)
    return [np.array(weights) for weights in model.get_weights()] if is_model(model) else None


def describe(value: Any) -> tuple[str, Any] | None:
    """Say how to make a model or a network again; None for other values.

    Parameters
    ----------
    value
        Anything.
    """
    if "helpers.networks" in sys.modules:
        from helpers import networks
        from helpers.networks.registry import loaded

        if isinstance(value, networks.Network) and value is loaded(value.name):
            return ("network", value.name)
        if is_model(value):
            for name in networks.names():
                network = loaded(name)
                if network is not None and value is network.model:
                    return ("network model", name)
    if is_model(value):
        from keras import saving

        modules = sorted({type(layer).__module__ for layer in value.layers})
        parts = (modules, saving.serialize_keras_object(value), value.get_weights())
        number = _numbers.setdefault(value, secrets.randbits(64))
        return ("model", (number, pickle.dumps(parts)))
    return None


def rebuild(kind: str, what: Any) -> Any:
    """Make what :func:`describe` has described.

    Parameters
    ----------
    kind, what
        From a trusted process; of a model without its number.
    """
    # Here, because most submissions need no TensorFlow.
    if kind in ("network", "network model"):
        from helpers import networks

        network = networks.load(what)
        return network if kind == "network" else network.model
    from helpers.quiet import keras

    modules, config, weights = pickle.loads(what)
    # Keras finds the layers of others only if they are imported.
    for module in modules:
        importlib.import_module(module)
    model = keras.saving.deserialize_keras_object(config, safe_mode=False)
    model.set_weights(weights)
    return model


def renew(model: Any, what: bytes) -> Any:
    """Give a model that was rebuilt before the weights that it has in the judge now.

    Parameters
    ----------
    model
        From :func:`rebuild`.
    what
        As :func:`describe` says it now, without the number.

    Returns
    -------
    The same model: what else a student's function did to it stays, so it may be compiled. If its
    layers have changed, here or there, a new one.
    """
    _, _, weights = pickle.loads(what)
    try:
        model.set_weights(weights)
    except ValueError:
        return rebuild("model", what)
    return model
