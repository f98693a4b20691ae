"""The student's table of experiments: rows of settings and what came of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checksums import digest

__all__ = ["changed_settings", "experiment_table", "trained_accuracy"]

# Of networks that were trained, by the digest of their settings and images.
_accuracies: dict[bytes, float] = {}

SETTINGS = ("filters", "kernel_size", "units", "activation")
RESULTS = ("parameters", "validation_accuracy")


def experiment_table(name: str, rows: Any, at_least: int) -> list[dict[str, Any]]:
    """Return the rows of an experiment table, in one plain form.

    Parameters
    ----------
    name
        The student's variable.
    rows
        A list of dictionaries, each with ``filters`` and ``units`` (numbers of feature maps and
        units, a list or tuple), ``kernel_size`` (pixels), ``activation`` (a name, or None),
        ``parameters`` (a count) and ``validation_accuracy`` (0 to 1).
    at_least
        How many rows are needed.

    Returns
    -------
    The rows, with ``filters`` and ``units`` as tuples. An accuracy in a list of its own is taken
    out of it; whether it makes sense is not looked at.

    Raises
    ------
    CheckFailed
        If there are too few rows, or one lacks a column or has settings of another type.
    """
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise CheckFailed(
            f"`{name}` should be a list with one dictionary for each experiment.", "type"
        )
    if len(rows) < at_least:
        raise CheckFailed(
            f"`{name}` has {len(rows)} rows, needed are at least {at_least}.", "shape"
        )
    table = []
    for index, row in enumerate(rows):
        missing = [column for column in SETTINGS + RESULTS if column not in row]
        if missing:
            raise CheckFailed(f"`{name}[{index}]` has no {', '.join(missing)}.")
        # Of a dictionary Keras would make whatever layer that describes, in the grader's process.
        if not isinstance(row["activation"], str | None):
            raise CheckFailed(
                f"`{name}[{index}]['activation']` should be a name such as 'tanh', not "
                f"`{type(row['activation']).__name__}`.",
                "type",
            )
        table.append(
            {
                **row,
                "filters": _sizes(name, index, "filters", row["filters"]),
                "units": _sizes(name, index, "units", row["units"]),
                "validation_accuracy": _only(row["validation_accuracy"]),
            }
        )
    return table


def changed_settings(table: list[dict[str, Any]]) -> set[str]:
    """Return the settings that some row changes, alone, against the first row.

    Parameters
    ----------
    table
        As :func:`experiment_table` returns it. The first row is the one to compare with.

    Returns
    -------
    Out of ``kernel_size``, ``activation``, ``number of kernels`` (other numbers of feature maps
    in as many layers) and ``number of layers``. The size of the dense layers counts as a
    change too, so a row that changes it as well as another setting shows neither.
    """
    first = table[0]
    changes = set()
    for row in table[1:]:
        changed = [setting for setting in SETTINGS if row[setting] != first[setting]]
        if len(changed) != 1:
            continue
        if changed[0] == "filters":
            same_depth = len(row["filters"]) == len(first["filters"])
            changes.add("number of kernels" if same_depth else "number of layers")
        elif changed[0] == "units":
            if len(row["units"]) != len(first["units"]):
                changes.add("number of layers")
        else:
            changes.add(changed[0])
    return changes


def _sizes(name: str, index: int, column: str, value: Any) -> tuple[int, ...]:
    try:
        return tuple(int(size) for size in value)
    except Exception as error:
        raise CheckFailed(
            f"`{name}[{index}][{column!r}]` should be a list of sizes such as [32, 64]."
        ) from error


def _only(value: Any) -> Any:
    """Return what is alone in a list, as the accuracy of a single epoch is in its history."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def trained_accuracy(
    settings: Mapping[str, Any],
    subset: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
) -> float:
    """Train a network with the course's own code, once for the same settings and images.

    Parameters
    ----------
    settings
        For :func:`helpers.cnn.build`.
    subset, validation
        Images, uint8 (n, 28, 28), and labels to learn from in one epoch, and to evaluate.

    Returns
    -------
    float
        The share of validation images that it reads correctly, 0 to 1.
    """
    # Only here, since most checks need no TensorFlow.
    from helpers import cnn
    from helpers.datasets.mnist import Subset

    key = digest(repr(sorted(settings.items())).encode(), *subset, *validation)
    if key not in _accuracies:
        history = cnn.train(cnn.build(**settings, seed=1), Subset(*subset), Subset(*validation))
        _accuracies[key] = history["val_accuracy"][-1]
    return _accuracies[key]
