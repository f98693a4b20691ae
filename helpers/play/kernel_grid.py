"""A kernel of nine numbers over a picture: change one, and its feature map changes at once."""

import numpy as np
from ipywidgets import HTML, Dropdown, FloatText, GridBox, HBox, VBox
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from helpers import convolution, plots
from helpers.errors import CourseError
from helpers.play import parts
from helpers.play.slider import Slider
from helpers.plots import figures
from helpers.plots.boards import WINDOW

__all__ = ["KERNELS", "KernelGrid", "kernel_grid"]

KERNELS: dict[str, list[list[float]]] = {
    "right minus left": [[-1, 0, 1]] * 3,
    "below minus above": [[-1] * 3, [0] * 3, [1] * 3],
    "mean (blur)": [[0.11] * 3] * 3,
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "the picture itself": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
OWN = "your own"
SIDE = 3
WORDS = ("upper", "middle", "lower"), ("left", "centre", "right")
# Each pixel is shown as so many, so that a frame around three of them is fine.
ZOOM = 3
# Pixels from the window to its frame: one right around it would hide the neighbours.
MARGIN = 2


def kernel_grid(picture: ArrayLike) -> None:
    """Change a kernel of 3 by 3, see its feature map, and follow one step of the sliding.

    Where nothing can be changed, the feature maps of some kernels are shown side by side.

    Parameters
    ----------
    picture : array of shape (h, w), both at least 3
        Grey, from 0 (black) to 1 (white).

    Raises
    ------
    CourseError
        If it is no such array.
    """
    grid = KernelGrid(picture)
    maps = {
        name: convolution.conv2d(grid.picture, kernel) for name, kernel in list(KERNELS.items())[:4]
    }
    plots.images(maps, alt=f"What kernels make of the picture: {', '.join(maps)}.")
    parts.show(grid.controls, grid.pictures, grid.step)


class KernelGrid:
    """The controls of a kernel, and what they show.

    Attributes
    ----------
    picture
        Grey, shape (h, w).
    cells
        The nine numbers, row by row.
    preset, row, column
        A known kernel, and the place of the window's upper left corner.
    controls
        All of these, arranged.
    pictures, step
        The picture and its feature map; the products of one step and their sum.
    """

    def __init__(self, picture: ArrayLike) -> None:
        self.picture = figures.numbers(picture, "picture", (2,)).astype(float)
        if min(self.picture.shape) < SIDE:
            raise CourseError(
                f"picture has shape {self.picture.shape}, but needs {SIDE} rows and columns at "
                "least."
            )
        rows, columns = (size - SIDE for size in self.picture.shape)
        self.preset = Dropdown(options=[*KERNELS, OWN], description="kernel")
        self.cells = [
            FloatText(
                step=0.5,
                continuous_update=True,
                # Seen by no one, but read aloud.
                description=f"weight, {WORDS[0][place // SIDE]} {WORDS[1][place % SIDE]}",
                style={"description_width": "0px"},
                layout={"width": "72px", "margin": "1px"},
            )
            for place in range(SIDE * SIDE)
        ]
        row, column = self._strongest()
        self.row = Slider(description="row", max=rows, value=row)
        self.column = Slider(description="column", max=columns, value=column)
        numbers = GridBox(self.cells, layout={"grid_template_columns": f"repeat({SIDE}, auto)"})
        self.controls = HBox(
            [numbers, VBox([self.preset, self.row, self.column])],
            layout={"flex_flow": "row wrap", "align_items": "center"},
        )
        self.pictures, self.step = HTML(), HTML()
        self._filling = False
        self._fill()
        self.preset.observe(lambda _: self._fill(), "value")
        for cell in self.cells:
            cell.observe(lambda _: self._name(), "value")
        for slider in (self.row, self.column):
            slider.observe(lambda _: self._draw(), "value")

    @property
    def kernel(self) -> NDArray:
        """The numbers in the cells, shape (3, 3)."""
        return np.reshape([cell.value for cell in self.cells], (SIDE, SIDE))

    def _strongest(self) -> tuple[int, int]:
        """Return the place where the first known kernel finds most, away from the border."""
        feature_map = convolution.conv2d(self.picture, KERNELS[self.preset.value])
        top, left = (size // 4 for size in feature_map.shape)
        inner = feature_map[top : len(feature_map) - top, left : feature_map.shape[1] - left]
        row, column = np.unravel_index(inner.argmax(), inner.shape)
        return top + int(row), left + int(column)

    def _fill(self) -> None:
        """Write the chosen kernel into the cells; one's own is there already."""
        if self.preset.value in KERNELS:
            # Else each of the nine would be taken for a kernel of one's own.
            self._filling = True
            for cell, weight in zip(self.cells, np.ravel(KERNELS[self.preset.value]), strict=True):
                cell.value = weight
            self._filling = False
        self._draw()

    def _name(self) -> None:
        """Show which kernel the cells hold after one of them was changed."""
        if self._filling:
            return
        same = [name for name, known in KERNELS.items() if np.array_equal(known, self.kernel)]
        name = same[0] if same else OWN
        if name == self.preset.value:
            self._draw()
        else:
            self.preset.value = name

    def _draw(self) -> None:
        place = row, column = self.row.value, self.column.value
        feature_map = convolution.conv2d(self.picture, self.kernel)
        low, high = figures.extremes(feature_map)
        self.pictures.value = (
            '<div style="display: flex; flex-wrap: wrap; gap: 12px">'
            + _captioned(_framed(self.picture, place), "picture, and the window in it")
            + _captioned(_framed(feature_map, place), f"feature map, {low:.3g} to {high:.3g}")
            + "</div>"
        )
        window = self.picture[row : row + SIDE, column : column + SIDE]
        products = window * self.kernel
        self.step.value = (
            f"{parts.ROW}{_table(window, 'under the window', '.2f')}"
            "<span>\N{MULTIPLICATION SIGN}</span>"
            f"{_table(self.kernel, 'kernel', 'g')}<span>=</span>"
            f"{_table(products, 'products', '.2f')}<span>The sum, <b>{products.sum():.2f}</b>, "
            f"is the feature map's number in row {row}, column {column}.</span></div>"
        )


def _framed(values: NDArray, place: tuple[int, int]) -> NDArray[np.uint8]:
    """Return numbers (h, w) as a picture (h, w, 3), enlarged, with a frame around a place."""
    grey = Image.fromarray(figures.grey_levels(values, "the map"))
    height, width = values.shape
    large = grey.convert("RGB").resize((ZOOM * width, ZOOM * height), Image.Resampling.NEAREST)
    top, left = (ZOOM * (start - MARGIN) for start in place)
    side = ZOOM * (SIDE + 2 * MARGIN)
    box = (left, top, left + side, top + side)
    ImageDraw.Draw(large).rectangle(box, outline=WINDOW, width=ZOOM)
    return np.asarray(large)


def _captioned(pixels: NDArray[np.uint8], caption: str) -> str:
    tag = parts.img(pixels, f"The {caption}", "width: 100%")
    return (
        f'<figure style="margin: 0; flex: 1 1 200px; max-width: {pixels.shape[1] // 2}px">'
        f"{tag}<figcaption>{caption}</figcaption></figure>"
    )


def _table(values: NDArray, caption: str, form: str) -> str:
    """Write an array (3, 3) as a table, each number in the same form."""
    cell = '<td style="border: 1px solid #999; padding: 1px 6px; text-align: right">'
    rows = "".join(
        f"<tr>{''.join(f'{cell}{value:{form}}</td>' for value in line)}</tr>" for line in values
    )
    return f'<table style="border-collapse: collapse"><caption>{caption}</caption>{rows}</table>'
