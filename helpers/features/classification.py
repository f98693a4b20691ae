"""What a network sees in pictures: its last layer, in words."""

from typing import Any

from helpers.features.extraction import extract
from helpers.inputs import whole_number
from helpers.networks import Network
from helpers.networks.labels import CLASSES, Prediction, decode
from helpers.networks.registry import DEFAULT

__all__ = ["classify"]


def classify(images: Any, network: str | Network = DEFAULT, top: int = 5) -> list[list[Prediction]]:
    """Tell what a network sees in pictures.

    Parameters
    ----------
    images : list of pictures or paths, or array of uint8, shape (n, h, w, 3)
        As in :meth:`~helpers.networks.entry.Entry.fit`.
    network
        A name, or a network from :func:`helpers.networks.load`.
    top
        Number of classes for each picture.

    Returns
    -------
    list of n lists of `top` predictions
        The most probable class first; see :func:`~helpers.networks.labels.decode`.

    Raises
    ------
    CourseError
        If there is no picture, something is no picture, or the network can't be loaded.
    """
    whole_number("top", top, 1, CLASSES)
    return decode(extract(images, network, layer="predictions"), top)
