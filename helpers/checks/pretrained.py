"""What a student does with networks trained on ImageNet: predict, rank, compare, occlude."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.values import array, as_numbers, computed, number, shape

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["comparison", "duration", "occlusion", "predictions", "ranking"]

COLUMNS = ("accuracy", "parameters", "milliseconds")
# Other programs may slow one measurement down and not the other, but nothing makes seconds
# out of milliseconds.
DURATIONS = 30


def predictions(name: str, actual: Any, pictures: Sequence[Any], network: "Network") -> None:
    """Check the probabilities that a network gives for pictures.

    Parameters
    ----------
    name
        What the student would call the value, such as ``predict(pictures, network)``.
    actual
        The student's value, whatever it is.
    pictures
        Of any sizes, as :meth:`helpers.networks.Entry.fit` takes them.
    network
        The network that was asked.

    Raises
    ------
    CheckFailed
        With a hint that recognises usual mistakes: no preprocessing, twice, colours in the
        wrong order, pictures stretched instead of cropped.
    """
    expected = _probabilities(network, network.prepare(pictures))
    seen = as_numbers(name, actual)
    shape(name, seen, expected.shape, "One row for each picture, one column for each class.")
    if _alike(seen, expected):
        return
    for mistake, inputs in _mistaken_inputs(pictures, network).items():
        wrong = _probabilities(network, inputs)
        if _alike(seen, wrong) and not _alike(wrong, expected):
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
        differences, rows and columns exchanged, a picture that was fitted twice.
    """
    fitted = network.fit(picture)
    corners = range(0, len(fitted) - patch + 1, stride)
    hidden = []
    for row in corners:
        for column in corners:
            copy = fitted.copy()
            copy[row : row + patch, column : column + patch] = 127
            hidden.append(copy)
    inputs = network.preprocess_input(np.stack([fitted, *hidden]))
    before, *after = _probabilities(network, inputs)[:, class_number].astype(float)
    left = np.reshape(after, (len(corners), len(corners)))
    expected = before - left
    seen = as_numbers(name, actual)
    shape(name, seen, expected.shape, "One row and one column for each position of the square.")
    mistakes = {
        "has the other sign: subtract the probability with the square.": -expected,
        "holds probabilities: subtract them from the probability without a square.": left,
        "has rows and columns exchanged.": expected.T,
    }
    if not _alike(seen, expected):
        for mistake, wrong in mistakes.items():
            if _alike(seen, wrong):
                raise CheckFailed(f"`{name}` {mistake}")
        before, *after = _probabilities(network, network.prepare([fitted, *hidden]))
        twice = [before[class_number] - row[class_number] for row in after]
        if _alike(seen, np.reshape(twice, expected.shape)):
            raise CheckFailed(f"`{name}` fits the picture twice, so that it is cropped twice.")
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
        Of the classes.
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
            least = [names[i] for i in order[::-1][:top]]
            hint = "the least probable come first" if labels == least else f"expected {expected}"
            raise CheckFailed(f"The names in `{where}` are {labels}: {hint}.")
        for rank, (pair, i) in enumerate(zip(pairs, order, strict=False)):
            seen = f"{where}[{rank}][1]"
            number(seen, pair[1], numbers[i], f"It belongs to {names[i]!r}.", tolerance=1e-5)


def comparison(name: str, table: Any, networks: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return a table of networks with plain numbers in it.

    Parameters
    ----------
    name
        What the student would call the table.
    table
        The student's value: for each network a dictionary with ``accuracy``, ``parameters`` and
        ``milliseconds``.
    networks
        The names of the networks that should be in it.

    Raises
    ------
    CheckFailed
        If a network or a column is missing, or something is no finite number.
    """
    if not isinstance(table, Mapping):
        raise CheckFailed(
            f"`{name}` should be a dictionary with one entry for each network, not "
            f"`{type(table).__name__}`.",
            "type",
        )
    if set(table) != set(networks):
        raise CheckFailed(
            f"`{name}` should have the networks {sorted(networks)}, but has "
            f"{sorted(map(str, table))}."
        )
    rows = {}
    for network in networks:
        row = table[network]
        if not isinstance(row, Mapping) or not set(COLUMNS) <= set(row):
            raise CheckFailed(
                f"`{name}[{network!r}]` should be a dictionary with {', '.join(COLUMNS)}.",
                "type",
            )
        values = {column: as_numbers(f"{network!r}: {column}", row[column]) for column in COLUMNS}
        for column, value in values.items():
            if value.size != 1 or not np.isfinite(value).all():
                raise CheckFailed(
                    f"`{name}[{network!r}][{column!r}]` is {row[column]!r}, not one finite number."
                )
        rows[network] = {column: float(value.reshape(())) for column, value in values.items()}
    return rows


def duration(name: str, actual: float, pictures: Sequence[Any], network: "Network") -> None:
    """Check that a time for each picture is about what the network needs, in milliseconds.

    Parameters
    ----------
    name, actual, pictures, network
        As in :func:`predictions`. The limits are wide: a thirtieth and thirty times what it
        takes now.

    Raises
    ------
    CheckFailed
        With a hint, if it is not.
    """
    inputs = network.prepare(pictures)
    _probabilities(network, inputs)  # the first call is slow
    start = perf_counter()
    _probabilities(network, inputs)
    ours = 1000 * (perf_counter() - start) / len(pictures)
    if not ours / DURATIONS < actual < ours * DURATIONS:
        raise CheckFailed(
            f"`{name}` is {actual:.4g}, but here a picture takes about {ours:.1f} milliseconds: "
            "look at the unit, divide by the number of pictures, and call the network once before "
            "you measure."
        )


def _probabilities(network: "Network", inputs: np.ndarray) -> np.ndarray:
    return np.asarray(network.model.predict(inputs, verbose=0))


def _mistaken_inputs(pictures: Sequence[Any], network: "Network") -> dict[str, np.ndarray]:
    """Return what goes into a network after the mistakes that one usually makes."""
    fitted = np.stack([network.fit(picture) for picture in pictures])
    inputs = network.preprocess_input(fitted)
    stretched = replace(network, short_side=None)
    again = (inputs - np.array(network.mean, np.float32)) / np.float32(network.divisor)
    return {
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


def _alike(seen: np.ndarray, expected: np.ndarray) -> bool:
    return seen.shape == expected.shape and np.allclose(seen, expected, atol=1e-3, rtol=0)


def _listed(name: str, value: Any, length: int, what: str) -> list[Any]:
    """Return a student's sequence as a list of the expected length."""
    if isinstance(value, str | Mapping) or not hasattr(value, "__iter__"):
        raise CheckFailed(f"{name} should be a list, not `{type(value).__name__}`.", "type")
    items = list(value)
    if len(items) != length:
        raise CheckFailed(f"{name} has {len(items)} elements, expected {length}: {what}.", "shape")
    return items
