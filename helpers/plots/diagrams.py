"""How a layer calculates, number by number: one step of a kernel, and the squares of pooling."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers import convolution
from helpers.inputs import whole_number
from helpers.plots import figures
from helpers.plots.boards import GAP, Board, written

__all__ = ["draw_pooling", "draw_step", "pooling", "sliding"]

# Red, green and blue, so pale that black numbers are read on them.
CHANNELS = ("#F8D7D7", "#D9EFD9", "#D9E4F8")
# Squares next to each other differ in colour: four are enough for a plane.
SQUARES = ("#CFE3F2", "#F7DCC8", "#CDEBDF", "#F1DDE9")
LEFT_OVER = "0.55"


def sliding(
    image: ArrayLike, kernel: ArrayLike, row: int = 0, column: int = 0, alt: str | None = None
) -> None:
    """Show one step of a convolution: window, kernel, their products, and where the sum goes.

    Parameters
    ----------
    image : array of shape (h, w) or (h, w, channels)
        Few numbers of at most 3 digits.
    kernel : array of shape (kh, kw), or (kh, kw, channels) if the image has channels
        Weights, which are not flipped.
    row, column : int
        The place of the sum in the feature map of shape (h - kh + 1, w - kw + 1).
    alt : str, optional
        Replaces sizes, products and sum.

    Raises
    ------
    CourseError
        If the shapes do not fit together, or the place is outside the feature map.
    """
    figure, text = draw_step(image, kernel, row, column)
    figures.show(figure, alt or text)


def draw_step(
    image: ArrayLike, kernel: ArrayLike, row: int = 0, column: int = 0
) -> tuple[Figure, str]:
    """Draw what :func:`sliding` shows, and return the figure and its description."""
    pixels, weights = _with_channels(image, "image"), _with_channels(kernel, "kernel")
    maps = convolution.conv2d(pixels, weights[..., None])[..., 0]
    row = whole_number("row", row, 0, maps.shape[0] - 1)
    column = whole_number("column", column, 0, maps.shape[1] - 1)
    (tall, wide, channels), (height, width, _) = pixels.shape, weights.shape
    products = pixels[row : row + height, column : column + width] * weights

    kernel_x = wide + GAP
    products_x = kernel_x + width + GAP
    map_x = products_x + width + GAP
    board = Board(map_x + maps.shape[1], channels * (tall + 1) - 1)
    for channel in range(channels):
        top = channel * (tall + 1)
        middle, upper = top + tall / 2, top + (tall - height) / 2
        colour = CHANNELS[channel] if channels == len(CHANNELS) else "white"
        board.array(pixels[..., channel], 0, top, colour)
        board.frame(column, top + row, width, height)
        board.symbol("\N{MULTIPLICATION SIGN}", kernel_x - GAP / 2, middle)
        board.array(weights[..., channel], kernel_x, upper, colour)
        board.symbol("=", products_x - GAP / 2, middle)
        board.array(products[..., channel], products_x, upper, colour)
        board.frame(products_x, upper, width, height)
    middle = (channels * (tall + 1) - 1) / 2
    map_y = middle - len(maps) / 2
    board.symbol("sum\n→", map_x - GAP / 2, middle)
    board.array(maps, map_x, map_y)
    board.frame(map_x + column, map_y + row, 1, 1)
    board.title("image", wide / 2, 0)
    board.title("kernel", kernel_x + width / 2, (tall - height) / 2)
    board.title("products", products_x + width / 2, (tall - height) / 2)
    board.title("feature map", map_x + maps.shape[1] / 2, map_y)
    return board.figure, _describe_step(pixels, weights, products, maps, row, column)


def pooling(feature_map: ArrayLike, pool_size: int = 2, alt: str | None = None) -> None:
    """Show max pooling: the squares of a feature map, and the largest number of each.

    Parameters
    ----------
    feature_map : array of shape (h, w)
        Few numbers of at most 3 digits.
    pool_size : int from 1 to the smaller of h and w
        Side of the squares. What is left over at the bottom and on the right is grey.
    alt : str, optional
        Replaces sizes and largest numbers.

    Raises
    ------
    CourseError
        If `feature_map` is no array of numbers (h, w), or no square fits into it.
    """
    figure, text = draw_pooling(feature_map, pool_size)
    figures.show(figure, alt or text)


def draw_pooling(feature_map: ArrayLike, pool_size: int = 2) -> tuple[Figure, str]:
    """Draw what :func:`pooling` shows, and return the figure and its description."""
    values = figures.numbers(feature_map, "feature_map", (2,))
    height, width = values.shape
    side = whole_number("pool_size", pool_size, 1, min(height, width))
    pooled = convolution.max_pool2d(values[..., None], side)[..., 0]
    rows, columns = pooled.shape
    pooled_x, pooled_y = width + 1.5 * GAP, (height - rows) / 2
    board = Board(pooled_x + columns, height)
    whole_y, whole_x = rows * side, columns * side
    board.array(values[whole_y:], 0, whole_y, ink=LEFT_OVER)
    board.array(values[:whole_y, whole_x:], whole_x, 0, ink=LEFT_OVER)
    for row, column in np.ndindex(rows, columns):
        top, left = row * side, column * side
        square = values[top : top + side, left : left + side]
        colour = SQUARES[2 * (row % 2) + column % 2]
        board.array(square, left, top, colour)
        down, right = np.unravel_index(square.argmax(), square.shape)
        board.frame(left + right, top + down, 1, 1)
        largest = pooled[row : row + 1, column : column + 1]
        board.array(largest, pooled_x + column, pooled_y + row, colour)
    board.symbol("largest\n→", width + 0.75 * GAP, height / 2)
    board.title("feature map", width / 2, 0)
    board.title("pooled", pooled_x + columns / 2, pooled_y)
    text = (
        f"Max pooling by {side}: a feature map of {height} by {width} becomes {rows} by {columns}, "
        f"the largest number of each square. Row by row: {_by_rows(pooled)}."
    )
    if height % side or width % side:
        text += f" Left over at the bottom and on the right: {height % side} and {width % side}."
    return board.figure, text


def _with_channels(values: ArrayLike, name: str) -> NDArray:
    """Return numbers as an array (h, w, channels)."""
    array = figures.numbers(values, name, (2, 3))
    return array if array.ndim == 3 else array[..., None]


def _by_rows(values: NDArray) -> str:
    return "; ".join(" ".join(map(written, line)) for line in values)


def _describe_step(
    pixels: NDArray, weights: NDArray, products: NDArray, maps: NDArray, row: int, column: int
) -> str:
    """Describe one step, with every product, or with the sum of each channel if there are more."""
    (tall, wide, channels), (height, width, _) = pixels.shape, weights.shape
    if channels == 1:
        deep = ""
        what = f"The products are {_by_rows(products[..., 0])}"
    else:
        deep = f" by {channels}"
        sums = " ".join(map(written, products.sum(axis=(0, 1))))
        what = f"The products of each channel add up to {sums}"
    return (
        f"One step of a convolution: a kernel of {height} by {width}{deep} on an image of {tall} "
        f"by {wide}{deep}, at row {row}, column {column}. {what}; their sum, "
        f"{written(maps[row, column])}, is one number of the feature map of {maps.shape[0]} by "
        f"{maps.shape[1]}."
    )
