"""A grey square that hides a part of a picture, and what a network makes of the rest."""

from typing import Any

import numpy as np
from ipywidgets import HTML, HBox
from numpy.typing import NDArray

from helpers import plots
from helpers.inputs import whole_number
from helpers.play import parts
from helpers.play.slider import Slider

__all__ = ["OcclusionPatch", "occlusion"]

GREY = 127
# Pixels by which an arrow key moves the square.
STEP = 8
TOP = 5
BAR_PIXELS = 110


def occlusion(picture: Any, network: Any, row: int = 56, column: int = 56, patch: int = 56) -> None:
    """Move a grey square over a picture, and see what a network answers then.

    Where nothing can be moved, the answers without the square and with it are shown for one place.

    Parameters
    ----------
    picture : array of shape (h, w, 3), with numbers from 0 to 255
        What the network is asked about.
    network : helpers.networks.Network
        With `fit`, `preprocess_input` and `model`.
    row, column : int
        The square's upper left corner at first, in pixels of the fitted picture.
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
    parts.show(HBox([moved.row, moved.column], layout={"flex_flow": "row wrap"}), moved.view)


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
    view
        The picture with the square, and the most probable classes before and now.
    """

    def __init__(self, picture: Any, network: Any, row: int, column: int, patch: int) -> None:
        # Here, because most notebooks play without a network.
        from helpers.networks import class_names

        self._names = [name.replace("_", " ") for _, name in class_names()]
        self._network = network
        self.whole: NDArray[np.uint8] = network.fit(picture)
        self._patch = whole_number("patch", patch, 1, len(self.whole))
        last = len(self.whole) - self._patch
        self.row, self.column = (
            Slider(description=name, max=last, step=STEP, value=whole_number(name, start, 0, last))
            for name, start in (("row", row), ("column", column))
        )
        self.view = HTML()
        self.before, self.now = self._ask(self.whole, self.hidden())
        self._show()
        for slider in (self.row, self.column):
            slider.observe(lambda _: self._move(), "value")

    def hidden(self) -> NDArray[np.uint8]:
        """Return the picture with the square on it, (s, s, 3)."""
        copy = self.whole.copy()
        row, column = self.row.value, self.column.value
        copy[row : row + self._patch, column : column + self._patch] = GREY
        return copy

    def _ask(self, *fitted: NDArray[np.uint8]) -> NDArray:
        """Return the probabilities of fitted pictures, (n, 1000)."""
        batch = self._network.preprocess_input(np.stack(fitted))
        return np.asarray(self._network.model.predict(batch, verbose=0))

    def _move(self) -> None:
        (self.now,) = self._ask(self.hidden())
        self._show()

    def _show(self) -> None:
        alt = f"The picture, hidden from row {self.row.value} and column {self.column.value} on"
        lines = "".join(self._line(number) for number in np.argsort(-self.before)[:TOP])
        now = self.now.argmax()
        self.view.value = (
            f"{parts.ROW}{parts.img(self.hidden(), alt)}<div><table><thead><tr><th></th>"
            f"<th>whole picture</th><th>with the square</th></tr></thead>{lines}</table>"
            f"<p>Most probable with the square: <b>{self._names[now]}</b>, {self.now[now]:.0%}</p>"
            "</div></div>"
        )

    def _line(self, number: int) -> str:
        """Write the probability of a class before and now, as a line of a table."""
        shares = self.before[number], self.now[number]
        cells = "".join(parts.bar(share, BAR_PIXELS) for share in shares)
        return f'<tr><th style="text-align: right">{self._names[number]}</th>{cells}</tr>'
