"""Feature maps on their way through a network, as blocks: height, width, and depth for channels."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from helpers.errors import CourseError
from helpers.inputs import whole_number
from helpers.plots import figures

__all__ = ["draw_volumes", "volumes"]

# What goes back into the page is drawn to the right and up.
SLANT = np.array([0.45, -0.3])
# Of the largest height or width, for doubling the channels once: so one channel and hundreds fit.
DEPTH = 0.14
GAP = 0.55
# Front, top, right side.
FACES = ("#CFE3F2", "#E7F1F9", "#A9CBE4")


def volumes(shapes: Mapping[str, Sequence[int]], alt: str | None = None) -> None:
    """Show arrays of feature maps as blocks, from left to right.

    Parameters
    ----------
    shapes : mapping of name to (height, width, channels), each at least 1
        What comes out of each layer. Height and width are drawn to scale; the depth grows with
        the logarithm of the channels.
    alt : str, optional
        Replaces the list of names and shapes.

    Raises
    ------
    CourseError
        If it is no dictionary, or a shape does not have three whole numbers.
    """
    if not figures.named(shapes, "the shapes"):
        figures.show_nothing("Blocks of feature maps", alt)
        return
    figure, text = draw_volumes(shapes)
    figures.show(figure, alt or text)


def draw_volumes(shapes: Mapping[str, Sequence[int]]) -> tuple[Figure, str]:
    """Draw what :func:`volumes` shows, and return the figure and its description."""
    sizes = {name: _shape(name, shape) for name, shape in shapes.items()}
    largest = max(max(height, width) for height, width, _ in sizes.values())
    figure, (panel,) = figures.make_panels(1, 1, width=1.55 * len(sizes), height=2.3)
    left, seen = 0.0, []
    for name, (height, width, channels) in sizes.items():
        back = SLANT * DEPTH * np.log2(2 * channels)
        tall, wide = height / largest, width / largest
        corner = np.array([left, -tall / 2])
        right, down = np.array([wide, 0]), np.array([0, tall])
        faces = (
            (corner, corner + right, corner + right + down, corner + down),
            (corner, corner + right, corner + right + back, corner + back),
            (corner + right, corner + right + down, corner + right + down + back,
             corner + right + back),
        )  # fmt: skip
        for face, colour in zip(faces, FACES, strict=True):
            panel.add_patch(Polygon(face, facecolor=colour, edgecolor="0.3", linewidth=0.8))
        label = f"{name}\n{height} x {width} x {channels}"
        panel.text(left + (wide + back[0]) / 2, 0.62, label, ha="center", va="top", fontsize=9)
        left += max(wide + back[0], 0.6) + GAP
        seen.append(f"{name} {height} by {width} by {channels}")
    panel.set(xlim=(-0.3, left - GAP + 0.3), ylim=(1.1, -0.95), aspect="equal")
    panel.set_axis_off()
    return figure, f"Blocks of height by width by channels: {figures.listed(seen)}."


def _shape(name: str, shape: Sequence[int]) -> tuple[int, int, int]:
    """Return height, width and channels."""
    sizes = figures.numbers(shape, f"the shape of {name!r}", (1,)).tolist()
    if len(sizes) != 3:
        raise CourseError(
            f"The shape of {name!r} is {tuple(sizes)}, but needs a height, a width and channels."
        )
    height, width, channels = (whole_number(f"each size of {name!r}", size, 1) for size in sizes)
    return height, width, channels
