"""Meals: drawings of food on a plate or the bare table, seen from above."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from helpers.datasets.drawing.chance import chance, pick

__all__ = ["SIZE", "compose_meal"]

SIZE = 224
"""Pixels of the finished picture, each way."""
CANVAS = 2 * SIZE

Colour = tuple[int, int, int]

TABLES: list[Colour] = [
    (255, 255, 255), (250, 246, 238), (236, 226, 210), (214, 188, 150), (226, 232, 238),
    (240, 240, 240), (205, 214, 200), (186, 150, 112), (245, 230, 230),
]  # fmt: skip
CHECKS: list[Colour] = [(200, 60, 60), (60, 100, 170), (90, 140, 80), (170, 140, 90)]
PLATES: list[Colour] = [
    (252, 252, 252), (238, 242, 248), (250, 240, 225), (70, 74, 84), (196, 220, 232),
]  # fmt: skip
# How long an item is, for one to five of them, in parts of the canvas.
LENGTHS = (0.72, 0.52, 0.46, 0.42, 0.38)


def compose_meal(food: Sequence[Image.Image], rng: np.random.Generator) -> np.ndarray:
    """Lay a table.

    Parameters
    ----------
    food
        One to five drawings, RGBA without a margin.
    rng
        The generator of this picture; the same numbers give the same bytes.

    Returns
    -------
    array of uint8, shape (224, 224, 3)
    """
    meal = _table(rng)
    if chance(rng, 0.65):
        _serve_plate(meal, rng)
    places = _places(len(food), rng)
    # What is further down lies in front.
    for number in np.argsort(places[:, 1]):
        _serve(meal, food[number], LENGTHS[len(food) - 1] * CANVAS, places[number], rng)
    small = meal.convert("RGB").resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return np.asarray(small)


def _table(rng: np.random.Generator) -> Image.Image:
    """Draw a plain table, a wooden one or a check table cloth, a bit darker at one end."""
    colours = np.full((CANVAS, CANVAS, 3), pick(rng, TABLES), float)
    cover = pick(rng, ("plain", "wood", "check", "plain"))
    if cover == "wood":
        grain = ndimage.gaussian_filter(rng.standard_normal((CANVAS, CANVAS)), (1.2, 40))
        colours += (5 * grain / grain.std())[..., None]
        board = int(rng.integers(40, 70))
        for row in range(0, CANVAS, board):
            colours[row : row + 2] *= 0.9
    if cover == "check":
        stripes = np.arange(CANVAS) // int(rng.integers(14, 30)) % 2
        strength = 0.35 * ((stripes[:, None] + stripes) / 2)[..., None]
        colours = colours * (1 - strength) + strength * np.array(pick(rng, CHECKS))
    colours *= np.linspace(1, rng.uniform(0.9, 1), CANVAS)[:, None, None]
    levels = np.clip(colours, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).convert("RGBA")


def _serve_plate(meal: Image.Image, rng: np.random.Generator) -> None:
    """Put a plate with its shadow on the table."""
    radius = rng.uniform(0.4, 0.48) * CANVAS
    height = radius * rng.uniform(0.75, 1)
    x, y = CANVAS / 2, CANVAS * 0.53
    china = pick(rng, PLATES)
    shadow = Image.new("RGBA", meal.size)
    around = [x - radius, y - height + 10, x + radius, y + height + 14]
    ImageDraw.Draw(shadow).ellipse(around, fill=(0, 0, 0, 90))
    meal.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(9)))
    plate = Image.new("RGBA", meal.size)
    draw = ImageDraw.Draw(plate)
    draw.ellipse([x - radius, y - height, x + radius, y + height], fill=china)
    radius, height = 0.78 * radius, 0.78 * height
    draw.ellipse(
        [x - radius, y - height, x + radius, y + height],
        fill=_darker(china, 0.96),
        outline=_darker(china, 0.88),
        width=2,
    )
    meal.alpha_composite(plate)


def _darker(colour: Colour, factor: float) -> Colour:
    red, green, blue = colour
    return int(red * factor), int(green * factor), int(blue * factor)


def _places(count: int, rng: np.random.Generator) -> np.ndarray:
    """Spread middles (count, 2) of items around the plate, or put one in its middle."""
    start = rng.uniform(0, 2 * np.pi)
    if count == 1:
        return np.full((1, 2), CANVAS / 2)
    angles = start + 2 * np.pi * np.arange(count) / count
    around = np.stack([0.2 * np.cos(angles), 0.17 * np.sin(angles)], axis=1)
    return CANVAS * (0.5 + around) + rng.normal(scale=8, size=(count, 2))


def _serve(
    meal: Image.Image,
    item: Image.Image,
    length: float,
    place: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Put one item with its shadow on the plate, turned a little, perhaps mirrored."""
    scale = length * rng.uniform(0.85, 1.15) / max(item.size)
    width, height = (max(1, int(side * scale)) for side in item.size)
    item = item.resize((width, height), Image.Resampling.LANCZOS)
    if chance(rng, 0.5):
        item = item.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    item = item.rotate(rng.uniform(-22, 22), expand=True, resample=Image.Resampling.BICUBIC)
    x, y = int(place[0] - item.width / 2), int(place[1] - item.height / 2)
    mask = Image.new("L", meal.size)
    mask.paste(item.getchannel("A"), (x + 5, y + 9))
    shadow = Image.new("RGBA", meal.size)
    shadow.putalpha(mask.filter(ImageFilter.GaussianBlur(7)).point(lambda level: int(level * 0.4)))
    meal.alpha_composite(shadow)
    layer = Image.new("RGBA", meal.size)
    layer.paste(item, (x, y))
    meal.alpha_composite(layer)
