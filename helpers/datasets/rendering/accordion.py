"""A piano accordion: keys on the left, bellows in the middle, bass buttons on the right."""

from collections.abc import Iterator

import numpy as np

from helpers.datasets.rendering.scene import Eye, render
from helpers.datasets.rendering.surfaces import Surface, block, grid, moved, turned

__all__ = ["draw"]

RED, BLACK = np.array((0.72, 0.05, 0.07)), np.array((0.08, 0.08, 0.09))
IVORY, CHROME = np.array((0.96, 0.95, 0.92)), np.array((0.80, 0.80, 0.82))
HEIGHT, DEPTH = 2.3, 1.0
KEYS, FOLDS = 17, 13
# The black keys of an octave, by the white key below each.
SHARPS = (0, 1, 3, 4, 5)

TILT = -0.14
EYE = Eye(place=(-3.0, 2.0, 9.5), target=(-0.2, 0.0, 0.0), field=4.8)
LAMP = (-0.45, 0.75, 0.9)


def draw() -> np.ndarray:
    """Draw it, a uint8 array (256, 256, 3)."""
    upright = [*_treble(), *_bellows(), *_bass()]
    scene = [part._replace(points=turned(part.points, TILT, axis=2)) for part in upright]
    return render(scene, EYE, LAMP)


def _treble() -> Iterator[Surface]:
    """Make the side with the keyboard."""
    yield Surface(moved(block((0.8, HEIGHT, DEPTH)), -1.05, 0, 0), RED, gloss=0.8)
    # The grille of the register.
    for number in range(9):
        bar = block((0.06, 1.5, 0.06))
        yield Surface(moved(bar, -1.3 + 0.065 * number, 0, DEPTH / 2), CHROME, gloss=1)
    yield Surface(moved(block((0.55, HEIGHT, 0.34)), -1.65, 0, 0.2), RED, gloss=0.8)
    pitch = 0.95 * HEIGHT / KEYS
    for number in range(KEYS):
        y = (number - (KEYS - 1) / 2) * pitch
        key = block((0.62, 0.9 * pitch, 0.12), corners=12)
        yield Surface(moved(key, -1.8, y, 0.42), IVORY, gloss=0.4)
        if number % 7 in SHARPS and number < KEYS - 1:
            sharp = block((0.36, 0.5 * pitch, 0.14), corners=12)
            yield Surface(moved(sharp, -1.66, y + pitch / 2, 0.52), BLACK, gloss=0.6)


def _bellows() -> Iterator[Surface]:
    """Make the folds, with light rims."""
    along, around = grid(700, 1100)
    fold = np.abs(2 * (along * FOLDS - np.floor(along * FOLDS)) - 1)
    turn = 2 * np.pi * around
    corners = (np.abs(np.cos(turn)) ** 8 + np.abs(np.sin(turn)) ** 8) ** (1 / 8)
    size = 1 - 0.14 * fold
    y = 0.5 * HEIGHT * 0.96 * np.sin(turn) / corners * size
    z = 0.5 * DEPTH * 0.96 * np.cos(turn) / corners * (1 - 0.3 * fold)
    points = np.stack([-0.65 + 1.75 * along, y, z], axis=-1)
    colours = np.where((fold < 0.14)[..., None], np.array((0.75, 0.73, 0.70)), BLACK + 0.05)
    yield Surface(points, colours, gloss=0.2)


def _bass() -> Iterator[Surface]:
    """Make the side with the buttons."""
    box = block((0.66, HEIGHT, DEPTH))
    yield Surface(moved(box, 1.42, 0, 0), RED, gloss=0.8)
    for row in range(10):
        for column in range(4):
            button = block((0.09, 0.09, 0.12), corners=3)
            place = 1.24 + 0.12 * column, 0.17 * (row - 4.5) + 0.05 * (column % 2), DEPTH / 2
            yield Surface(moved(button, *place), IVORY, gloss=0.6)
