"""A canvas on which the parts of a tool are painted, one over the other."""

import numpy as np
from scipy import ndimage

from helpers.datasets.drawing import shading
from helpers.datasets.drawing.raster import FINE, GRID, SIZE, blurred, box, repeated, shrink

__all__ = ["STYLES", "Canvas", "Colour"]

Colour = tuple[float, float, float]

STYLES = {"photo": 0.74, "flat": 0.18, "grey": 0.08}
"""Shaded like a photograph, flat with a dark outline like a drawing, or shaded without colour;
and how often."""


class Canvas:
    """White ground with what was painted on it.

    Parameters
    ----------
    style
        One of STYLES.
    light
        The lamp.
    marks
        What brushing left on the metal, (GRID, GRID).

    Attributes
    ----------
    colours
        float64 (GRID, GRID, 3), 0 to 1; 1 where nothing was painted.
    painted
        bool (GRID, GRID).
    """

    def __init__(self, style: str, light: shading.Light, marks: np.ndarray) -> None:
        self.style = style
        self.light = light
        self.marks = marks
        self.colours = np.ones((GRID, GRID, 3))
        self.painted = np.zeros((GRID, GRID), bool)

    def paint(
        self, mask: np.ndarray, colour: Colour, bevel: float, metal: bool, brushed: bool = True
    ) -> None:
        """Paint a part.

        Parameters
        ----------
        mask
            bool (GRID, GRID); may be empty.
        colour
            Red, green, blue from 0 to 255.
        bevel
            How far the rounding reaches, in points of the grid.
        metal
            Whether it is metal, not plastic.
        brushed
            Whether it shows the brush marks.
        """
        if not mask.any():
            return
        window = box(mask)
        inside = mask[window]
        depth = ndimage.distance_transform_edt(inside)
        levels = np.array(colour) / 255
        marks = self.marks[window] if brushed else 0.0
        if self.style == "flat":
            outline = (depth < FINE * 1.3)[..., None]
            shaded = np.where(outline, 0.35 * levels, levels)
        elif metal:
            corner = (window[0].start, window[1].start)
            shaded = shading.metal(depth, bevel, levels, self.light, corner, marks)
        else:
            shaded = shading.plastic(depth, bevel, levels, self.light, marks)
        if self.style == "grey":
            shaded = np.broadcast_to(shaded.mean(-1, keepdims=True), shaded.shape)
        self.colours[window][inside] = np.clip(shaded, 0, 1)[inside]
        self.painted[window][inside] = True

    def occlude(self, mask: np.ndarray, sigma: float, strength: float) -> None:
        """Darken what is already there around a part that will lie on it.

        Parameters
        ----------
        mask
            The part, bool (GRID, GRID).
        sigma
            The softness, in pixels of the picture.
        strength
            How dark it becomes, from 0 to 1.
        """
        if self.style == "flat":
            return
        shadow = repeated(strength * blurred(mask, sigma, (0.6 * sigma, 0.4 * sigma)))
        self.colours *= 1 - shadow * self.painted[..., None]

    def finish(self, rng: np.random.Generator) -> np.ndarray:
        """Put what was painted on white ground, mostly with its shadow.

        Returns
        -------
        array of uint8, shape (SIZE, SIZE, 3)
        """
        ground = np.full((SIZE, SIZE), 1.0 if rng.random() < 0.85 else rng.uniform(0.96, 0.99))
        if self.style != "flat" and rng.random() < 0.75:
            right, down = -self.light.direction
            distance, softness = rng.uniform(3, 10), rng.uniform(3, 9)
            cast = blurred(self.painted, softness, (down * distance, right * distance))
            contact = blurred(self.painted, 1.5, (down * 2, right * 2))
            ground *= (1 - rng.uniform(0.2, 0.5) * cast) * (1 - 0.25 * contact)
        tool = np.clip(self.colours, 0, 1) ** rng.uniform(0.85, 1.1) * rng.uniform(0.95, 1.03)
        return shrink(np.where(self.painted[..., None], tool, repeated(ground)))
