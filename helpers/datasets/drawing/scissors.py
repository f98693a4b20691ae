"""Scissors: seven types, from embroidery to forged iron."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.datasets.drawing.chance import Ranges, chance, pick, sample
from helpers.datasets.drawing.geometry import ellipse, spline, stroke
from helpers.datasets.drawing.parts import Half, Part, Tool, opening_angle

__all__ = ["TYPES", "design"]

COMMON: Ranges = {
    "overlap": (0.02, 0.05),  # how far a blade reaches over the middle
    "belly": (0.7, 0.85),  # width of the blade near its tip and in its middle
    "middle": (0.9, 1.0),
    "bevel": (0.03, 0.03),
    "power": (2.0, 2.5),  # of the rings: see ellipse
    "apart": (0.0, 0.03),
    "tilt": (0.05, 0.35),
}


@dataclass(frozen=True)
class Type:
    """The ranges of the measures of one type, and how often it is what.

    `blade` and `width` measure the blade; `ring_x`, `ring_y`, `rim` the finger ring, `reach` how
    far below the pivot it begins; `bend` and `shank` the piece between.
    """

    weight: int
    ranges: Ranges
    tips: Sequence[str] = ("sharp",)
    handles: Sequence[str] = ("metal",)
    plastic: bool = False
    inlay: float = 0.0
    finger_rest: float = 0.0
    unequal_rings: float = 0.0
    metals: Sequence[str] = ()


TYPES = {
    "office": Type(
        weight=3,
        ranges={
            "blade": (0.75, 1.0), "width": (0.12, 0.17), "ring_x": (0.085, 0.14),
            "ring_y": (0.14, 0.26), "rim": (0.06, 0.12), "reach": (0.3, 0.42),
            "bend": (0.07, 0.12), "shank": (0.1, 0.14),
        },
        tips=("sharp", "middling"), plastic=True, inlay=0.4, unequal_rings=0.7,
    ),
    "tailor": Type(
        weight=2,
        ranges={
            "blade": (0.85, 1.05), "width": (0.16, 0.2), "ring_x": (0.09, 0.13),
            "ring_y": (0.12, 0.18), "rim": (0.05, 0.085), "reach": (0.28, 0.4),
            "bend": (0.08, 0.13), "shank": (0.11, 0.14), "tilt": (0.3, 0.6),
        },
        handles=("black", "metal", "grip"), unequal_rings=0.7,
    ),
    "embroidery": Type(
        weight=1,
        ranges={
            "blade": (0.5, 0.7), "width": (0.08, 0.11), "ring_x": (0.12, 0.16),
            "ring_y": (0.14, 0.18), "rim": (0.03, 0.045), "reach": (0.35, 0.5),
            "bend": (0.05, 0.09), "shank": (0.06, 0.08), "bevel": (0.025, 0.025),
        },
        handles=("brass", "metal", "metal"),
    ),
    "surgical": Type(
        weight=1,
        ranges={
            "blade": (0.45, 0.6), "width": (0.07, 0.09), "ring_x": (0.1, 0.13),
            "ring_y": (0.12, 0.16), "rim": (0.028, 0.038), "reach": (0.75, 0.95),
            "bend": (0.06, 0.1), "shank": (0.055, 0.075), "bevel": (0.025, 0.025),
        },
        finger_rest=0.5,
    ),
    "children": Type(
        weight=2,
        ranges={
            "blade": (0.55, 0.7), "width": (0.15, 0.2), "ring_x": (0.1, 0.16),
            "ring_y": (0.12, 0.22), "rim": (0.065, 0.13), "reach": (0.22, 0.33),
            "bend": (0.08, 0.12), "shank": (0.11, 0.14),
        },
        tips=("blunt",), plastic=True,
    ),
    "kitchen": Type(
        weight=1,
        ranges={
            "blade": (0.7, 0.85), "width": (0.16, 0.2), "ring_x": (0.1, 0.15),
            "ring_y": (0.22, 0.34), "rim": (0.055, 0.1), "reach": (0.3, 0.38),
            "bend": (0.09, 0.13), "shank": (0.12, 0.15),
        },
        tips=("middling",), plastic=True, inlay=0.5, unequal_rings=0.7,
    ),
    "iron": Type(
        weight=1,
        ranges={
            "blade": (0.7, 0.95), "width": (0.13, 0.17), "ring_x": (0.14, 0.2),
            "ring_y": (0.24, 0.34), "rim": (0.03, 0.045), "reach": (0.2, 0.3),
            "bend": (0.06, 0.1), "shank": (0.08, 0.1), "power": (2.0, 2.0),
        },
        metals=("dark", "rust", "black"),
    ),
}  # fmt: skip


def design(rng: np.random.Generator) -> Tool:
    """Invent a pair of scissors."""
    name = pick(rng, list(TYPES), [entry.weight for entry in TYPES.values()])
    kind = TYPES[name]
    sizes = sample(rng, COMMON | kind.ranges)
    large_x, large_y = sizes["ring_x"], sizes["ring_y"]
    if chance(rng, kind.unequal_rings):
        large_x, large_y = large_x * rng.uniform(1.05, 1.2), large_y * rng.uniform(1.25, 1.7)
    tip = pick(rng, kind.tips)
    handle = "plastic" if kind.plastic else pick(rng, kind.handles)
    inlay, rest = chance(rng, kind.inlay), chance(rng, kind.finger_rest)
    upper = _half(sizes | {"ring_x": large_x, "ring_y": large_y}, tip, handle, inlay, rest)
    lower = _half(sizes, tip, handle, inlay, finger_rest=False)
    return Tool(
        type=name,
        halves=(upper, lower),
        angle=opening_angle(rng, 3, 14, 35, 65),
        pivot=rng.uniform(0.035, 0.055),
        screw=pick(rng, ("slot", "plain", "plain")),
        metals=kind.metals,
    )


def _half(sizes: dict[str, float], tip: str, handle: str, inlay: bool, finger_rest: bool) -> Half:
    """Make the half whose blade is on the left and whose handle is on the right."""
    x, y, rim, bevel = sizes["ring_x"], sizes["ring_y"], sizes["rim"], sizes["bevel"]
    bend, shank, reach = sizes["bend"], sizes["shank"], sizes["reach"]
    across = x + rim + sizes["apart"]
    centre = (across, reach + y)
    outside = ellipse(centre, x + rim, y + rim, -sizes["tilt"], sizes["power"])
    inside = ellipse((across, centre[1] + rim * 0.1), x, y, -sizes["tilt"], sizes["power"])
    blade = _blade(sizes, tip)
    if handle == "plastic":
        tang = stroke(
            [(0, 0.02), (bend * 0.55, reach * 0.28), (bend, reach * 0.55)],
            [shank * 1.35, shank, shank * 0.8],
        )
        collar = stroke(
            [
                (bend * 0.75, reach * 0.36),
                (bend * 1.05, reach * 0.62),
                (across - x * 0.35, reach + 0.02),
            ],
            [shank * 1.3, shank * 1.5, rim * 2.4],
        )
        moulded = Part([collar, outside], "grip", rim * 0.9, holes=[inside], inlay=inlay)
        return [Part([tang], "metal", bevel), blade, moulded]
    tang = stroke(
        [(0, 0.02), (bend, reach * 0.45), (across - x * 0.45, reach)],
        [shank * 1.35, shank, shank * 0.9],
    )
    parts = [Part([tang, outside], handle, rim * 0.95, holes=[inside]), blade]
    if finger_rest:
        hook = stroke(
            [
                (across + x * 0.5, centre[1] + y * 0.9),
                (across + x * 0.9, centre[1] + y + rim + 0.1),
            ],
            [rim * 1.6, rim * 1.1],
        )
        parts.insert(0, Part([hook], handle, rim * 0.8))
    return parts


def _blade(sizes: dict[str, float], tip: str) -> Part:
    length, width, over = sizes["blade"], sizes["width"], sizes["overlap"]
    tips = {
        "sharp": [(over * 0.15, -length), (-width * 0.12, -length * 0.985)],
        "middling": [(over * 0.2, -length * 0.99), (-width * 0.35, -length * 0.95)],
        "blunt": [
            (over * 0.2, -length * 0.97),
            (-width * 0.25, -length),
            (-width * 0.62, -length * 0.93),
        ],
    }
    back = [
        (-width * sizes["belly"], -length * 0.62),
        (-width * sizes["middle"], -length * 0.3),
        (-width * 0.98, -0.06),
    ]
    heel = [(-width * 0.72, 0.09), (width * 0.1, 0.14), (over + width * 0.15, 0.06)]
    cutting = [(over, -0.05), (over, -length * 0.3), (over * 0.7, -length * 0.7)]
    ground = [
        (over + 0.02, -0.12),
        (over * 0.2 + 0.02, -length),
        (over * 0.2 - width * 0.1, -length),
        (over - width * 0.28, -0.12),
    ]
    outline = spline([*tips[tip], *back, *heel, *cutting], closed=True, steps=8)
    return Part([outline], "metal", sizes["bevel"], ground=np.array(ground))
