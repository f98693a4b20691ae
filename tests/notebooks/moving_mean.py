"""Answers to the exercise that `course new` begins with, right ones and wrong ones."""

from tests.samples.answers import Answer

LOOP = """
def moving_mean(values, width):
    return [sum(values[i : i + width]) / {divisor} for i in range({count})]
"""


def _loop(name: str, right: bool, count: str, divisor: str = "width", hint: str = "") -> Answer:
    return Answer("moving_mean", name, right, LOOP.format(count=count, divisor=divisor), hint)


ANSWERS = [
    _loop("comprehension", True, "len(values) - width + 1"),
    Answer(
        "moving_mean",
        "numpy",
        True,
        """
import numpy

def moving_mean(values, width):
    return numpy.convolve(values, numpy.full(width, 1 / width), mode="valid")
""",
    ),
    _loop("last group left out", False, "len(values) - width", hint="three pairs of neighbours"),
    _loop("groups cut off at the end", False, "len(values)", hint="three pairs of neighbours"),
    _loop("divided by two", False, "len(values) - width + 1", "2", "moving_mean([2, 4, 9], 1)"),
    _loop("sums", False, "len(values) - width + 1", "1", "The first mean is (2 + 4) / 2"),
]
