"""What goes into a network after the mistakes that one usually makes, to recognise them by."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["alike", "mistaken_inputs"]


def mistaken_inputs(pictures: Sequence[Any], network: "Network") -> dict[str, np.ndarray]:
    """Prepare pictures for a network as one should not.

    Parameters
    ----------
    pictures
        Pictures of any sizes, as :meth:`helpers.networks.Entry.fit` takes them.
    network
        The network that the pictures are for.

    Returns
    -------
    For each mistake, in words that can follow "of", float32 of shape (n, size, size, 3).
    """
    fitted = np.stack([network.fit(picture) for picture in pictures])
    inputs = network.preprocess_input(fitted)
    stretched = replace(network, short_side=None)
    again = (inputs - np.array(network.mean, np.float32)) / np.float32(network.divisor)
    mistaken: dict[str, np.ndarray] = {
        "pictures that were not preprocessed: use `network.preprocess_input`": fitted.astype(
            np.float32
        ),
        "pixels from 0 to 1: `network.preprocess_input` does what this network needs": (
            fitted / np.float32(255)
        ),
        "pictures that were preprocessed twice": again,
        "pictures with red and blue exchanged": network.preprocess_input(fitted[..., ::-1]),
        "stretched pictures: `network.fit` keeps their proportions": stretched.prepare(pictures),
    }
    for other in ("efficientnet-lite0", "squeezenet"):
        mistake = (
            f"pictures that were preprocessed for {other}: `network.preprocess_input` does what "
            "this network needs"
        )
        mistaken[mistake] = _preprocessed_for(other, fitted, network)
    return mistaken


def alike(seen: np.ndarray, expected: np.ndarray) -> bool:
    """Tell whether two arrays have the same shape and, but for rounding, the same numbers."""
    return seen.shape == expected.shape and np.allclose(seen, expected, atol=1e-3, rtol=1e-3)


def _preprocessed_for(name: str, fitted: np.ndarray, network: "Network") -> np.ndarray:
    """Return pictures in this network's size, preprocessed for another network."""
    from helpers.networks import about

    other = about(name)
    mixed = replace(
        network, colour_order=other.colour_order, mean=other.mean, divisor=other.divisor
    )
    return mixed.preprocess_input(fitted)
