"""From surfaces to a picture: what the eye sees, in the light of a lamp and of the sky."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from helpers.datasets.rendering.surfaces import Surface

__all__ = ["SIZE", "Eye", "render"]

SIZE = 256
"""Pixels of the finished picture, each way."""
FINE = 3
"""Points for each of its pixels, each way."""
SHADOW = 700
"""Points of the map of what a lamp reaches, each way."""
BIAS = 0.08
"""How far behind the first thing that a lamp meets something still counts as lit."""
SUN, SKY, LAMPS = 0.6, 0.55, 14
"""How bright the lamp and the sky are, and of how many small lamps the sky consists."""

Vector = tuple[float, float, float]


class Eye(NamedTuple):
    """Where a scene is seen from.

    Attributes
    ----------
    place, target
        Where the eye is, and what comes to the middle of the picture.
    field
        How wide the picture is at the distance of the target.
    """

    place: Vector
    target: Vector
    field: float


def render(surfaces: Sequence[Surface], eye: Eye, lamp: Vector) -> np.ndarray:
    """Draw a scene on white ground.

    Parameters
    ----------
    surfaces
        What is there.
    eye
        Where it is seen from.
    lamp
        The direction to the lamp.

    Returns
    -------
    array of uint8, shape (256, 256, 3)
    """
    points = np.concatenate([surface.points.reshape(-1, 3) for surface in surfaces])
    normals = np.concatenate([_normals(surface.points).reshape(-1, 3) for surface in surfaces])
    colours = np.concatenate(
        [np.broadcast_to(s.colours, s.points.shape).reshape(-1, 3) for s in surfaces]
    )
    gloss = np.repeat([s.gloss for s in surfaces], [s.points[..., 0].size for s in surfaces])
    seen, places = _seen(points, eye)
    to_eye = _unit(np.array(eye.place) - points[seen])
    normal = normals[seen]
    normal *= np.sign((normal * to_eye).sum(-1, keepdims=True))
    lamps = [(SUN, _unit(np.array(lamp))), *((SKY / LAMPS, direction) for direction in _sky())]
    lit = np.zeros(len(seen))
    for strength, direction in lamps:
        facing = np.clip(normal @ direction, 0, None)
        lit += strength * facing * _reached(points, seen, direction)
    # Even ground becomes as white as the paper.
    lit /= sum(strength * direction[1] for strength, direction in lamps)
    shine = np.clip((normal * _unit(to_eye + lamps[0][1])).sum(-1), 0, 1) ** 40
    linear = (colours[seen] ** 2 + (0.5 * gloss[seen] * shine)[:, None]) * lit[:, None]
    levels = np.ones(((SIZE * FINE) ** 2, 3))
    levels[places] = np.sqrt(np.clip(linear, 0, 1))
    picture = Image.fromarray((255 * levels + 0.5).astype(np.uint8).reshape(SIZE * FINE, -1, 3))
    return np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.BOX))


def _seen(points: np.ndarray, eye: Eye) -> tuple[np.ndarray, np.ndarray]:
    """Find the points that nothing hides, and where in the fine picture each belongs."""
    place, target = np.array(eye.place), np.array(eye.target)
    right, up, back = _axes(place - target)
    away = points - place
    depth = -(away @ back)
    distance = np.sqrt(((place - target) ** 2).sum())
    scale = SIZE * FINE / eye.field * distance / depth
    column = np.floor(SIZE * FINE / 2 + scale * (away @ right)).astype(int)
    row = np.floor(SIZE * FINE / 2 - scale * (away @ up)).astype(int)
    inside = (column >= 0) & (column < SIZE * FINE) & (row >= 0) & (row < SIZE * FINE)
    indices = np.flatnonzero(inside)
    cells = row[indices] * SIZE * FINE + column[indices]
    nearest = np.full((SIZE * FINE) ** 2, np.inf)
    np.minimum.at(nearest, cells, depth[indices])
    first = depth[indices] <= nearest[cells]
    return indices[first], cells[first]


def _reached(points: np.ndarray, seen: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Say how much of the light from a direction reaches the points that are seen, 0 to 1."""
    right, up, towards = _axes(direction)
    x, y, height = points @ right, points @ up, points @ towards
    step = max(np.ptp(x), np.ptp(y)) / (SHADOW - 3)
    column = ((x - x.min()) / step).astype(int) + 1
    row = ((y - y.min()) / step).astype(int) + 1
    highest = np.full(SHADOW * SHADOW, -np.inf)
    np.maximum.at(highest, row * SHADOW + column, height)
    lit = np.zeros(len(seen))
    for down in (-1, 0, 1):
        for aside in (-1, 0, 1):
            cells = (row[seen] + down) * SHADOW + column[seen] + aside
            lit += highest[cells] <= height[seen] + BIAS
    return lit / 9


def _sky() -> np.ndarray:
    """Spread directions (LAMPS, 3) evenly over the upper half of a sphere."""
    number = np.arange(LAMPS)
    y = 0.3 + 0.7 * (number + 0.5) / LAMPS
    turn = number * np.pi * (3 - 5**0.5)
    flat = np.sqrt(1 - y * y)
    return np.stack([flat * np.cos(turn), y, flat * np.sin(turn)], axis=-1)


def _axes(back: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the unit vectors to the right, up and back of somebody who looks along -back."""
    back = _unit(back)
    right = _unit(np.cross([0.0, 1.0, 1e-6], back))
    return right, np.cross(back, right), back


def _normals(points: np.ndarray) -> np.ndarray:
    down, along = (np.gradient(points, axis=axis) for axis in (0, 1))
    return _unit(np.cross(down, along))


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.sqrt((vectors * vectors).sum(-1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, 1e-12))
