"""Meals: a plate with two or three kinds of food on a table, seen from above."""

from collections.abc import Sequence

import numpy as np
from PIL import Image
from scipy import ndimage

from helpers.datasets.drawing.chance import pick
from helpers.datasets.drawing.recipes import Recipe
from helpers.datasets.drawing.relief import CANVAS, Colour, Relief
from helpers.datasets.drawing.serving import serve

__all__ = ["SIZE", "compose_meal"]

SIZE = CANVAS // 2
"""Pixels of the finished picture, each way."""

TABLES: list[Colour] = [
    (240, 238, 234), (226, 218, 204), (214, 188, 150), (208, 214, 222), (176, 142, 106),
    (198, 206, 192), (150, 156, 164), (120, 86, 60), (228, 214, 214),
]  # fmt: skip
CHECKS: list[Colour] = [(190, 66, 62), (66, 100, 160), (92, 136, 84), (160, 132, 88)]
PLATES: list[tuple[Colour, float]] = [
    ((228, 228, 226), 0.5), ((224, 214, 196), 0.15), ((190, 204, 214), 0.12),
    ((84, 88, 96), 0.13), ((196, 132, 92), 0.1),
]  # fmt: skip
"""The colours of plates, and how often they come."""

# The plate, in points: how high its rim is over the table, and where the even middle ends, as a
# part of its radius.
RIM, WELL = 16.0, 0.7
# For two and three kinds: how far from the middle of the plate they lie, and how large the place of
# each is, as parts of the radius of the plate.
PLACES = {2: (0.36, 0.43), 3: (0.43, 0.38)}


def compose_meal(food: Sequence[Recipe], rng: np.random.Generator) -> np.ndarray:
    """Lay a table.

    Parameters
    ----------
    food
        Two or three kinds.
    rng
        The generator of this picture; the same numbers give the same bytes.

    Returns
    -------
    array of uint8, shape (224, 224, 3)
    """
    relief = Relief(_table(rng))
    radius = rng.uniform(0.46, 0.62) * CANVAS
    x, y = CANVAS / 2 + rng.normal(0, 6, 2)
    _set_plate(relief, x, y, radius, rng)
    away, share = PLACES[len(food)]
    start = rng.uniform(0, 2 * np.pi)
    for number, recipe in enumerate(food):
        angle = start + 2 * np.pi * number / len(food)
        size = radius * share * rng.uniform(0.95, 1.12)
        place = x + radius * away * np.cos(angle), y + radius * away * np.sin(angle)
        serve(relief, recipe, *place, size, rng)
    exposed = relief.lit() * rng.uniform(0.92, 1.04)
    picture = Image.fromarray((np.clip(exposed, 0, 255) + 0.5).astype(np.uint8))
    return np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _table(rng: np.random.Generator) -> np.ndarray:
    """Colour a plain table, a wooden one or a check table cloth."""
    colours = np.full((CANVAS, CANVAS, 3), pick(rng, TABLES), float)
    cover = pick(rng, ("plain", "wood", "check", "wood"))
    if cover == "wood":
        grain = ndimage.gaussian_filter(rng.standard_normal((CANVAS, CANVAS)), (1.2, 40))
        colours += (6 * grain / grain.std())[..., None]
        board = int(rng.integers(70, 110))
        for row in range(0, CANVAS, board):
            colours[row : row + 2] *= 0.8
    if cover == "check":
        stripes = np.arange(CANVAS) // int(rng.integers(20, 40)) % 2
        strength = 0.5 * ((stripes[:, None] + stripes) / 2)[..., None]
        colours = colours * (1 - strength) + strength * np.array(pick(rng, CHECKS))
    return colours


def _set_plate(relief: Relief, x: float, y: float, radius: float, rng: np.random.Generator) -> None:
    """Put a plate on the table: an even middle and a rim that rises around it."""
    rows, columns = np.mgrid[:CANVAS, :CANVAS]
    distance = np.sqrt((columns - x) ** 2 + (rows - y) ** 2) / radius
    rise = np.clip((distance - WELL) / (0.85 - WELL), 0, 1)
    edge = np.clip((1 - distance) * radius / 5, 0, 1)
    inside = distance < 1
    relief.height[inside] = (3 + RIM * rise * rise * (3 - 2 * rise) * edge)[inside]
    colours, weights = zip(*PLATES, strict=True)
    relief.colours[inside] = pick(rng, colours, weights)
    relief.gloss[inside] = 0.25
