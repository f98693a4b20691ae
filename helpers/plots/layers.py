"""Inside a network: its kernels, what they find, and where in a picture it looks."""

import math
from typing import Any, Protocol, runtime_checkable

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError
from helpers.plots import figures

__all__ = ["feature_maps", "heat", "kernels"]

# More tiles are too small to see anything in.
MOST_TILES = 64


@runtime_checkable
class Model(Protocol):
    """What a Keras model offers, so that nobody waits for TensorFlow to draw a bar chart."""

    layers: list[Any]


def kernels(
    weights: ArrayLike | Model | None,
    layer: str | None = None,
    channel: int = 0,
    alt: str | None = None,
) -> None:
    """Show the kernels of a convolutional layer: blue weights add, red ones subtract.

    Parameters
    ----------
    weights : array of shape (kh, kw) or (kh, kw, in, out), Keras model, or None
        The numbers, or a model that has them.
    layer : str, optional
        Name of the model's layer; its first convolutional layer if not given.
    channel : int in [0, in)
        The input channel whose weights to show.
    alt : str, optional
        Replaces number, size and range of the kernels.
    """
    if weights is None:
        figures.show_nothing("Kernels", alt)
        return
    array = figures.numbers(_find_kernels(weights, layer), "kernels", (2, 4))
    array = array if array.ndim == 4 else array[:, :, None, None]
    inputs = array.shape[2]
    if not 0 <= channel < inputs:
        raise CourseError(f"channel is {channel}, but the kernels have channels 0 to {inputs - 1}.")
    tiles = array[:, :, channel]
    limit = max(map(abs, figures.extremes(tiles))) or 1
    figure = _mosaic(tiles, "weight", "RdBu", -limit, limit)
    text = f"{_describe_tiles(tiles, 'kernel')}. Input channel {channel} of {inputs}."
    figures.show(figure, alt or text)


def feature_maps(maps: ArrayLike | None, alt: str | None = None) -> None:
    """Show what each filter of a layer finds in one picture, all on one scale.

    Parameters
    ----------
    maps : array of shape (h, w, channels), or None
        Outputs of a layer for one picture, any range.
    alt : str, optional
        Replaces number, size and range of the maps and the strongest map.
    """
    if maps is None:
        figures.show_nothing("Feature maps", alt)
        return
    tiles = figures.numbers(maps, "maps", (3,))
    low, high = figures.extremes(tiles)
    figure = _mosaic(tiles, "activation", "viridis", low, high)
    strongest = tiles[:, :, :MOST_TILES].mean(axis=(0, 1)).argmax()
    text = f"{_describe_tiles(tiles, 'feature map')}. Strongest on average: map {strongest}."
    figures.show(figure, alt or text)


def heat(
    image: ArrayLike | None,
    heat_map: ArrayLike | None,
    label: str = "importance",
    alt: str | None = None,
) -> None:
    """Show a picture, and where in it a map is high: in yellow, over the picture in grey.

    Parameters
    ----------
    image : array of shape (h, w), (h, w, 1) or (h, w, 3), or None
        With numbers as in :func:`images`.
    heat_map : array of shape (rows, columns), or None
        Numbers of any range, stretched over the whole picture.
    label : str
        What the numbers are.
    alt : str, optional
        Replaces sizes, range, and where the map is highest.
    """
    if image is None or heat_map is None:
        figures.show_nothing(f"Heat map of {label}", alt)
        return
    values = figures.numbers(heat_map, "heat_map", (2,))
    figure, (left, right) = figures.make_panels(2, 2, width=3.4, height=3.2)
    height, width = figures.draw(left, image, "picture")
    grey = figures.stretch(image, "the picture").reshape(height, width, -1).mean(axis=2)
    figures.draw(right, grey, label)
    low, high = figures.extremes(values)
    laid = right.imshow(
        values,
        cmap="inferno",
        vmin=low,
        vmax=high,
        alpha=0.6,
        # Smoother ones flatten the peaks, which then don't fit the colour bar.
        interpolation="bilinear",
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
    )
    figure.colorbar(laid, ax=right)
    text = (
        f"Heat map of {label}, {values.shape[0]} by {values.shape[1]}, over a picture of {height} "
        f"by {width} pixels: from {low:.3g} to {high:.3g}, highest {_place(values)}."
    )
    figures.show(figure, alt or text)


def _mosaic(tiles: NDArray, label: str, colours: str, low: float, high: float) -> Figure:
    """Draw the first tiles of (h, w, count), numbered, with a bar that explains the colours."""
    height, width, count = tiles[:, :, :MOST_TILES].shape
    columns = min(count, 8 if count <= 32 else 16)
    rows = math.ceil(count / columns)
    gap = 1 + width // 16
    canvas = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for index in range(count):
        top, left = (height + gap) * (index // columns), (width + gap) * (index % columns)
        canvas[top : top + height, left : left + width] = tiles[:, :, index]
    size = min(2.2, 7.2 / columns)
    figure, (panel,) = figures.make_panels(
        1, 1, width=size * columns + 1.2, height=max(size * rows * height / width, 1.2) + 0.3
    )
    drawn = panel.imshow(canvas, cmap=colours, vmin=low, vmax=high)
    figure.colorbar(drawn, ax=panel, label=label)
    # A tile's number is the sum of the numbers at its row and at its column.
    across = (width + gap) * np.arange(columns) + (width - 1) / 2
    down = (height + gap) * np.arange(rows) + (height - 1) / 2
    sign = "+" if rows > 1 else ""
    panel.set_xticks(across, [f"{sign}{column}" for column in range(columns)])
    panel.set_yticks(down, [f"{columns * row}" if rows > 1 else "" for row in range(rows)])
    if count == 1:
        panel.set_xticks([])
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    return figure


def _describe_tiles(tiles: NDArray, what: str) -> str:
    """Describe tiles of shape (h, w, count)."""
    height, width, count = tiles.shape
    number = f"{count}" if count <= MOST_TILES else f"First {MOST_TILES} of {count}"
    low, high = figures.extremes(tiles)
    plural = "s" if count > 1 else ""
    return f"{number} {what}{plural} of {height} by {width}, values from {low:.3g} to {high:.3g}"


def _find_kernels(weights: ArrayLike | Model, layer: str | None) -> ArrayLike:
    """Return the kernels of a Keras model's layer; anything but a model as it is."""
    if not isinstance(weights, Model):
        return weights
    found = {
        each.name: each.kernel
        for each in weights.layers
        if len(getattr(getattr(each, "kernel", None), "shape", ())) == 4
    }
    if not found:
        raise CourseError("The model has no convolutional layer, or has not seen its input shape.")
    if layer is None:
        layer = next(iter(found))
    if layer not in found:
        raise CourseError(f"No convolutional layer is called {layer!r}, only {', '.join(found)}.")
    return found[layer]


def _place(values: NDArray) -> str:
    """Say in which ninth of the picture the highest value is."""
    highest = np.where(np.isfinite(values), values, -np.inf).argmax()
    row, column = np.unravel_index(highest, values.shape)
    thirds = [
        int(3 * (place + 0.5) / size)
        for place, size in zip((row, column), values.shape, strict=True)
    ]
    if thirds == [1, 1]:
        return "in the centre"
    down, across = ("top", "middle", "bottom")[thirds[0]], ("left", "centre", "right")[thirds[1]]
    return f"at the {down} {across}"
