"""A pineapple: a body of scales in spirals, and a crown of leaves."""

import numpy as np

from helpers.datasets.rendering.scene import Eye, render
from helpers.datasets.rendering.surfaces import Surface, grid, turned

__all__ = ["draw"]

HEIGHT, RADIUS = 1.3, 0.92
"""Half the height of the body, and its radius."""
STEEP, GENTLE = 13, 8
"""How many spirals of scales wind around it in the two directions."""
LEAVES = 58
LEAN = 0.16
LEAF_POINTS = 300

EYE = Eye(place=(0.0, 1.6, 11.0), target=(0.0, 0.9, 0.0), field=4.9)
LAMP = (-0.45, 0.65, 0.95)


def draw() -> np.ndarray:
    """Draw it, a uint8 array (256, 256, 3)."""
    rng = np.random.default_rng(4)
    leaves = [_leaf(number, rng) for number in range(LEAVES)]
    upright = [_body(), *leaves]
    fruit = [part._replace(points=turned(part.points, LEAN, axis=2)) for part in upright]
    return render([*fruit, _ground()], EYE, LAMP)


def _body() -> Surface:
    down, along = grid(900, 1300)
    turn, tilt = 2 * np.pi * along, np.pi * (down - 0.5)
    # Scales lie where spirals of the two directions cross.
    rise = np.sin(tilt) * 4.2
    steep = STEEP * turn / (2 * np.pi) + rise
    gentle = GENTLE * turn / (2 * np.pi) - rise * 1.3
    a, b = (2 * (spiral - np.floor(spiral)) - 1 for spiral in (steep, gentle))
    middle = np.clip(1 - np.maximum(np.abs(a), np.abs(b)), 0, 1)
    bulge = np.sqrt(1 - (1 - middle) ** 2)
    spine = np.clip(1 - 5 * np.sqrt(a * a + b * b), 0, 1)
    away = 1 + 0.07 * bulge + 0.05 * spine - 0.05
    level = np.abs(np.cos(tilt)) ** 0.62
    points = np.stack(
        [
            RADIUS * away * level * np.sin(turn),
            HEIGHT * away * np.sin(tilt),
            RADIUS * away * level * np.cos(turn),
        ],
        axis=-1,
    )
    groove, scale, tip = np.array([(0.36, 0.30, 0.10), (0.90, 0.62, 0.16), (0.46, 0.26, 0.08)])
    share = np.clip(bulge * 1.15, 0, 1)[..., None]
    colours = groove + (scale - groove) * share
    colours += (np.array((0.62, 0.60, 0.18)) - colours) * (0.55 * down[..., None] ** 2)
    colours += (tip - colours) * np.clip(1.6 * spine, 0, 1)[..., None]
    return Surface(points, colours, gloss=0.25)


def _leaf(number: int, rng: np.random.Generator) -> Surface:
    """Make a leaf of the crown; the first ones are the outer ones."""
    inner = number / (LEAVES - 1)
    turn = number * np.pi * (3 - 5**0.5)
    length = (1.0 + 0.95 * inner) * rng.uniform(0.9, 1.1)
    width = 0.15 + 0.05 * (1 - inner)
    # From nearly level outside to upright inside; tips of outer leaves hang over.
    start, droop = 0.5 + 1.0 * inner, (1 - inner) * 1.1 + 0.15
    down, along = grid(LEAF_POINTS, 45)
    angle = start - droop * (down - 0.15)
    out = np.cumsum(np.cos(angle), axis=0) * length / LEAF_POINTS
    up = np.cumsum(np.sin(angle), axis=0) * length / LEAF_POINTS
    across = (along - 0.5) * 2 * width * np.sqrt(np.clip(1 - down, 0, 1)) * (0.75 + 0.5 * down)
    fold = np.abs(along - 0.5) * 0.28 * width * 4 * (1 - down)
    root = 0.26 * (1 - inner)
    points = np.stack([across, HEIGHT * 0.93 + up + fold, root + out], axis=-1)
    light, dark = np.array((0.62, 0.76, 0.42)), np.array((0.30, 0.50, 0.28))
    colours = dark + (light - dark) * (1 - np.abs(2 * along - 1) ** 0.7)[..., None] * 0.8
    colours = colours * (0.62 + 0.38 * np.clip(2.5 * down, 0, 1))[..., None]
    return Surface(turned(points, turn), colours * rng.uniform(0.88, 1.1), gloss=0.25)


def _ground() -> Surface:
    down, along = grid(1000, 1300)
    points = np.stack([8 * along - 4, np.full_like(down, -HEIGHT - 0.02), 8 * down - 4], axis=-1)
    return Surface(points, np.array([1.0, 1.0, 1.0]))
