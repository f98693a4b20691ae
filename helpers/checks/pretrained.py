"""What a student does with networks trained on ImageNet: predict, rank, occlude."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.mistakes import alike, mistaken_inputs
from helpers.checks.values import array, as_numbers, computed, number, shape

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["occlusion", "predictions", "ranking"]


def predictions(
    name: str,
    actual: Any,
    pictures: Sequence[Any],
    network: "Network",
    other: "Network | None" = None,
) -> None:
    """Check the probabilities that a network gives for pictures.

    Parameters
    ----------
    name
        What the student would call the value, such as ``predict(pictures, network)``.
    actual
        The student's value, whatever it is.
    pictures
        Pictures of any sizes, as :meth:`helpers.networks.Entry.fit` takes them.
    network
        The network that should be asked.
    other
        A network that the student may have asked instead.

    Raises
    ------
    CheckFailed
        With a hint that recognises usual mistakes: another network, no preprocessing, that of
        another network, colours in the wrong order, pictures stretched instead of cropped.
    """
    expected = _probabilities(network, network.prepare(pictures))
    seen = as_numbers(name, actual)
    shape(name, seen, expected.shape, "One row for each picture, one column for each class.")
    if alike(seen, expected):
        return
    if other and alike(seen, _probabilities(other, other.prepare(pictures))):
        raise CheckFailed(
            f"`{name}` gives the probabilities of the network {other.name}: use the network that "
            "the function is given."
        )
    for mistake, inputs in mistaken_inputs(pictures, network).items():
        if alike(seen, _probabilities(network, inputs)):
            raise CheckFailed(f"`{name}` gives the probabilities of {mistake}.")
    hint = "Fit every picture, preprocess all of them once, and keep them in their order."
    array(name, seen, expected, hint, tolerance=1e-3)


def occlusion(
    name: str,
    actual: Any,
    picture: Any,
    network: "Network",
    class_number: int,
    patch: int,
    stride: int,
) -> None:
    """Check an occlusion map (Zeiler and Fergus, ECCV 2014).

    Parameters
    ----------
    name, actual
        As in :func:`predictions`.
    picture, network, class_number, patch, stride
        What the student's function was given.

    Raises
    ------
    CheckFailed
        With a hint that recognises usual mistakes: the other sign, probabilities instead of
        differences, no negative numbers, rows and columns exchanged, another class, a picture that
        was fitted twice or not preprocessed, a square in the wrong place of the preparation,
        squares that stay.
    """
    fitted = network.fit(picture)
    corners = range(0, len(fitted) - patch + 1, stride)
    squares = [
        np.s_[row : row + patch, column : column + patch] for row in corners for column in corners
    ]
    inputs = network.preprocess_input(_hidden(fitted, squares))

    def falls(answers: np.ndarray, number: int = class_number) -> np.ndarray:
        before, after = answers[0, number].astype(float), answers[1:, number].astype(float)
        return (before - after).reshape(len(corners), len(corners))

    answers = _probabilities(network, inputs)
    expected = falls(answers)
    seen = as_numbers(name, actual)
    shape(name, seen, expected.shape, "One row and one column for each position of the square.")
    if alike(seen, expected):
        return
    best = int(answers[0].argmax())
    spoilt = {
        "fits the picture twice, so that it is cropped twice": network.prepare(
            list(_hidden(fitted, squares))
        ),
        "paints 127 after the preprocessing: hide the square in the pixels from 0 to 255": _hidden(
            inputs[0], squares
        ),
        "leaves the earlier squares: make each copy from the picture without a square": (
            network.preprocess_input(_hidden(fitted, squares, keep=True))
        ),
        "paints the squares on the picture before `fit`: fit it first": network.prepare(
            list(_hidden(np.asarray(picture), squares))
        ),
        "forgets the preprocessing: use `network.preprocess_input`": _hidden(
            fitted, squares
        ).astype(np.float32),
    }
    mistakes = {
        "has the other sign: subtract the probability with the square": -expected,
        "holds probabilities: subtract them from the probability without a square": (
            answers[0, class_number] - expected
        ),
        "has no negative numbers, but it should where the square makes the class more probable": (
            np.abs(expected)
        ),
        "has 0 where the square makes the class more probable: there it should be negative": (
            np.maximum(expected, 0)
        ),
        "has rows and columns exchanged": expected.T,
        f"is about the most probable class, {best}, and not about {class_number}": (
            falls(answers, best)
        ),
    } | {mistake: falls(_probabilities(network, wrong)) for mistake, wrong in spoilt.items()}
    for mistake, wrong in mistakes.items():
        if alike(seen, wrong):
            raise CheckFailed(f"`{name}` {mistake}.")
    hint = "Hide one square at a time, in the picture after `fit`, with the grey value 127."
    array(name, seen, expected, hint, tolerance=1e-3)


def ranking(
    name: str, actual: Any, probabilities: np.ndarray, names: Sequence[str], top: int
) -> None:
    """Check the most probable classes of each picture.

    Parameters
    ----------
    name, actual
        As in :func:`predictions`; any sequences of pairs (class name, probability) will do.
    probabilities
        Shape (n, classes), all different in each row.
    names
        The names of the classes.
    top
        How many classes are wanted.

    Raises
    ------
    CheckFailed
        With a hint that tells form, order, names and probabilities apart.
    """
    computed(name, actual)
    rows = _listed(f"`{name}`", actual, len(probabilities), "one for each picture")
    for index, (row, numbers) in enumerate(zip(rows, probabilities, strict=True)):
        where = f"{name}[{index}]"
        pairs = [
            _listed(f"`{where}[{rank}]`", pair, 2, "a name and a probability")
            for rank, pair in enumerate(_listed(f"`{where}`", row, top, "one for each class"))
        ]
        order = np.argsort(-np.asarray(numbers, dtype=float))
        labels, expected = [str(pair[0]) for pair in pairs], [names[i] for i in order[:top]]
        if labels != expected:
            hint = f"expected {expected}"
            if labels == [names[i] for i in order[::-1][:top]]:
                hint = "the least probable come first"
            elif labels == expected[::-1]:
                hint += ", the most probable first"
            elif labels == list(names[:top]):
                hint += "; `np.argsort` tells which places in the row the largest numbers have"
            raise CheckFailed(f"The names in `{where}` are {labels}: {hint}.")
        for rank, (pair, i) in enumerate(zip(pairs, order, strict=False)):
            seen = f"{where}[{rank}][1]"
            hint = f"It is the probability of {names[i]!r}, from 0 to 1 and not rounded."
            number(seen, pair[1], numbers[i], hint, tolerance=1e-5)


def _probabilities(network: "Network", inputs: np.ndarray) -> np.ndarray:
    return np.asarray(network.model.predict(inputs, verbose=0))


def _hidden(
    image: np.ndarray, squares: Sequence[tuple[slice, slice]], keep: bool = False
) -> np.ndarray:
    """Return an image and its copies with a grey square, or with all squares so far (`keep`)."""
    images = [image]
    for square in squares:
        copy = images[-1 if keep else 0].copy()
        copy[square] = 127
        images.append(copy)
    return np.stack(images)


def _listed(name: str, value: Any, length: int, what: str) -> list[Any]:
    """Return a student's sequence as a list of the expected length."""
    if isinstance(value, str | Mapping) or not hasattr(value, "__iter__"):
        raise CheckFailed(f"{name} should be a list, not `{type(value).__name__}`.", "type")
    items = list(value)
    if len(items) != length:
        raise CheckFailed(f"{name} has {len(items)} elements, expected {length}: {what}.", "shape")
    return items
