"""A square to draw on, whose pixels come to Python as they are drawn."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

__all__ = ["SIDE", "DrawingPad"]

SIDE = 28


class DrawingPad(anywidget.AnyWidget):
    """White strokes on black, drawn with mouse, pen or finger.

    Attributes
    ----------
    pixels
        28 x 28 bytes, row by row, 0 (black) to 255 (white); nothing before the first stroke.
    wiped
        How often the pad was wiped.
    """

    _esm = Path(__file__).with_suffix(".js")
    # They come as a view of memory, which is cast.
    pixels = traitlets.CBytes().tag(sync=True)
    wiped = traitlets.Int().tag(sync=True)
    side = traitlets.Int(SIDE).tag(sync=True)
    label = traitlets.Unicode("Draw a digit here").tag(sync=True)

    def wipe(self) -> None:
        """Make it black again."""
        self.pixels = b""
        self.wiped += 1

    @property
    def image(self) -> NDArray[np.uint8]:
        """The drawing, shape (28, 28)."""
        if not self.pixels:
            return np.zeros((SIDE, SIDE), np.uint8)
        return np.frombuffer(self.pixels, np.uint8).reshape(SIDE, SIDE)
