"""What a tool is made of: two halves of parts that turn about a pivot at the origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from helpers.datasets.drawing.chance import pick

__all__ = ["Half", "Part", "Tool", "opening_angle"]


@dataclass(frozen=True)
class Part:
    """One piece of one material.

    Attributes
    ----------
    outlines
        Polygons (n, 2) that together are the part.
    material
        "metal" (that of the tool), "grip" (its plastic), "black" (lacquer) or "brass".
    bevel
        How far the rounding reaches inwards.
    holes
        Polygons cut out of it.
    ground
        The polygon that was ground to a cutting edge and shines.
    notches
        Lines (2, 2) of a serration.
    inlay
        Whether a piece of a second colour lies in it.
    """

    outlines: Sequence[np.ndarray]
    material: str
    bevel: float
    holes: Sequence[np.ndarray] = ()
    ground: np.ndarray | None = None
    notches: Sequence[np.ndarray] = ()
    inlay: bool = False


Half = list[Part]


@dataclass(frozen=True)
class Tool:
    """Pincers or scissors, closed and upright: jaws or blades up, handles down.

    Attributes
    ----------
    type
        Such as "needle-nose" or "tailor".
    halves
        The one that lies on top and the one below. Both are described with the jaw or blade on
        the left; the one below is mirrored when it is drawn. Later parts cover earlier ones.
    angle
        How far the tool is open, in radians.
    pivot
        The radius of the pivot.
    screw
        How the pivot looks: "slot", "plain" or "nut".
    metals
        The names of the metals it may be made of; those of all tools by default.
    """

    type: str
    halves: tuple[Half, Half]
    angle: float
    pivot: float
    screw: str
    metals: Sequence[str] = ()


def opening_angle(rng: np.random.Generator, *degrees: float) -> float:
    """Choose how far a tool is open, in radians: nearly closed, half open or wide open.

    Parameters
    ----------
    rng
        The generator of the picture.
    degrees
        The four limits of the three ranges.
    """
    low, high = pick(rng, list(pairwise(degrees)), (0.45, 0.4, 0.15))
    return float(np.deg2rad(rng.uniform(low, high)))
