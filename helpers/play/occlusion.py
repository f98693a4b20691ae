"""A grey square under the mouse that hides a part of a picture, and what a network then answers."""

from functools import cached_property
from typing import Any

import numpy as np
from ipywidgets import HTML, HBox, VBox
from numpy.typing import NDArray

from helpers import plots
from helpers.inputs import whole_number
from helpers.play import parts
from helpers.play.pointer import PointerPicture
from helpers.play.slider import Slider

__all__ = ["OcclusionPatch", "occlusion"]

GREY = 127
# Pixels from one place of the square to the next. A network needs too long to be asked at each
# move, so it is asked about all places in advance, and they must be few.
STEP = 14
TOP = 5
BAR_PIXELS = 90
PHOTO_PIXELS = 300


def occlusion(picture: Any, network: Any, row: int = 84, column: int = 84, patch: int = 56) -> None:
    """Move a grey square over a picture, and see how the probability of its class falls.

    The square follows the mouse, or two sliders, in steps of 14 pixels. Where nothing can be
    moved, the answers without the square and with it are shown for one place.

    Parameters
    ----------
    picture : array of shape (h, w, 3), with numbers from 0 to 255
        What the network is asked about.
    network : helpers.networks.Network
        With `fit`, `preprocess_input` and `model`.
    row, column : int
        The square's upper left corner at first, in pixels of the fitted picture; rounded down to
        a whole step.
    patch : int
        Side of the square, at most that of the fitted picture.

    Raises
    ------
    CourseError
        If it is no picture, or the square is not on it.
    """
    from helpers.networks import decode

    moved = OcclusionPatch(picture, network, row, column, patch)
    answers = decode(np.stack([moved.before, moved.now]), TOP)
    plots.predictions([moved.whole, moved.hidden()], answers)
    controls = VBox([moved.row, moved.column, moved.view])
    parts.show(HBox([moved.photo, controls], layout=parts.WRAPPED))


class OcclusionPatch:
    """The controls of the square, and what they show.

    Attributes
    ----------
    whole
        The picture as it comes to the network, uint8 of shape (s, s, 3).
    before, now
        The probability of each class without the square and with it, shape (1000,).
    row, column
        Where the square begins.
    photo
        The picture with the square, which follows the mouse.
    view
        The most probable classes before and now.
    """

    def __init__(self, picture: Any, network: Any, row: int, column: int, patch: int) -> None:
        # Here, because most notebooks play without a network.
        from helpers.networks import class_names

        self._names = [name.replace("_", " ") for _, name in class_names()]
        self._network = network
        self.whole: NDArray[np.uint8] = network.fit(picture)
        self._patch = whole_number("patch", patch, 1, len(self.whole))
        last = len(self.whole) - self._patch
        self._steps = last // STEP + 1
        self.row, self.column = (
            Slider(
                description=name,
                max=last // STEP * STEP,
                step=STEP,
                value=whole_number(name, start, 0, last) // STEP * STEP,
            )
            for name, start in (("row", row), ("column", column))
        )
        self.photo = PointerPicture(width=PHOTO_PIXELS)
        self.view = HTML()
        self.before, self.now = self._ask(self.whole, self.hidden())
        places = self._steps**2
        self._show(f"<p>One moment: the network is asked about {places} places of the square.</p>")
        # Only a page with working controls needs to know all places.
        self.photo.observe(lambda _: self._move(), "on_page")
        self.photo.observe(lambda _: self._follow(), "place")
        for slider in (self.row, self.column):
            slider.observe(lambda _: self._move(), "value")

    @cached_property
    def answers(self) -> NDArray:
        """The probabilities with the square at each place, shape (steps, steps, 1000)."""
        corners = range(0, self._steps * STEP, STEP)
        rows = [self._ask(*(self.hidden(row, column) for column in corners)) for row in corners]
        return np.stack(rows)

    def hidden(self, row: int | None = None, column: int | None = None) -> NDArray[np.uint8]:
        """Return the picture with the square on it, (s, s, 3); where it is now by default."""
        row = self.row.value if row is None else row
        column = self.column.value if column is None else column
        copy = self.whole.copy()
        copy[row : row + self._patch, column : column + self._patch] = GREY
        return copy

    def _ask(self, *fitted: NDArray[np.uint8]) -> NDArray:
        """Return the probabilities of fitted pictures, (n, 1000)."""
        batch = self._network.preprocess_input(np.stack(fitted))
        return np.asarray(self._network.model.predict(batch, verbose=0))

    def _follow(self) -> None:
        """Bring the middle of the square to where the mouse is, as near as the steps allow."""
        across, down = (share * len(self.whole) - self._patch / 2 for share in self.photo.place)
        self.row.value, self.column.value = (round(edge / STEP) * STEP for edge in (down, across))

    def _move(self) -> None:
        self.now = self.answers[self.row.value // STEP, self.column.value // STEP]
        self._show()

    def _show(self, note: str = "") -> None:
        self.photo.png = parts.png(self.hidden())
        place = f"row {self.row.value} and column {self.column.value}"
        self.photo.alt = f"The picture, hidden from {place} on"
        lines = "".join(self._line(number) for number in np.argsort(-self.before)[:TOP])
        now = self.now.argmax()
        self.view.value = (
            "<table><thead><tr><th></th><th>whole picture</th><th>with the square</th></tr></thead>"
            f"{lines}</table><p>Most probable with the square: <b>{self._names[now]}</b>, "
            f"{self.now[now]:.0%}</p>{note}"
        )

    def _line(self, number: int) -> str:
        """Write the probability of a class before and now, as a line of a table."""
        shares = self.before[number], self.now[number]
        cells = "".join(parts.bar(share, BAR_PIXELS) for share in shares)
        return f'<tr><th style="text-align: right">{self._names[number]}</th>{cells}</tr>'
