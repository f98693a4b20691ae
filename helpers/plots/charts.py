"""Numbers as charts: bars, curves of training, accuracies with their spread, points."""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any, Protocol

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from helpers.errors import CourseError
from helpers.plots import figures

__all__ = ["accuracy_spread", "bars", "learning_curves", "scatter"]

Spread = tuple[ArrayLike, ArrayLike]
"""Sizes (m,) and accuracies (m, orders), such as `helpers.svm.Curve`."""


class History(Protocol):
    """What a Keras model's ``fit`` returns."""

    history: Mapping[str, Sequence[float]]


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
    named = figures.named(values, "the values")
    if not named:
        figures.show_nothing(f"Bar chart of {label}", alt)
        return
    figure, (panel,) = figures.make_panels(1, 1, width=6.5, height=0.45 * len(named) + 0.9)
    seen = []
    for row, (name, given) in enumerate(named.items()):
        what = f"the value of {name!r}"
        value = None if given is None else figures.numbers(given, what, (0,)).item()
        if value is not None and not math.isfinite(value):
            raise CourseError(f"The value of {name!r} is {value}: look at how it is calculated.")
        text = (
            figures.NOTHING
            if value is None
            else f"{value:,.0f}"
            if abs(value) >= 1000
            else f"{value:.4g}"
        )
        bar = panel.barh(row, value or 0, color=figures.COLOURS[0], height=0.65)
        panel.bar_label(bar, [text], padding=4)
        seen.append(f"{name} {text}")
    panel.set_yticks(range(len(named)), list(named))
    panel.invert_yaxis()
    panel.set_xlabel(label)
    panel.xaxis.set_major_locator(MaxNLocator(6))
    panel.xaxis.set_major_formatter("{x:,.12g}")
    panel.margins(x=0.15)
    panel.spines[["top", "right"]].set_visible(False)
    figures.show(figure, alt or f"Bar chart of {label}: {figures.listed(seen)}.")


def learning_curves(
    history: Mapping[str, Sequence[float]] | Mapping[str, Any] | History | None,
    alt: str | None = None,
) -> None:
    """Show every metric from epoch to epoch, dashed in training, solid in validation.

    Parameters
    ----------
    history : mapping of metric to one number per epoch, or mapping of name to such a mapping
        As Keras writes it: ``{"accuracy": [...], "val_accuracy": [...]}``, or what its ``fit``
        returns. Several networks share the panels, a colour each.
    alt : str, optional
        Replaces first and last value of each curve.
    """
    runs = _runs(history)
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
        looks = zip(cycle(figures.LOOKS), runs.items(), strict=False)
        for place, ((colour, shape), (name, run)) in enumerate(looks):
            # Small points are enough as long as there are colours.
            marker = "." if place < len(figures.COLOURS) else shape
            for prefix, part, line in (("", "training", "--"), ("val_", "validation", "-")):
                label = f"{name}, {part}" if name else part
                values = run.get(prefix + metric)
                if values is None or not np.size(values):
                    continue
                values = figures.numbers(values, f"{metric} {label}", (1,))
                epochs = range(1, len(values) + 1)
                # A single epoch is a point, which a line alone would not show.
                panel.plot(epochs, values, line, marker=marker, color=colour, label=label)
                seen.append(f"{metric} {label} {values[0]:.3g} to {values[-1]:.3g}")
        panel.legend(frameon=False, fontsize=9)
    figures.show(figure, alt or f"Learning curves, first to last epoch. {figures.listed(seen)}.")


def accuracy_spread(
    curves: Mapping[str, Spread | None] | Spread | None, alt: str | None = None
) -> None:
    """Show how the accuracy grows with the training pictures, and how much of it is luck.

    The line is the mean of all orders of the training pictures, the band goes from their 10 % to
    their 90 % quantile, and each faint mark is one order.

    Parameters
    ----------
    curves : curve, mapping of name to curve or None, or None
        A curve is a pair: sizes, shape (m,), numbers of training pictures in any order, and
        accuracies, shape (m, orders), 0 to 1.
    alt : str, optional
        Replaces the mean and the band at each size.
    """
    named = curves if isinstance(curves, Mapping) else {"": curves}
    spreads = {name: _spread(name, curve) for name, curve in named.items() if curve is not None}
    if not spreads:
        figures.show_nothing("Accuracy over training pictures", alt)
        return
    figure, (panel,) = figures.make_panels(1, 1, width=6.5, height=4)
    seen = []
    looks = zip(cycle(figures.LOOKS), spreads.items(), strict=False)
    for (colour, marker), (name, (sizes, accuracies)) in looks:
        mean = accuracies.mean(axis=1)
        low, high = np.quantile(accuracies, (0.1, 0.9), axis=1)
        panel.plot(sizes, accuracies, marker, color=colour, alpha=0.15, markersize=4, mew=0)
        panel.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.plot(sizes, mean, marker=marker, color=colour, label=name)
        values = [
            f"{size} {middle:.2f} ({bottom:.2f} to {top:.2f})"
            for size, middle, bottom, top in zip(sizes, mean, low, high, strict=True)
        ]
        seen.append(f"{name}: {', '.join(values)}" if name else ", ".join(values))
    # Two pictures more are much for two and nothing for fifty.
    panel.set_xscale("log")
    ticks = sorted({int(size) for sizes, _ in spreads.values() for size in sizes})
    panel.set_xticks(ticks, [str(size) for size in ticks])
    panel.minorticks_off()
    panel.set(xlabel="training pictures", ylabel="accuracy")
    panel.grid(alpha=0.3)
    if any(spreads):
        panel.legend(frameon=False, loc="lower right")
    seen += [f"{name}: {figures.NOTHING}" for name in named if name not in spreads]
    text = "Accuracy by number of training pictures, mean (10 % to 90 % quantile of the orders)"
    figures.show(figure, alt or f"{text}. {figures.listed(seen)}.")


def scatter(
    points: ArrayLike | None,
    labels: ArrayLike | None,
    names: Sequence[str] | None = None,
    alt: str | None = None,
) -> None:
    """Show points in the plane, with a colour and a shape for each class.

    Parameters
    ----------
    points : array of shape (n, 2), or None
        Such as features brought down to two dimensions.
    labels : array of int or str, shape (n,), or None
        The class of each point.
    names : sequence of str, optional
        Names of the classes, if the labels are numbers; their numbers if not given.
    alt : str, optional
        Replaces the size of each class and how often nearest points are of the same class.
    """
    if points is None or labels is None:
        figures.show_nothing("Scatter plot", alt)
        return
    places, classes = figures.labelled_points(points, labels)
    if not np.isfinite(places).all():
        raise CourseError("Some points are not finite: look at how they are calculated.")
    figure, (panel,) = figures.make_panels(1, 1, width=6, height=4.5)
    seen = []
    looks = zip(cycle(figures.LOOKS), np.unique(classes), strict=False)
    for (colour, marker), each in looks:
        mine = places[classes == each]
        name = figures.class_name(names, each)
        panel.plot(*mine.T, marker, color=colour, alpha=0.75, mec="white", mew=0.5, label=name)
        seen.append(f"{len(mine)} {name}")
    panel.set(xticks=[], yticks=[])
    panel.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    text = f"Scatter plot: {figures.listed(seen)}."
    if len(places) > 1:
        # The second nearest, for the nearest of all is the point itself or at the same place.
        nearest = KDTree(places).query(places, k=2)[1]
        itself = nearest[:, 0] == np.arange(len(places))
        other = np.where(itself, nearest[:, 1], nearest[:, 0])
        same = np.mean(classes[other] == classes)
        text += f" The nearest point is of the same class for {same:.0%}."
    figures.show(figure, alt or text)


def _runs(history: Mapping[str, Any] | History | None) -> dict[str, Mapping[str, Any]]:
    """Return the metrics of each network; those of a single one have no name."""
    runs = figures.named(getattr(history, "history", history), "the learning curves")
    found = {name: getattr(run, "history", run) for name, run in runs.items() if run is not None}
    if not any(isinstance(run, Mapping) for run in found.values()):
        return {"": found}
    return {
        name: figures.named(run, f"the learning curves {name!r}") for name, run in found.items()
    }


def _spread(name: str, curve: Spread) -> tuple[NDArray, NDArray]:
    """Return sizes (m,), in increasing order, and accuracies (m, orders) as arrays."""
    try:
        sizes, accuracies = curve
    except (TypeError, ValueError):
        raise CourseError("A curve is a pair: sizes, and the accuracies at each size.") from None
    across = figures.numbers(sizes, "the sizes", (1,))
    values = figures.numbers(accuracies, "the accuracies", (1, 2))
    if len(across) != len(values):
        raise CourseError(
            f"The curve {name!r} has {len(across)} sizes, but accuracies of {len(values)}."
        )
    if not np.isfinite(values).all() or across.min() <= 0:
        raise CourseError(
            f"The curve {name!r} needs sizes above 0 and finite accuracies: look at how they are "
            "calculated."
        )
    if values.min() < 0 or values.max() > 1:
        raise CourseError(
            f"The curve {name!r} has accuracies from {values.min():.4g} to {values.max():.4g}, but "
            "they go from 0 to 1: divide percentages by 100."
        )
    upwards = np.argsort(across, kind="stable")
    return across[upwards], values.reshape(len(across), -1)[upwards]
