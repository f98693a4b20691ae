"""Whole sets of drawings, picture by picture, each drawn from the seed and its place alone."""

import io
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image

from helpers.datasets import meals, tools
from helpers.datasets.drawing.chance import generator
from helpers.datasets.drawing.food import RECIPES, choose_food
from helpers.datasets.drawing.meals import compose_meal
from helpers.datasets.drawing.tools import draw_tool
from helpers.datasets.manifest import Record

__all__ = ["SETS", "DrawnPicture", "draw_set"]

QUALITY = 90
# Every so many meals of a class one is borderline: 6 of 100, 3 of each half.
BORDERLINE_EVERY, FIRST_BORDERLINE = 17, 8


class DrawnPicture(NamedTuple):
    """One picture of a set.

    Attributes
    ----------
    file
        Where it belongs in the folder of the set, such as "pincers/007.webp".
    content
        The WebP file.
    record
        What the manifest says about it, besides its file and its checksum.
    """

    file: str
    content: bytes
    record: Record


def tool(seed: int, label: int, number: int) -> DrawnPicture:
    """Draw one tool of a set: a pair of pincers (label 0) or scissors (label 1)."""
    drawing = draw_tool(tools.NAMES[label], generator(seed, 0, label, number))
    record = {
        "class": tools.NAMES[label],
        "type": drawing.type,
        "style": drawing.style,
        "metal": drawing.metal,
        "grip": drawing.grip,
    }
    return _encode(drawing.picture, number, record)


def meal(seed: int, label: int, number: int) -> DrawnPicture:
    """Draw one meal of a set: a healthy one (label 0) or an unhealthy one (label 1).

    Even numbers take their food from half A of the kinds, odd ones from half B.
    """
    rng = generator(seed, 1, label, number)
    half = meals.HALVES[number % 2]
    borderline = number % BORDERLINE_EVERY == FIRST_BORDERLINE
    food = choose_food(rng, meals.NAMES[label], half, borderline)
    record = {
        "class": meals.NAMES[label],
        "half": half,
        "groups": sorted(food),
        "borderline": borderline,
    }
    return _encode(compose_meal([RECIPES[kind] for kind in food], rng), number, record)


SETS: dict[str, Callable[[int, int, int], DrawnPicture]] = {"tools": tool, "meals": meal}
"""What draws one picture of each set, given the seed, the label and the number in its class."""


def draw_set(name: str, seed: int, count: int) -> Iterator[DrawnPicture]:
    """Draw `count` pictures of each of the two classes of "tools" or "meals"."""
    for label in range(2):
        for number in range(count):
            yield SETS[name](seed, label, number)


def _encode(picture: np.ndarray, number: int, record: Record) -> DrawnPicture:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", quality=QUALITY)
    return DrawnPicture(f"{record['class']}/{number:03d}.webp", buffer.getvalue(), record)
