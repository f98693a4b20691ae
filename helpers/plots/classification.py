"""What a network takes pictures for: confusions, mistakes, its most probable classes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError
from helpers.inputs import whole_number
from helpers.plots import figures

__all__ = ["confusion_matrix", "mistakes", "predictions"]


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
    labels, predictions : array of int or str, shape (n,)
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
    most = whole_number("count", count, 1)
    pictures = figures.numbers(images, "images", (3, 4))
    truth = figures.class_row(labels, "labels")
    guess = figures.class_row(predictions, "predictions")
    if not len(pictures) == len(truth) == len(guess):
        raise CourseError(
            f"There are {len(pictures)} images, {len(truth)} labels and {len(guess)} predictions: "
            "each picture needs one label and one prediction."
        )
    if (truth.dtype.kind == "U") != (guess.dtype.kind == "U"):
        raise CourseError("The labels and the predictions must be both names or both numbers.")
    wrong = np.flatnonzero(truth != guess)
    shown = wrong[:most]
    if not len(shown):
        figures.show_nothing("Mistakes", alt, "no mistakes")
        return
    figure, panels = figures.make_panels(len(shown), 8, width=1.2, height=1.7)
    seen = []
    for panel, index in zip(panels, shown, strict=True):
        right, said = (figures.class_name(names, x[index]) for x in (truth, guess))
        figures.draw(panel, pictures[index], f"{right} seen\nas {said}")
        seen.append(f"{right} seen as {said}")
    figures.show(figure, alt or f"{len(shown)} of {len(wrong)} mistakes. {figures.listed(seen)}.")


def predictions(
    images: Sequence[ArrayLike] | NDArray | None,
    results: Sequence[Sequence[tuple[str, str, float]]] | None,
    alt: str | None = None,
) -> None:
    """Show each picture beside what it is taken for, with bars as long as the probability.

    Parameters
    ----------
    images : array of shape (n, h, w, 3), or sequence of n pictures, or None
        With numbers as in :func:`images`; the pictures of a sequence may differ in size.
    results : for each picture a list of (wnid, name, probability in [0, 1]), or None
        As Keras's ``decode_predictions`` and :func:`helpers.features.classify` give it: most
        probable first.
    alt : str, optional
        Replaces the two most probable names of each picture.
    """
    pictures = figures.one_by_one(images, "the images")
    if not pictures or results is None:
        figures.show_nothing("Predictions", alt)
        return
    answers = figures.one_by_one(results, "the results")
    if len(pictures) != len(answers):
        raise CourseError(
            f"There are {len(pictures)} images, but results for {len(answers)}: classify all of "
            "them."
        )
    figure, panels = figures.make_panels(2 * len(pictures), 4, width=2.4, height=1.8)
    seen = []
    for index, (image, result) in enumerate(zip(pictures, answers, strict=True)):
        figures.draw(panels[2 * index], image, "")
        panel = panels[2 * index + 1]
        if not result:
            figures.draw_nothing(panel)
            seen.append(f"{index}: {figures.NOTHING}")
            continue
        guesses = []
        for row, (name, probability) in enumerate(_guesses(result, index)):
            share = f"{probability:.0%}"
            panel.barh(row, probability, color=figures.COLOURS[5], height=0.85, alpha=0.6)
            panel.text(0.02, row, name, va="center", fontsize=9)
            panel.text(1.02, row, share, va="center", fontsize=9)
            guesses.append(f"{name} {share}")
        # Few names are as large as many.
        panel.set(xlim=(0, 1.2), ylim=(max(len(result), 5) - 0.5, -0.5))
        panel.set_axis_off()
        seen.append(f"{index}: {', '.join(guesses[:2])}")
    figures.show(figure, alt or f"What each picture is taken for. {figures.listed(seen)}.")


def _guesses(result: Sequence[tuple[str, str, float]], index: int) -> list[tuple[str, float]]:
    """Return readable names with their probabilities."""
    try:
        guesses = [(name.replace("_", " "), float(probability)) for _, name, probability in result]
        if all(0 <= probability <= 1 for _, probability in guesses):
            return guesses
    except (AttributeError, TypeError, ValueError):
        pass
    raise CourseError(
        f"The result for picture {index} is not a list of (wnid, name, probability), with "
        "probabilities from 0 to 1: pass what features.classify returns."
    )
