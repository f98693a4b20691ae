"""A drawing board for arrays of few numbers: each number in its cell, as on squared paper."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from helpers.plots import figures

__all__ = ["GAP", "WINDOW", "Board", "written"]

# Cells between two arrays.
GAP = 1.6
# The colour of the frame around what one step looks at.
WINDOW = figures.COLOURS[1]
# Inches for the side of a cell.
CELL = 0.36


class Board:
    """A figure whose unit is the side of a cell; x goes to the right and y down.

    Parameters
    ----------
    width, height
        Its size in cells, without the margin for titles.
    """

    def __init__(self, width: float, height: float) -> None:
        size = (CELL * (width + 0.4), CELL * (height + 1.4))
        self.figure: Figure
        self.figure, (self._panel,) = figures.make_panels(1, 1, *size)
        self._panel.set(xlim=(-0.2, width + 0.2), ylim=(height + 0.2, -1.2), aspect="equal")
        self._panel.set_axis_off()

    def array(
        self, values: NDArray, x: float, y: float, colour: str = "white", ink: str = "black"
    ) -> None:
        """Write an array (h, w) into cells of a colour, the upper left corner at x and y."""
        for row, column in np.ndindex(values.shape):
            place = (x + column, y + row)
            cell = Rectangle(place, 1, 1, facecolor=colour, edgecolor="0.7", linewidth=0.8)
            self._panel.add_patch(cell)
            self._write(written(values[row, column].item()), place[0] + 0.5, place[1] + 0.5, 9, ink)

    def frame(self, x: float, y: float, width: float, height: float, colour: str = WINDOW) -> None:
        """Draw a thick frame."""
        # Above the cells that are drawn later.
        box = Rectangle((x, y), width, height, fill=False, zorder=2)
        box.set(edgecolor=colour, linewidth=2.5)
        self._panel.add_patch(box)

    def symbol(self, text: str, x: float, y: float) -> None:
        """Write what happens between two arrays, its middle at x and y."""
        self._write(text, x, y, 11)

    def title(self, text: str, x: float, y: float) -> None:
        """Write the name of an array above it, centred at x, the array's upper side at y."""
        self._write(text, x, y - 0.55, 10)

    def _write(self, text: str, x: float, y: float, size: int, ink: str = "black") -> None:
        self._panel.text(x, y, text, ha="center", va="center", fontsize=size, color=ink)


def written(number: float) -> str:
    """Write a number as short as it has to be to fit into a cell."""
    return f"{number:.3g}"
