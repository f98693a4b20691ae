"""What a recipe is: layers of pieces, from below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from helpers.datasets.drawing.pieces import Lump, Shape
from helpers.datasets.drawing.relief import Colour

__all__ = ["Layer", "Recipe", "mound", "sprinkled"]


@dataclass(frozen=True)
class Layer:
    """Some pieces of one shape, strewn over what is there already.

    Attributes
    ----------
    shape
        Their shape.
    count
        How many, at least and at most.
    spread
        How far their middles are from the middle, at most, as a part of the radius.
    sink
        How deep they lie in what is beneath, from 0 to 1.
    aligned
        Whether they all lie in the same direction; each in another one otherwise.
    sprinkled
        Whether they lie on food alone and follow its surface.
    """

    shape: Shape
    count: tuple[int, int] = (1, 1)
    spread: float = 0.0
    sink: float = 0.6
    aligned: bool = False
    sprinkled: bool = False


class Recipe(NamedTuple):
    """How to serve a kind of food.

    Attributes
    ----------
    layers
        What one helping consists of, from below.
    items
        How many helpings share the place, at least and at most.
    """

    layers: Sequence[Layer]
    items: tuple[int, int] = (1, 1)


def sprinkled(shape: Shape, count: tuple[int, int], spread: float, aligned: bool = False) -> Layer:
    """Strew pieces over the food alone, so that they follow its surface; see :class:`Layer`."""
    return Layer(shape, count, spread, aligned=aligned, sprinkled=True)


def mound(colour: Colour, height: float = 0.3) -> Layer:
    """Lay the ground for what lies in a heap, in the colour of what is seen between."""
    return Layer(Lump((1.9, 2.1), (0.8, 0.95), height, [colour], uneven=0.06, rough=0.1))
