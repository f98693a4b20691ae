"""A table of networks: accuracy, parameters and the time for a picture."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.values import as_numbers

if TYPE_CHECKING:
    from helpers.networks import Network

__all__ = ["comparison", "duration", "time_for_each"]

COLUMNS = ("accuracy", "parameters", "milliseconds")
# Other programs may slow one measurement down and not the other, but nothing makes seconds
# out of milliseconds.
DURATIONS = 30


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
        hint = ""
        if set(table) == set(COLUMNS):
            hint = " Give each network a dictionary of its own in the table."
        elif set(table) == {networks[0]}:
            hint = " Is `return` inside the loop?"
        raise CheckFailed(
            f"`{name}` should have the networks {sorted(networks)}, but has "
            f"{sorted(map(str, table))}.{hint}"
        )
    rows = {}
    for network in networks:
        row = table[network]
        if not isinstance(row, Mapping) or not set(COLUMNS) <= set(row):
            raise CheckFailed(
                f"`{name}[{network!r}]` should be a dictionary with {', '.join(COLUMNS)}.",
                "type",
            )
        values = {}
        for column in COLUMNS:
            cell = f"{name}[{network!r}][{column!r}]"
            value = values[column] = as_numbers(cell, row[column], "one number")
            if value.size != 1 or not np.isfinite(value).all():
                raise CheckFailed(f"`{cell}` is {value.tolist()}, not one finite number.")
        rows[network] = {column: float(value.reshape(())) for column, value in values.items()}
    return rows


def duration(name: str, actual: float, pictures: Sequence[Any], network: "Network") -> None:
    """Check that a time for each picture is about what the network needs, in milliseconds.

    Parameters
    ----------
    name, actual, pictures, network
        What the student would call the time, the time, the pictures and the network that was
        measured. The limits are wide: a thirtieth and thirty times what it takes now.

    Raises
    ------
    CheckFailed
        With a hint, if it is not.
    """
    inputs = network.prepare(pictures)
    network.model.predict(inputs, verbose=0)  # the first call is slow
    start = perf_counter()
    network.model.predict(inputs, verbose=0)
    ours = 1000 * (perf_counter() - start) / len(pictures)
    if not ours / DURATIONS < actual < ours * DURATIONS:
        hint = "divide by the number of pictures, and call the network once before you measure."
        if actual < ours:
            hint = "and give `extract` the `cache=False`: without it, it remembers earlier results."
        raise CheckFailed(
            f"`{name}` is {actual:.4g}, but here a picture takes about {ours:.1f} milliseconds: "
            f"look at the unit, {hint}"
        )


def time_for_each(name: str, actual: float, count: int, whole: float) -> None:
    """Check that the time for one picture fits as often into a call as there were pictures.

    Unlike a limit for the time itself, this holds on every computer, however slow or busy.

    Parameters
    ----------
    name, actual
        As in :func:`duration`; the time was measured inside of the call.
    count
        How many pictures the call was given.
    whole
        How many milliseconds the whole call took.

    Raises
    ------
    CheckFailed
        With a hint, if the pictures would have taken longer than the call: it is the time of all
        pictures then, or that of one picture alone, which is slower than one of many.
    """
    if actual * count > whole:
        raise CheckFailed(
            f"`{name}` is {actual:.4g}, so {count} pictures would take {actual * count:,.0f} "
            f"milliseconds, but the whole call took only {whole:,.0f}: measure the time for all "
            "pictures together, and divide by their number."
        )
