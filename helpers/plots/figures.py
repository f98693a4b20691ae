"""What the plots are made of: panels, pictures in them, and display with a description."""

import html
import math
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError
from helpers.inputs import are_whole, as_array, label_row

__all__ = [
    "COLOURS",
    "LOOKS",
    "NOTHING",
    "class_name",
    "class_row",
    "described",
    "draw",
    "draw_nothing",
    "extremes",
    "grey_levels",
    "labelled_points",
    "listed",
    "make_panels",
    "named",
    "numbers",
    "one_by_one",
    "show",
    "show_nothing",
    "stretch",
]

# Okabe and Ito's colours, which colour-blind readers tell apart, without the pale yellow.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Shapes tell as many classes apart where there are no colours.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
# Every colour with every marker, first each with its own one.
LOOKS = [
    (colour, MARKERS[(place + shift) % len(MARKERS)])
    for shift in range(len(MARKERS))
    for place, colour in enumerate(COLOURS)
]
NOTHING = "nothing here yet"
# Nobody can skim a description that is read aloud, so its lists are cut.
MOST_LISTED = 10


class Described:
    """A PNG that keeps its description wherever the notebook is shown."""

    def __init__(self, png: bytes, alt: str) -> None:
        self.png, self.alt = b64encode(png).decode(), alt

    @property
    def html(self) -> str:
        """The picture as a tag of HTML."""
        return f'<img src="data:image/png;base64,{self.png}" alt="{html.escape(self.alt)}">'

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        # JupyterLab, and nbconvert's template of that name, drop the description in a PNG's
        # metadata, but they prefer HTML to PNG.
        return {"image/png": self.png, "text/html": self.html}, {"image/png": {"alt": self.alt}}


def show(figure: Figure, alt: str) -> None:
    """Display a figure once; pyplot does not know it, so nobody has to close it."""
    display(described(figure, alt))


def described(figure: Figure, alt: str) -> Described:
    """Return a figure as a picture with its description."""
    # A "$" in the name of a file begins no formula.
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    png = BytesIO()
    # Without the version of matplotlib in it, the same figure is the same bytes.
    figure.savefig(png, format="png", metadata={"Software": None})
    return Described(png.getvalue(), alt)


def show_nothing(title: str, alt: str | None, message: str = NOTHING) -> None:
    """Display an empty panel in place of the figure called `title`."""
    figure, (panel,) = make_panels(1, 1, 3, 2)
    draw_nothing(panel, message)
    show(figure, alt or f"{title}: {message}.")


def make_panels(count: int, columns: int, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels, row by row, each `width` times `height` inches."""
    columns = min(count, columns)
    rows = math.ceil(count / columns)
    # A single panel still needs room for a title.
    size = (max(columns * width, 3), rows * height)
    figure = Figure(figsize=size, dpi=100, layout="compressed")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for panel in panels[count:]:
        panel.remove()
    return figure, panels[:count]


def draw_nothing(panel: Axes, message: str = NOTHING) -> None:
    """Write `message` into an otherwise empty panel."""
    panel.set(xticks=[], yticks=[])
    panel.spines[:].set(color="0.6", linestyle="--")
    panel.text(0.5, 0.5, message, transform=panel.transAxes, ha="center", va="center", color="0.35")


def draw(panel: Axes, picture: ArrayLike, title: str) -> tuple[int, int]:
    """Draw a picture, (h, w), (h, w, 1) or (h, w, 3), and return its height and width."""
    stretched = stretch(picture, f"the picture {title!r}")
    panel.imshow(stretched, cmap="gray", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
    panel.set_title(title)
    return stretched.shape[0], stretched.shape[1]


def stretch(picture: ArrayLike, name: str) -> NDArray:
    """Return a picture, (h, w), (h, w, 1) or (h, w, 3), as numbers from 0 to 1."""
    array = numbers(picture, name, (2, 3))
    if array.ndim == 3 and array.shape[2] not in (1, 3):
        raise CourseError(
            f"{name[0].upper()}{name[1:]} has shape {array.shape}, but a picture has 1 or 3 "
            "channels: pick one picture or one channel of it."
        )
    low, high = (0.0, 255.0) if array.dtype == np.uint8 else extremes(array)
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    # Matplotlib stretches grey pictures only and warns of NaN, so both are dealt with here.
    return np.nan_to_num((array - low) / ((high - low) or 1), nan=0, posinf=1, neginf=0)


def grey_levels(picture: ArrayLike, name: str) -> NDArray[np.uint8]:
    """Return a picture, (h, w), (h, w, 1) or (h, w, 3), as whole numbers from 0 to 255."""
    return np.rint(255 * stretch(picture, name)).astype(np.uint8)


def numbers(values: ArrayLike, name: str, ranks: tuple[int, ...]) -> NDArray:
    """Return `values` as an array of numbers of one of these ranks, with no size 0."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise CourseError(f"Cannot show {name}: its rows have different lengths.") from None
    if array.dtype.kind not in "buif":
        raise CourseError(f"Cannot show {name}: it is a {type(values).__name__}, not numbers.")
    if array.ndim not in ranks or 0 in array.shape:
        allowed = " or ".join(map(str, ranks))
        raise CourseError(
            f"Cannot show {name}: its shape is {array.shape}, but it needs {allowed} axes and no "
            "size 0."
        )
    return array


def named(values: object, name: str) -> Mapping[str, Any]:
    """Return a dictionary, an empty one if there is nothing yet."""
    if values is None or (isinstance(values, Sequence) and not values):
        return {}
    if not isinstance(values, Mapping):
        raise CourseError(
            f"Cannot show {name}: it is a {type(values).__name__}, but must be a dictionary with a "
            "name for each."
        )
    return values


def one_by_one(values: Iterable[Any] | None, name: str) -> list[Any]:
    """Return what is there as a list, an empty one if there is nothing yet."""
    try:
        return [] if values is None else list(values)
    except TypeError:
        raise CourseError(
            f"Cannot show {name}: it is a {type(values).__name__}, but must be a list."
        ) from None


def extremes(array: NDArray) -> tuple[float, float]:
    """Return the smallest and the largest finite number, or two zeros."""
    finite = array[np.isfinite(array)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def listed(items: Sequence[str]) -> str:
    """Join the items for a description, as far as one can listen to them."""
    more = len(items) - MOST_LISTED
    return "; ".join(items[:MOST_LISTED]) + (f"; and {more} more" if more > 0 else "")


def labelled_points(points: ArrayLike, labels: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return points, shape (n, 2), and their classes, shape (n,).

    Raises
    ------
    CourseError
        If they are no such points, or do not belong together.
    """
    places = numbers(points, "points", (2,))
    classes = class_row(labels, "labels")
    if places.shape != (len(classes), 2):
        raise CourseError(
            f"points has shape {places.shape}, but needs 2 numbers for each of the {len(classes)} "
            "labels."
        )
    return places, classes


def class_row(labels: ArrayLike, name: str) -> NDArray:
    """Return the classes (n,), whole numbers or names; whole floating-point numbers will do."""
    classes = as_array(name, labels)
    return label_row(classes.astype(int) if are_whole(classes) else classes, name)


def class_name(names: Sequence[str] | None, label: int | str) -> str:
    """Return the name of a class, which is its number if there are no names."""
    if isinstance(label, str):
        return label
    number = int(label)
    if names is None:
        return str(number)
    if not 0 <= number < len(names):
        raise CourseError(f"names has {len(names)} names, none for class {number}.")
    return names[number]
