"""From outlines to pixels: masks on a grid three times as fine as the picture."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

__all__ = ["FINE", "GRID", "SIZE", "blurred", "box", "fill", "line", "repeated", "shrink"]

SIZE = 256
"""Pixels of the finished picture, each way."""
FINE = 3
"""Points of the grid for each of its pixels, each way."""
GRID = SIZE * FINE


def fill(outlines: Iterable[np.ndarray], holes: Iterable[np.ndarray] = ()) -> np.ndarray:
    """Return the bool mask (GRID, GRID) of all that lies in an outline and in no hole."""
    image = Image.new("1", (GRID, GRID))
    draw = ImageDraw.Draw(image)
    for polygons, value in ((outlines, 1), (holes, 0)):
        for polygon in polygons:
            draw.polygon([(x, y) for x, y in polygon.tolist()], fill=value)
    return np.asarray(image)


def line(points: np.ndarray, width: float) -> np.ndarray:
    """Return the bool mask (GRID, GRID) of a straight line, `width` points of the grid wide."""
    image = Image.new("1", (GRID, GRID))
    ends = [(x, y) for x, y in points.tolist()]
    ImageDraw.Draw(image).line(ends, fill=1, width=int(width))
    return np.asarray(image)


def box(mask: np.ndarray, margin: int = 4) -> tuple[slice, slice]:
    """Return the smallest rectangle around a mask that isn't empty, with a margin."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return (
        slice(max(int(rows[0]) - margin, 0), int(rows[-1]) + margin + 1),
        slice(max(int(columns[0]) - margin, 0), int(columns[-1]) + margin + 1),
    )


def blurred(mask: np.ndarray, sigma: float, shift: tuple[float, float] = (0, 0)) -> np.ndarray:
    """Blur and move a mask, as a soft shadow is.

    Parameters
    ----------
    mask
        bool (GRID, GRID).
    sigma
        The width of the Gaussian, in pixels of the picture.
    shift
        Down and to the right, in pixels of the picture.

    Returns
    -------
    array of float64, shape (SIZE, SIZE)
        0 to 1, as fine as the picture, which is enough for what is soft.
    """
    coarse = mask.reshape(SIZE, FINE, SIZE, FINE).mean((1, 3))
    return ndimage.shift(ndimage.gaussian_filter(coarse, sigma), shift, order=1)


def repeated(coarse: np.ndarray) -> np.ndarray:
    """Repeat each pixel (SIZE, SIZE) on the fine grid and add an axis for the colours."""
    return coarse.repeat(FINE, axis=0).repeat(FINE, axis=1)[..., None]


def shrink(colours: np.ndarray) -> np.ndarray:
    """Make the finished picture, uint8 (SIZE, SIZE, 3), of colours 0 to 1 (GRID, GRID, 3)."""
    levels = (np.clip(colours, 0, 1) * 255 + 0.5).astype(np.uint8)
    small = Image.fromarray(levels).resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return np.asarray(small)
