"""Checks that test cells call: they fail with a hint for the student, never with a library's error.

Every check takes the name of the student's variable or call first, so that the message can
name it, and raises CheckFailed, an AssertionError, with what was seen and what to look at.
"""

from helpers.checks.announcing import announce, points_so_far
from helpers.checks.comparison import comparison, duration, time_for_each
from helpers.checks.edges import edge_likeness, edge_map, strengths_on_stairs
from helpers.checks.experiments import changed_settings, experiment_table, trained_accuracy
from helpers.checks.failure import CheckFailed
from helpers.checks.layers import layer_rows, layer_table, network_outputs, network_until
from helpers.checks.networks import (
    classical_logits,
    constant_network,
    history_of,
    probabilities,
    reads_digits,
    softmax,
    weight_shapes,
)
from helpers.checks.positions import positions, two_sides
from helpers.checks.pretrained import occlusion, predictions, ranking
from helpers.checks.sharing import shared
from helpers.checks.standin import calls, stand_in, tiny_network
from helpers.checks.transfer import neighbours, picture_features, predicted_classes, shares
from helpers.checks.values import array, at_least, number, shape

__all__ = [
    "CheckFailed",
    "array",
    "at_least",
    "calls",
    "changed_settings",
    "classical_logits",
    "comparison",
    "constant_network",
    "duration",
    "edge_likeness",
    "edge_map",
    "experiment_table",
    "history_of",
    "layer_rows",
    "layer_table",
    "neighbours",
    "network_outputs",
    "network_until",
    "number",
    "occlusion",
    "picture_features",
    "points_so_far",
    "positions",
    "predicted_classes",
    "predictions",
    "probabilities",
    "ranking",
    "reads_digits",
    "shape",
    "shared",
    "shares",
    "softmax",
    "stand_in",
    "strengths_on_stairs",
    "time_for_each",
    "tiny_network",
    "trained_accuracy",
    "two_sides",
    "weight_shapes",
]

announce()
