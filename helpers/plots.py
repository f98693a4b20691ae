"""Every figure of the course, each with a description for those who cannot see it.

Each function displays one picture and returns nothing. What is not there yet (None, or nothing
in it) becomes an empty panel, so that a notebook runs before its exercises are solved. The
functions describe what they draw; `alt` replaces that description. Wrong shapes raise
:class:`~helpers.errors.CourseError`.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from helpers import figures
from helpers.errors import CourseError

__all__ = [
    "bars",
    "confusion_matrix",
    "feature_maps",
    "images",
    "kernels",
    "learning_curves",
    "mistakes",
]

# Okabe and Ito's colours, which colour-blind readers tell apart, without the pale yellow.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def images(pictures: Mapping[str, ArrayLike | None] | None, alt: str | None = None) -> None:
    """Show pictures side by side under their titles.

    Parameters
    ----------
    pictures : mapping of title to array of shape (h, w), (h, w, 1) or (h, w, 3), or None
        uint8 from 0 to 255, or other numbers in [0, 1]. Numbers beyond that are stretched so
        that the smallest becomes black and the largest white.
    alt : str, optional
        Better than what stands in for it: titles and sizes.
    """
    if not pictures:
        figures.show_nothing("Pictures", alt)
        return
    figure, panels = figures.make_panels(len(pictures), 4, width=2.4, height=2.7)
    seen = []
    for panel, (title, picture) in zip(panels, pictures.items(), strict=True):
        if picture is None:
            figures.draw_nothing(panel)
            panel.set_title(title)
            panel.set_box_aspect(1)
            seen.append(f"{title}: {figures.NOTHING}")
        else:
            height, width = figures.draw(panel, picture, title)
            seen.append(f"{title}: {height} by {width} pixels")
    figures.show(figure, alt or f"Pictures. {figures.listed(seen)}.")


def kernels(
    weights: ArrayLike | figures.Model | None,
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
    array = figures.numbers(figures.find_kernels(weights, layer), "kernels", (2, 4))
    array = array if array.ndim == 4 else array[:, :, None, None]
    inputs = array.shape[2]
    if not 0 <= channel < inputs:
        raise CourseError(f"channel is {channel}, but the kernels have channels 0 to {inputs - 1}.")
    tiles = array[:, :, channel]
    limit = max(map(abs, figures.extremes(tiles))) or 1
    figure = figures.mosaic(tiles, "weight", "RdBu", -limit, limit)
    text = f"{figures.describe_tiles(tiles, 'kernel')}. Input channel {channel} of {inputs}."
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
    figure = figures.mosaic(tiles, "activation", "viridis", low, high)
    strongest = tiles[:, :, : figures.MOST_TILES].mean(axis=(0, 1)).argmax()
    text = f"{figures.describe_tiles(tiles, 'feature map')}. Strongest on average: map {strongest}."
    figures.show(figure, alt or text)


def learning_curves(
    history: Mapping[str, Sequence[float]] | Mapping[str, Mapping[str, Sequence[float]]] | None,
    alt: str | None = None,
) -> None:
    """Show every metric from epoch to epoch, dashed in training, solid in validation.

    Parameters
    ----------
    history : mapping of metric to one number per epoch, or mapping of name to such a mapping
        As Keras writes it: ``{"accuracy": [...], "val_accuracy": [...]}``. Several networks
        share the panels, a colour each.
    alt : str, optional
        Replaces first and last value of each curve.
    """
    runs: Mapping[str, Any] = history or {}
    if not any(isinstance(run, Mapping) for run in runs.values()):
        runs = {"": runs}
    metrics = list(dict.fromkeys(key.removeprefix("val_") for run in runs.values() for key in run))
    if not metrics:
        figures.show_nothing("Learning curves", alt)
        return
    figure, panels = figures.make_panels(len(metrics), 3, width=4.2, height=3.4)
    seen = []
    for panel, metric in zip(panels, metrics, strict=True):
        panel.set(title=metric, xlabel="epoch")
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        panel.grid(alpha=0.3)
        for colour, (name, run) in zip(cycle(COLOURS), runs.items(), strict=False):
            for prefix, part, line in (("", "training", "--"), ("val_", "validation", "-")):
                values = run.get(prefix + metric, ())
                if not len(values):
                    continue
                label = f"{name}, {part}" if name else part
                epochs = range(1, len(values) + 1)
                # A single epoch is a point, which a line alone would not show.
                panel.plot(epochs, values, line, marker=".", color=colour, label=label)
                seen.append(f"{metric} {label} {values[0]:.3g} to {values[-1]:.3g}")
        panel.legend(frameon=False, fontsize=9)
    figures.show(figure, alt or f"Learning curves, first to last epoch. {figures.listed(seen)}.")


def confusion_matrix(
    matrix: ArrayLike | None, names: Sequence[str] | None = None, alt: str | None = None
) -> None:
    """Show how often each class is taken for each other: the darker, the more mistakes.

    Parameters
    ----------
    matrix : array of int, shape (classes, classes), or None
        ``matrix[label, prediction]`` counts pictures.
    names : sequence of str, optional
        Names of the classes; their numbers if not given.
    alt : str, optional
        Replaces the number of right answers and the most frequent mistake.
    """
    if matrix is None:
        figures.show_nothing("Confusion matrix", alt)
        return
    counts = figures.numbers(matrix, "matrix", (2,))
    classes = len(counts)
    if counts.shape != (classes, classes) or counts.dtype.kind not in "iu":
        raise CourseError(
            f"matrix has shape {counts.shape} and holds {counts.dtype} values, but must hold "
            "whole numbers, in one row and one column for each class."
        )
    titles = [figures.class_name(names, number) for number in range(classes)]
    # Right answers are so many that on one scale with them no mistake would show.
    wrong = np.where(np.eye(classes, dtype=bool), 0, counts)
    size = max(0.5 * classes + 1.2, 3.2)
    figure, (panel,) = figures.make_panels(1, 1, width=size, height=size)
    panel.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(1.4 * wrong.max(), 1))
    for row, column in np.argwhere(counts):
        weight = "bold" if row == column else "normal"
        panel.text(column, row, counts[row, column], ha="center", va="center", weight=weight)
    panel.set(xlabel="prediction", ylabel="label")
    panel.set_xticks(range(classes), titles, rotation=90 if max(map(len, titles)) > 3 else 0)
    panel.set_yticks(range(classes), titles)
    text = f"Confusion matrix of {classes} classes: {np.trace(counts)} of {counts.sum()} right."
    if wrong.any():
        row, column = np.unravel_index(wrong.argmax(), wrong.shape)
        text += f" Most often wrong: {titles[row]} taken for {titles[column]}, {wrong.max()} times."
    figures.show(figure, alt or text)


def mistakes(
    images: ArrayLike,
    labels: ArrayLike,
    predictions: ArrayLike | None,
    count: int = 16,
    names: Sequence[str] | None = None,
    alt: str | None = None,
) -> None:
    """Show the first pictures that a network takes for something else.

    Parameters
    ----------
    images : array of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3)
        All pictures, with numbers as in :func:`images`.
    labels, predictions : array of int, shape (n,)
        Class of each picture, in truth and for the network; predictions may be None.
    count : int, at least 1
        Most pictures to show.
    names : sequence of str, optional
        Names of the classes; their numbers if not given.
    alt : str, optional
        Replaces the list of mistakes.
    """
    if predictions is None:
        figures.show_nothing("Mistakes", alt)
        return
    pictures = figures.numbers(images, "images", (3, 4))
    truth = figures.numbers(labels, "labels", (1,))
    guess = figures.numbers(predictions, "predictions", (1,))
    if not len(pictures) == len(truth) == len(guess):
        raise CourseError(
            f"There are {len(pictures)} images, {len(truth)} labels and {len(guess)} predictions: "
            "each picture needs one label and one prediction."
        )
    wrong = np.flatnonzero(truth != guess)
    shown = wrong[:count]
    if not len(shown):
        figures.show_nothing("Mistakes", alt, "no mistakes")
        return
    figure, panels = figures.make_panels(len(shown), 8, width=1.2, height=1.7)
    seen = []
    for panel, index in zip(panels, shown, strict=True):
        right, said = (figures.class_name(names, int(x[index])) for x in (truth, guess))
        figures.draw(panel, pictures[index], f"{right} seen\nas {said}")
        seen.append(f"{right} seen as {said}")
    figures.show(figure, alt or f"{len(shown)} of {len(wrong)} mistakes. {figures.listed(seen)}.")


def bars(
    values: Mapping[str, float | None] | None, label: str = "value", alt: str | None = None
) -> None:
    """Compare numbers as bars, each with its name and its value.

    Parameters
    ----------
    values : mapping of name to finite number or None
        From top to bottom.
    label : str
        What the numbers are, with their unit.
    alt : str, optional
        Replaces the list of names and values.
    """
    if not values:
        figures.show_nothing(f"Bar chart of {label}", alt)
        return
    figure, (panel,) = figures.make_panels(1, 1, width=6.5, height=0.45 * len(values) + 0.9)
    seen = []
    for row, (name, value) in enumerate(values.items()):
        if value is not None and not math.isfinite(value):
            raise CourseError(f"The value of {name!r} is {value}: look at how it is calculated.")
        text = (
            figures.NOTHING
            if value is None
            else f"{value:,.0f}"
            if abs(value) >= 1000
            else f"{value:.4g}"
        )
        bar = panel.barh(row, value or 0, color=COLOURS[0], height=0.65)
        panel.bar_label(bar, [text], padding=4)
        seen.append(f"{name} {text}")
    panel.set_yticks(range(len(values)), list(values))
    panel.invert_yaxis()
    panel.set_xlabel(label)
    panel.xaxis.set_major_locator(MaxNLocator(6))
    panel.xaxis.set_major_formatter("{x:,.12g}")
    panel.margins(x=0.15)
    panel.spines[["top", "right"]].set_visible(False)
    figures.show(figure, alt or f"Bar chart of {label}: {figures.listed(seen)}.")
