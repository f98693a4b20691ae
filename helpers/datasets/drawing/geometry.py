"""Outlines: smooth curves, strokes and ellipses as polygons, arrays (n, 2) of x and y.

Lengths are in units of about a blade; y points down, as in pictures. Sums of products are spelled
out, since a matrix product rounds differently from one processor to the next.
"""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

__all__ = ["along", "ellipse", "rotate", "spline", "stroke"]

Points = np.ndarray | Sequence[tuple[float, float]]


def spline(points: Points, closed: bool = False, steps: int = 24) -> np.ndarray:
    """Run a smooth curve through points (Catmull and Rom: A class of local interpolating splines).

    Parameters
    ----------
    points
        At least two points (n, 2).
    closed
        Whether the curve returns to its first point.
    steps
        Points of the curve from one given point to the next.
    """
    points = np.asarray(points, float)
    if closed:
        padded = np.vstack([points[-1:], points, points[:2]])
    else:
        padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        square, cube = 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
        pieces.append((2 * b + t * (c - a + t * (square + t * cube))) / 2)
    if not closed:
        pieces.append(points[-1:])
    return np.vstack(pieces)


def along(curve: np.ndarray) -> np.ndarray:
    """Return how far along a curve each of its points lies, from 0 to 1."""
    steps = np.diff(curve, axis=0)
    lengths = np.concatenate([[0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    return lengths / lengths[-1]


def stroke(points: Points, widths: Sequence[float]) -> np.ndarray:
    """Outline a brush stroke with round ends.

    Parameters
    ----------
    points
        The middle of the stroke runs smoothly through them.
    widths
        The width at evenly spread places of the stroke; it changes smoothly between them.
    """
    middle = spline(points)
    radii = np.interp(along(middle), np.linspace(0, 1, len(widths)), widths) / 2
    radii = ndimage.gaussian_filter1d(radii, 3, mode="nearest")[:, None]
    ahead = np.gradient(middle, axis=0)
    ahead /= np.hypot(ahead[:, :1], ahead[:, 1:]) + 1e-9
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    angles = np.linspace(0, np.pi, 14)[1:-1, None]
    x, y = np.cos(angles), np.sin(angles)
    end = middle[-1] + radii[-1] * (x * aside[-1] + y * ahead[-1])
    start = middle[0] - radii[0] * (x * aside[0] + y * ahead[0])
    return np.vstack([middle + radii * aside, end, (middle - radii * aside)[::-1], start])


def ellipse(
    centre: tuple[float, float],
    radius_x: float,
    radius_y: float,
    tilt: float = 0.0,
    power: float = 2.0,
) -> np.ndarray:
    """Outline an ellipse; more than power 2 makes it squarer (a superellipse).

    Parameters
    ----------
    centre, radius_x, radius_y
        Where it lies and how far it reaches.
    tilt
        Its turn in radians.
    power
        The exponent p in |x / radius_x| ** p + |y / radius_y| ** p = 1.
    """
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    cosine, sine = np.cos(angles), np.sin(angles)
    x = radius_x * np.sign(cosine) * np.abs(cosine) ** (2 / power)
    y = radius_y * np.sign(sine) * np.abs(sine) ** (2 / power)
    return rotate(np.stack([x, y], axis=1), tilt) + centre


def rotate(points: Points, angle: float) -> np.ndarray:
    """Turn points about the origin by an angle in radians, from x towards y."""
    x, y = np.asarray(points, float).T
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=1)
