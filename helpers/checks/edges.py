"""Judge an edge detector by where it is strong, whatever kernels it is made of."""

from typing import Any

import numpy as np

from helpers.checks.failure import CheckFailed
from helpers.checks.values import as_numbers

__all__ = ["edge_likeness", "edge_map", "strengths_on_stairs"]

LARGEST_LOSS = 4  # pixels a map may be smaller than its picture: two 3 x 3 kernels, or one 5 x 5
POOL = 4  # pixels: differences in position smaller than this do not count


def edge_map(name: str, edges: Any, shape: tuple[int, int]) -> np.ndarray:
    """Return a student's map of edges as a float array, if it fits the picture.

    Parameters
    ----------
    name
        What the student would call the map.
    edges
        The map, whatever it is. A last axis of length 1 is dropped.
    shape
        Height and width of the picture.

    Raises
    ------
    CheckFailed
        If it is no 2-D array of finite, non-negative numbers of about the picture's size.
    """
    seen = as_numbers(name, edges)
    if seen.ndim == 3 and seen.shape[2] == 1:
        seen = seen[:, :, 0]
    lost = [size - length for size, length in zip(shape, seen.shape, strict=False)]
    if seen.ndim != 2:
        raise CheckFailed(
            f"`{name}` has shape {seen.shape}; it should be 2-D, one strength for each pixel: "
            "combine the maps of your kernels.",
            "shape",
        )
    if not all(0 <= pixels <= LARGEST_LOSS for pixels in lost):
        raise CheckFailed(
            f"`{name}` has shape {seen.shape}; for a picture of {shape} it should be of this size "
            f"or at most {LARGEST_LOSS} pixels smaller.",
            "shape",
        )
    if not np.isfinite(seen).all():
        raise CheckFailed(
            f"`{name}` has NaN or infinite values: a strength is a finite number. Do you take the "
            "root of a negative number? Do you divide by a maximum, which is 0 in a flat picture?"
        )
    if (seen < 0).any():
        raise CheckFailed(
            f"`{name}` has values down to {seen.min():.3g}: a strength is never negative. Square "
            "the differences or take their absolute values (`np.abs`)."
        )
    return seen


def edge_likeness(edges: np.ndarray, picture: np.ndarray) -> float:
    """Return how much a map of edges is like the picture's changes of brightness.

    Parameters
    ----------
    edges
        As :func:`edge_map` returns it.
    picture
        Shape (height, width), the picture that the edges were found in.

    Returns
    -------
    The rank correlation of the map with the length of the picture's gradient, from -1 to 1,
    both taken as the strongest value in squares of 4 x 4 pixels. Ranks, because one detector
    may report squares or logarithms of what another reports.
    """
    # To import it takes most of a second, and no other check needs it.
    from scipy.stats import spearmanr

    slopes = np.stack(np.gradient(np.asarray(picture, dtype=float)))
    gradient = np.sqrt((slopes**2).sum(axis=0))
    top, left = ((np.array(gradient.shape) - edges.shape) // 2).tolist()
    gradient = gradient[top : top + edges.shape[0], left : left + edges.shape[1]]
    # At the border a detector sees the edge of the picture, or of a frame of zeros.
    inside = (slice(POOL, -POOL),) * 2
    likeness = spearmanr(_strongest(edges[inside]).ravel(), _strongest(gradient[inside]).ravel())
    return float(likeness.statistic)


def strengths_on_stairs(name: str, edges: Any, stairs: np.ndarray) -> list[float]:
    """Return how strong a student's map of edges is on steps of brightness, and between them.

    Parameters
    ----------
    name
        What the student would call the map.
    edges
        The map, whatever it is.
    stairs
        Shape (height, width), a picture of flat parts, at least 12 pixels wide, side by side or one
        below the other.

    Returns
    -------
    The largest value of the flat parts, then of the surroundings of each step; 4 pixels at the
    border, where a detector sees the frame, do not count.

    Raises
    ------
    CheckFailed
        As :func:`edge_map`.
    """
    seen = edge_map(name, edges, (stairs.shape[0], stairs.shape[1]))
    if (stairs[0] == stairs[0, 0]).all():
        seen, stairs = seen.T, stairs.T
    profile = seen[POOL:-POOL].max(axis=0)
    columns = np.arange(len(profile)) + (stairs.shape[1] - len(profile)) / 2
    steps = np.flatnonzero(np.diff(stairs[0])) + 0.5
    away = np.abs(columns[:, None] - steps)
    inside = (columns >= POOL) & (columns < stairs.shape[1] - POOL)
    flat = profile[inside & (away > POOL).all(axis=1)].max()
    return [float(flat), *(float(profile[near].max()) for near in (away <= POOL).T)]


def _strongest(values: np.ndarray) -> np.ndarray:
    rows, columns = values.shape[0] // POOL, values.shape[1] // POOL
    whole = values[: rows * POOL, : columns * POOL]
    return whole.reshape(rows, POOL, columns, POOL).max(axis=(1, 3))
