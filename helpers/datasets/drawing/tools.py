"""Pincers and scissors on white ground, in all positions, colours and materials.

Both are made of the same metals and plastics, so colour doesn't tell them apart.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from helpers.datasets.drawing import pincers, scissors
from helpers.datasets.drawing.canvas import STYLES, Canvas, Colour
from helpers.datasets.drawing.chance import chance, pick
from helpers.datasets.drawing.geometry import ellipse
from helpers.datasets.drawing.parts import Part, Tool
from helpers.datasets.drawing.pose import Pose, choose_pose
from helpers.datasets.drawing.raster import FINE, fill, line
from helpers.datasets.drawing.shading import brush_marks, choose_light

__all__ = ["DESIGNS", "Drawing", "draw_tool"]

DESIGNS: dict[str, Callable[[np.random.Generator], Tool]] = {
    "pincers": pincers.design,
    "scissors": scissors.design,
}

METALS: dict[str, tuple[Colour, float]] = {
    "steel": ((188, 191, 197), 0.5),
    "chrome": ((214, 217, 222), 0.2),
    "dark": ((104, 107, 113), 0.16),
    "black": ((62, 62, 66), 0.09),
    "rust": ((122, 92, 72), 0.05),
}
"""The colour of each metal and how often tools are made of it."""

GRIPS: dict[str, tuple[Colour, float]] = {
    "red": ((200, 32, 34), 0.2),
    "blue": ((28, 74, 160), 0.16),
    "yellow": ((240, 190, 30), 0.09),
    "green": ((36, 132, 70), 0.08),
    "black": ((38, 38, 42), 0.17),
    "orange": ((235, 104, 24), 0.12),
    "teal": ((20, 130, 140), 0.05),
    "grey": ((110, 112, 116), 0.04),
    "purple": ((120, 60, 150), 0.03),
    "pink": ((226, 110, 150), 0.03),
    "brown": ((110, 70, 45), 0.03),
}
"""The same for the plastic of handles."""

INLAYS = [GRIPS[name][0] for name in ("black", "grey", "yellow", "red")] + [(225, 225, 225)]
LACQUER: Colour = (46, 46, 50)
BRASS: Colour = (205, 168, 84)


class Drawing(NamedTuple):
    """A drawn tool.

    Attributes
    ----------
    picture
        uint8 (256, 256, 3).
    type
        The type of the tool, such as "needle-nose".
    style
        "photo", "flat" or "grey".
    metal, grip
        The names of its metal and of the colour of its plastic, which not every tool has.
    """

    picture: np.ndarray
    type: str
    style: str
    metal: str
    grip: str


def draw_tool(name: str, rng: np.random.Generator) -> Drawing:
    """Invent a tool and draw it.

    Parameters
    ----------
    name
        "pincers" or "scissors".
    rng
        The generator of this picture; the same numbers give the same bytes.
    """
    tool = DESIGNS[name](rng)
    style = pick(rng, list(STYLES), list(STYLES.values()))
    light = choose_light(rng)
    pose = choose_pose(tool, rng)
    metals = tool.metals or list(METALS)
    metal = pick(rng, metals, None if tool.metals else [weight for _, weight in METALS.values()])
    grip = pick(rng, list(GRIPS), [weight for _, weight in GRIPS.values()])
    colours = {
        "metal": METALS[metal][0],
        "grip": GRIPS[grip][0],
        "inlay": pick(rng, INLAYS),
        "black": LACQUER,
        "brass": BRASS,
    }
    canvas = Canvas(style, light, brush_marks(rng, pose.turn))
    for half in (1, 0):
        parts = [pose.place_part(part, half) for part in tool.halves[half]]
        masks = [fill(part.outlines, part.holes) for part in parts]
        if half == 0:
            canvas.occlude(np.any(masks, axis=0), sigma=3, strength=0.45)
        for part, mask in zip(parts, masks, strict=True):
            _paint(canvas, part, mask, colours)
    _paint_pivot(canvas, tool, pose, colours["metal"], rng)
    return Drawing(canvas.finish(rng), tool.type, style, metal, grip)


def _paint(canvas: Canvas, part: Part, mask: np.ndarray, colours: dict[str, Colour]) -> None:
    """Paint one part with its cutting edge, inlay and notches."""
    is_metal = part.material in ("metal", "brass")
    canvas.paint(mask, colours[part.material], part.bevel, is_metal)
    if part.ground is not None and canvas.style != "flat":
        edge = fill([part.ground]) & ndimage.binary_erosion(mask, iterations=FINE)
        canvas.colours[edge] = np.clip(canvas.colours[edge] * 1.1 + 0.09, 0, 1)
    if part.inlay:
        depth = ndimage.distance_transform_edt(mask) / part.bevel
        # In a ring the inlay is a narrower ring, elsewhere a core.
        inlay = (depth > 0.38) & (depth < 0.95) if part.holes else depth > 0.55
        canvas.paint(inlay, colours["inlay"], part.bevel * 0.5, metal=False)
    for notch in part.notches:
        canvas.colours[line(notch, FINE * 1.1) & mask] *= 0.55


def _paint_pivot(
    canvas: Canvas, tool: Tool, pose: Pose, colour: Colour, rng: np.random.Generator
) -> None:
    """Paint the pivot with its screw or nut."""
    red, green, blue = colour
    shade = rng.uniform(0.8, 1.1)
    of_brass = chance(rng, 0.2)
    pivot = BRASS if of_brass else (red * shade, green * shade, blue * shade)
    radius = tool.pivot * pose.scale
    disc = fill([pose.place(ellipse((0, 0), tool.pivot, tool.pivot))])
    canvas.occlude(disc, sigma=1.5, strength=0.5)
    canvas.paint(disc, pivot, radius * 0.5, metal=True, brushed=False)
    centre = np.array(pose.shift)
    if tool.screw == "slot":
        angle = rng.uniform(0, np.pi)
        reach = 0.75 * radius * np.array([np.cos(angle), np.sin(angle)])
        canvas.colours[line(np.array([centre - reach, centre + reach]), FINE * 1.6)] *= 0.4
    if tool.screw == "nut":
        angles = np.arange(6) * np.pi / 3 + 0.3
        corners = centre + 0.62 * radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        nut = (red * 0.8, green * 0.8, blue * 0.8)
        canvas.paint(fill([corners]), nut, radius * 0.3, metal=True, brushed=False)
