"""Checks that test cells call: they fail with a hint for the student, never with a library's error.

Every check takes the name of the student's variable or call first, so that the message can
name it, and raises CheckFailed, an AssertionError, with what was seen and what to look at.
"""

from helpers.checks.edges import edge_likeness, edge_map
from helpers.checks.experiments import changed_settings, experiment_table
from helpers.checks.failure import CheckFailed
from helpers.checks.networks import (
    classical_logits,
    history_of,
    probabilities,
    reads_digits,
    softmax,
    weight_shapes,
)
from helpers.checks.values import array, at_least, number, shape

__all__ = [
    "CheckFailed",
    "array",
    "at_least",
    "changed_settings",
    "classical_logits",
    "edge_likeness",
    "edge_map",
    "experiment_table",
    "history_of",
    "number",
    "probabilities",
    "reads_digits",
    "shape",
    "softmax",
    "weight_shapes",
]
