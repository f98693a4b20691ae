"""Serving: a helping of food on a relief, piece by piece."""

import numpy as np

from helpers.datasets.drawing.recipes import Recipe
from helpers.datasets.drawing.relief import Relief

__all__ = ["serve"]

# The radius of each of one to three items that share a place, as a part of that of the place.
SHARES = (1.0, 0.56, 0.5)


def serve(
    relief: Relief, recipe: Recipe, x: float, y: float, radius: float, rng: np.random.Generator
) -> None:
    """Serve one kind of food.

    Parameters
    ----------
    relief
        The plate, which changes.
    recipe
        The kind.
    x, y
        The middle of the place for it, in points.
    radius
        How large the place is, in points.
    rng
        The generator of the picture.
    """
    items = int(rng.integers(*recipe.items, endpoint=True))
    start = rng.uniform(0, 2 * np.pi)
    for item in range(items):
        angle = start + 2 * np.pi * item / items
        share = radius * SHARES[items - 1]
        away = (radius - share) if items > 1 else 0.0
        middle = x + away * np.cos(angle), y + away * np.sin(angle)
        lie = rng.uniform(0, 2 * np.pi)
        for layer in recipe.layers:
            for _ in range(int(rng.integers(*layer.count, endpoint=True))):
                turn = rng.uniform(0, 2 * np.pi)
                distance = share * layer.spread * np.sqrt(rng.random())
                place = middle[0] + distance * np.cos(turn), middle[1] + distance * np.sin(turn)
                tilt = rng.uniform(0, 2 * np.pi)
                piece = layer.shape.piece(rng, share, lie if layer.aligned else tilt)
                relief.put(piece, *place, layer.sink, layer.sprinkled)
