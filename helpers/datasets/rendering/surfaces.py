"""Surfaces of points in space, and what forms they can have.

Space is right-handed: x to the right, y up, z towards the spectator.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Surface", "block", "grid", "moved", "turned"]


SPACING = 0.0055
"""How close to each other the points of a block are."""


class Surface(NamedTuple):
    """A sheet of points, so dense that no pixel between them stays empty.

    Attributes
    ----------
    points
        float64 (n, m, 3); neighbours in the array are neighbours in space.
    colours
        float64 (n, m, 3) or (3,): red, green, blue from 0 to 1.
    gloss
        How much it shines, from 0 to 1.
    """

    points: np.ndarray
    colours: np.ndarray
    gloss: float = 0.0


def grid(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two arrays (rows, columns) of numbers from 0 to 1, down the rows and along them."""
    down, along = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return down, along


def block(size: tuple[float, float, float], corners: float = 8.0) -> np.ndarray:
    """Make a box with round edges, points (n, m, 3) around the origin.

    Parameters
    ----------
    size
        Its width, height and depth.
    corners
        2 for an ellipsoid; the more, the sharper the edges.
    """
    width, height, depth = size
    aside = max(width, depth)
    down, along = grid(_count(2 * max(height, aside)), _count(4 * aside))
    # A cube, from the middle of its floor over its sides to the middle of its ceiling.
    y = np.clip(4 * down - 2, -1, 1)
    around = np.minimum(1, 2 - np.abs(4 * down - 2))
    x, z = (around * np.clip(_triangle(along + shift), -1, 1) for shift in (0.0, 0.25))
    away = (np.abs(x) ** corners + np.abs(y) ** corners + np.abs(z) ** corners) ** (1 / corners)
    return np.stack([x, y, z], axis=-1) / away[..., None] * np.array(size) / 2


def _count(length: float) -> int:
    return int(length / SPACING) + 8


def _triangle(place: np.ndarray) -> np.ndarray:
    """Go from -2 to 2 and back as the place goes from 0 to 1."""
    return 2 - np.abs(8 * (place - np.floor(place)) - 4)


def moved(points: np.ndarray, x: float, y: float, z: float) -> np.ndarray:
    """Move points (n, m, 3)."""
    return points + np.array([x, y, z])


def turned(points: np.ndarray, angle: float, axis: int = 1) -> np.ndarray:
    """Turn points (n, m, 3) around the axis x (0), y (1) or z (2) by an angle in radians."""
    first, second = [other for other in range(3) if other != axis]
    result = points.copy()
    a, b = points[..., first], points[..., second]
    result[..., first] = a * np.cos(angle) + b * np.sin(angle)
    result[..., second] = b * np.cos(angle) - a * np.sin(angle)
    return result
