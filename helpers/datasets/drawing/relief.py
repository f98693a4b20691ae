"""A relief: heights and colours of what lies on a table, and how one lamp lights them from aside.

Everything is seen from straight above, so a picture is a height and a colour at each point. Light
falls in from the upper left, as it does in all pictures: what rises is bright on that side, and
casts a shadow to the other.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

__all__ = ["CANVAS", "Colour", "Piece", "Relief"]

CANVAS = 448
"""Points of the relief, each way; two for each pixel of the finished picture."""

Colour = tuple[int, int, int]

# The way to the lamp: right, down (towards larger rows) and up; it hangs on the upper left.
LAMP = np.array([-0.42, -0.50, 0.78])
LAMP /= np.sqrt((LAMP**2).sum())
# Half-way between the lamp and the eye, which looks straight down.
HALF_WAY = LAMP + np.array([0.0, 0.0, 1.0])
HALF_WAY /= np.sqrt((HALF_WAY**2).sum())
SUN = np.array([1.08, 1.02, 0.92])
SKY = np.array([0.40, 0.43, 0.47])
# How many points a shadow reaches, and the steps in which its way is looked along.
REACH, STEP = 90, 3
# Over how many points of height a shadow becomes full.
PENUMBRA = 8.0


class Piece(NamedTuple):
    """Something to put on a relief.

    Attributes
    ----------
    height
        float64 (h, w), in points; 0 where there is nothing.
    colours
        float64 (h, w, 3), 0 to 255.
    gloss
        How much it shines, from 0 to 1.
    """

    height: np.ndarray
    colours: np.ndarray
    gloss: float


class Relief:
    """Heights and colours, seen from above; it begins as an even table.

    Parameters
    ----------
    colours
        float64 (CANVAS, CANVAS, 3), 0 to 255.

    Attributes
    ----------
    height
        float64 (CANVAS, CANVAS), in points; 0 on the table.
    colours
        float64 (CANVAS, CANVAS, 3), 0 to 255.
    gloss
        float64 (CANVAS, CANVAS), 0 to 1.
    food
        bool (CANVAS, CANVAS): where something was put.
    """

    def __init__(self, colours: np.ndarray) -> None:
        self.colours = np.array(colours, float)
        self.height = np.zeros(self.colours.shape[:2])
        self.gloss = np.zeros(self.height.shape)
        self.food = np.zeros(self.height.shape, bool)

    def put(
        self, piece: Piece, x: float, y: float, sink: float = 0.0, sprinkled: bool = False
    ) -> None:
        """Lay a piece on whatever is there.

        Parameters
        ----------
        piece
            The piece.
        x, y
            Where its middle comes, in points from the left and from the top.
        sink
            How deep it lies in what is beneath: 0 on its highest point, 1 on its mean.
        sprinkled
            Whether it follows the surface of the food instead, as sugar and grill marks do; what
            would fall beside the food is left out.
        """
        high, wide = piece.height.shape
        top, left = round(y - high / 2), round(x - wide / 2)
        rows = slice(max(top, 0), min(top + high, CANVAS))
        columns = slice(max(left, 0), min(left + wide, CANVAS))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        part = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        height, colours = piece.height[part], piece.colours[part]
        inside = height > 0
        if sprinkled:
            inside = inside & self.food[rows, columns]
        if not inside.any():
            return
        beneath = self.height[rows, columns]
        ground = beneath[inside]
        level = (1 - sink) * ground.max() + sink * ground.mean()
        raised = height + (beneath if sprinkled else level)
        seen = inside & (raised > beneath)
        beneath[seen] = raised[seen]
        self.colours[rows, columns][seen] = colours[seen]
        self.gloss[rows, columns][seen] = piece.gloss
        self.food[rows, columns][seen] = True

    def lit(self) -> np.ndarray:
        """Light the relief.

        Returns
        -------
        array of float64, shape (CANVAS, CANVAS, 3)
            0 to 255.
        """
        smooth = ndimage.gaussian_filter(self.height, 0.9)
        down, right = np.gradient(smooth)
        up = 1 / np.sqrt(1 + right * right + down * down)
        towards_lamp, towards_half_way = (
            up * (high - x * right - y * down) for x, y, high in (LAMP, HALF_WAY)
        )
        diffuse = np.clip(towards_lamp, 0, None)
        sunlit = 1 - self._shadow()
        light = (diffuse * (0.3 + 0.7 * sunlit))[..., None] * SUN
        sky = (self._openness() * (0.6 + 0.4 * up))[..., None] * SKY
        shine = np.clip(towards_half_way, 0, 1)
        for _ in range(5):  # to the power of 32
            shine *= shine
        shine *= self.gloss * sunlit
        # Light adds up in squares of the levels, which is close to what screens do.
        linear = (self.colours / 255) ** 2 * (light + sky) + 0.55 * shine[..., None]
        return np.asarray(255 * np.sqrt(np.clip(linear, 0, 1)))

    def _shadow(self) -> np.ndarray:
        """Say how much each point lies in the shadow of others, from 0 to 1."""
        aside = np.sqrt(LAMP[0] ** 2 + LAMP[1] ** 2)
        slope = LAMP[2] / aside
        darkest = np.zeros(self.height.shape)
        for distance in range(STEP, REACH, STEP):
            right, down = (round(-float(part) / aside * distance) for part in LAMP[:2])
            nearer = np.zeros(self.height.shape)
            nearer[down:, right:] = self.height[: CANVAS - down, : CANVAS - right]
            darkest = np.maximum(darkest, nearer - distance * slope - self.height)
        return ndimage.gaussian_filter(np.clip(darkest / PENUMBRA, 0, 1), 1.0)

    def _openness(self) -> np.ndarray:
        """Say how much of the sky each point sees: less of it in gaps and at the foot of things."""
        hidden = sum(
            np.clip(ndimage.gaussian_filter(self.height, width) - self.height, 0, None) / width
            for width in (2.5, 8.0)
        )
        return np.asarray(1 / (1 + 0.8 * hidden))
