"""Pictures as they are: side by side under their titles, or many small ones on a sheet."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from helpers.errors import CourseError
from helpers.inputs import whole_number
from helpers.plots import figures

__all__ = ["contact_sheet", "images"]

# Pixels for the longer side of a picture on a sheet: twice what is shown of it.
THUMBNAIL = 200
# Inches from one picture of a sheet to the next, and for one line of a title.
PITCH, LINE = 0.95, 0.14
LETTERS = 15


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
    named = figures.named(pictures, "the pictures")
    if not named:
        figures.show_nothing("Pictures", alt)
        return
    figure, panels = figures.make_panels(len(named), 4, width=2.4, height=2.7)
    seen = []
    for panel, (title, picture) in zip(panels, named.items(), strict=True):
        if picture is None:
            figures.draw_nothing(panel)
            panel.set_title(title)
            panel.set_box_aspect(1)
            seen.append(f"{title}: {figures.NOTHING}")
        else:
            height, width = figures.draw(panel, picture, title)
            seen.append(f"{title}: {height} by {width} pixels")
    figures.show(figure, alt or f"Pictures. {figures.listed(seen)}.")


def contact_sheet(
    images: Iterable[ArrayLike] | NDArray | None,
    titles: Iterable[object] | None = None,
    marked: ArrayLike | None = None,
    columns: int = 10,
    alt: str | None = None,
) -> None:
    """Show many small pictures, row by row.

    Parameters
    ----------
    images : array of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3), or iterable of pictures
        With numbers as in :func:`images`; pictures one by one may differ in size. Or None.
    titles : iterable, optional
        What to write under each picture.
    marked : array of int, or array of bool and shape (n,), optional
        The pictures that get a thick frame and a bold title: their positions, or whether each.
    columns : int, at least 1
        Pictures in a row.
    alt : str, optional
        Replaces the number of pictures, how many have which title, and which are marked.
    """
    pictures = figures.one_by_one(images, "the images")
    if not pictures:
        figures.show_nothing("Contact sheet", alt)
        return
    count = len(pictures)
    written = (
        None if titles is None else [str(each) for each in figures.one_by_one(titles, "titles")]
    )
    if written is not None and len(written) != count:
        raise CourseError(f"There are {count} images, but {len(written)} titles: one for each.")
    framed = _positions(marked, count)
    lines = [wrap(title, LETTERS) for title in written or ()]
    columns = min(whole_number("columns", columns, 1), count)
    # The unit of the drawing is the distance from one picture to the next.
    row = 1 + LINE * max(map(len, lines), default=0) / PITCH
    rows = math.ceil(count / columns)
    figure, (panel,) = figures.make_panels(1, 1, width=PITCH * columns, height=PITCH * row * rows)
    for index, image in enumerate(pictures):
        x, y = index % columns, index // columns * row
        picture = _thumbnail(image, f"picture {index}")
        height, width = 0.45 * np.array(picture.shape[:2]) / max(picture.shape[:2])
        box = (x - width, x + width, y + height, y - height)
        panel.imshow(picture, cmap="gray", vmin=0, vmax=255, extent=box)
        mark = index in framed
        if mark:
            frame = Rectangle((x - width, y - height), 2 * width, 2 * height, fill=False)
            frame.set(linewidth=4, edgecolor=figures.COLOURS[1], joinstyle="miter")
            panel.add_patch(frame)
        if lines:
            text = "\n".join(lines[index])
            weight = "bold" if mark else "normal"
            panel.text(x, y + 0.5, text, ha="center", va="top", fontsize=8, weight=weight)
    panel.set(xlim=(-0.52, columns - 0.48), ylim=(row * rows - 0.48, -0.52))
    panel.set_axis_off()
    figures.show(figure, alt or _describe_sheet(count, written, framed))


def _positions(marked: ArrayLike | None, count: int) -> list[int]:
    """Return the positions of marked pictures."""
    if marked is None or not np.size(marked):
        return []
    marks = figures.numbers(marked, "marked", (1,))
    if marks.dtype == bool and len(marks) == count:
        marks = np.flatnonzero(marks)
    if marks.dtype.kind not in "iu" or np.any((marks < 0) | (marks >= count)):
        raise CourseError(
            f"marked must hold positions from 0 to {count - 1}, or True or False for each of the "
            f"{count} pictures."
        )
    return [int(position) for position in marks]


def _thumbnail(image: ArrayLike, name: str) -> NDArray[np.uint8]:
    """Return a picture as 0 to 255 and no larger than it is shown, (h, w) or (h, w, 3)."""
    pixels = figures.grey_levels(image, name)
    small = Image.fromarray(pixels[:, :, 0] if pixels.shape[2:] == (1,) else pixels)
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return np.asarray(small)


def _describe_sheet(count: int, titles: Sequence[str] | None, framed: Sequence[int]) -> str:
    text = f"Contact sheet, pictures: {count}"
    if titles is not None:
        seen = [f"{number} of {title}" for title, number in Counter(titles).items()]
        text += f". {figures.listed(seen)}"
    if framed:
        names = [
            f"{index} {titles[index]}" if titles is not None else f"{index}" for index in framed
        ]
        text += f". Marked, {len(framed)}: {figures.listed(names)}"
    return f"{text}."
