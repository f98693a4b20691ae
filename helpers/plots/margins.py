"""What a linear support vector machine draws between two classes of points in the plane."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError
from helpers.plots import figures

__all__ = ["LinearMachine", "draw_margin", "margin"]

# Steps of the lines from side to side; straight lines need few.
STEPS = 50


class LinearMachine(Protocol):
    """What scikit-learn's ``SVC(kernel="linear")`` has once it is fitted to two classes."""

    coef_: NDArray
    intercept_: NDArray
    support_: NDArray


def margin(
    points: ArrayLike,
    labels: ArrayLike,
    machine: LinearMachine,
    names: Sequence[str] | None = None,
    alt: str | None = None,
) -> None:
    """Show two classes of points, the boundary between them, its margin and support vectors.

    Parameters
    ----------
    points : array of shape (n, 2)
        What the machine was fitted to.
    labels : array of int or str, shape (n,)
        The class of each point.
    machine : fitted linear SVC
        With ``coef_`` of shape (1, 2).
    names : sequence of str, optional
        Names of the classes, if the labels are numbers; their numbers if not given.
    alt : str, optional
        Replaces the size of each class, the width of the margin and the support vectors.

    Raises
    ------
    CourseError
        If the points are not in the plane, or the machine was fitted to something else.
    """
    figure, text = draw_margin(points, labels, machine, names)
    figures.show(figure, alt or text)


def draw_margin(
    points: ArrayLike,
    labels: ArrayLike,
    machine: LinearMachine,
    names: Sequence[str] | None = None,
    backdrop: ArrayLike = (),
    chosen: int | None = None,
) -> tuple[Figure, str]:
    """Draw what :func:`margin` shows, and return the figure and its description.

    Parameters
    ----------
    points, labels, machine, names
        As for :func:`margin`.
    backdrop : array of shape (m, 2), optional
        Further points, in grey, that the machine has not seen.
    chosen : int in [0, n), optional
        A point to be marked with a circle.
    """
    places, classes = figures.labelled_points(points, labels)
    if np.shape(machine.coef_) != (1, 2) or np.max(machine.support_) >= len(places):
        raise CourseError(
            "machine was not fitted to these points of two classes: draw the points that it has "
            "learned from."
        )
    figure, (panel,) = figures.make_panels(1, 1, width=6.6, height=3.8)
    grey = np.reshape(backdrop, (-1, 2))
    panel.plot(*grey.T, "o", color="0.82", markersize=4, mew=0)
    seen = []
    for (colour, marker), each in zip(figures.LOOKS, np.unique(classes), strict=False):
        mine = places[classes == each]
        name = figures.class_name(names, each)
        panel.plot(*mine.T, marker, color=colour, mec="white", mew=0.5, label=name)
        seen.append(f"{len(mine)} {name}")
    support = places[machine.support_]
    panel.plot(*support.T, "o", ms=12, mfc="none", mec="black", label="support vector")
    panel.plot([], [], "-", color="0.3", label="boundary")
    panel.plot([], [], "--", color="0.3", label="edge of the margin")
    if chosen is not None:
        panel.plot(*places[chosen], "o", ms=20, mfc="none", mec=figures.COLOURS[2], mew=3)
    everything = np.concatenate([places, grey])
    low, high = everything.min(axis=0), everything.max(axis=0)
    room = 0.08 * (high - low) + 1e-9
    across, down = np.linspace(low - room, high + room, STEPS).T
    distances = _decide(machine, across, down)
    panel.contourf(across, down, distances, [-1, 1], colors=[figures.COLOURS[4]], alpha=0.2)
    panel.contour(across, down, distances, [-1, 0, 1], colors="0.3", linestyles=["--", "-", "--"])
    # With one scale on both axes, the margin is as wide in all directions.
    panel.set(xticks=[], yticks=[], aspect="equal")
    panel.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    width = 2 / np.linalg.norm(machine.coef_)
    text = (
        f"Points of two classes, {figures.listed(seen)}, and the line between them. Its margin is "
        f"{width:.3g} wide and held by {len(support)} support vectors."
    )
    return figure, text


def _decide(machine: LinearMachine, across: NDArray, down: NDArray) -> NDArray:
    """Return the machine's decisions on a grid: 0 on the boundary, -1 and 1 at the margin."""
    (first, second), offset = machine.coef_[0], machine.intercept_[0]
    return first * across[None, :] + second * down[:, None] + offset
