"""The MNIST network of the exercises and a faster one: build, train, evaluate.

Images go in as the data set has them, uint8 (n, 28, 28); every function prepares them itself.
Networks end in logits, ten numbers per image without softmax.
"""

from helpers.cnn.evaluation import confusion_matrix, evaluate, expected_accuracy, hardest, predict
from helpers.cnn.networks import build, build_fast, prepare
from helpers.cnn.training import train, train_fast

__all__ = [
    "build",
    "build_fast",
    "confusion_matrix",
    "evaluate",
    "expected_accuracy",
    "hardest",
    "predict",
    "prepare",
    "train",
    "train_fast",
]
