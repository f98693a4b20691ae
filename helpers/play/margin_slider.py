"""A support vector machine in the plane that learns from one picture more at each step."""

from collections.abc import Sequence

import numpy as np
from ipywidgets import HTML, HBox
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError
from helpers.play import parts
from helpers.play.pointer import PointerPicture
from helpers.play.slider import Slider
from helpers.plots import figures
from helpers.plots.margins import draw_margin

__all__ = ["MarginSlider", "training_pictures"]

START = 10
PLANE_PIXELS = 620
# How near to a point, in pixels of the figure, the mouse has to be.
NEAR = 15


def training_pictures(
    features: ArrayLike, labels: ArrayLike, images: ArrayLike, names: Sequence[str]
) -> None:
    """Watch the margin while a machine gets more and more training pictures.

    The features are brought to two dimensions with PCA, and the machine learns from these two
    numbers alone, so that all it does can be seen. A point under the mouse shows its picture.
    Where nothing can be moved, it is shown with ten pictures.

    Parameters
    ----------
    features : array of shape (n, d), n at least 2 and d at least 2
        One row for each picture.
    labels : array of int, shape (n,)
        0 or 1 for each picture.
    images : array of uint8, shape (n, h, w, 3)
        The pictures.
    names : sequence of str
        Names of the two classes.

    Raises
    ------
    CourseError
        If the numbers of features, labels and images differ, or there are not two classes.
    """
    slider = MarginSlider(features, labels, images, names)
    figure, text = slider.draw()
    figures.show(figure, text)
    parts.show(
        HBox([slider.count, slider.number], layout=parts.WRAPPED),
        HBox([slider.plane, slider.view], layout=parts.WRAPPED),
    )


class MarginSlider:
    """The controls of a machine in the plane, and what they show.

    Attributes
    ----------
    count, number
        How many pictures the machine learns from, and which of them to look at, from 1 on.
    plane
        The points and the margin, on which the mouse chooses a picture, too.
    places
        Where on it the points are: across and down from its upper left corner, 0 to 1, (n, 2).
    view
        The picture that was chosen.
    """

    def __init__(
        self, features: ArrayLike, labels: ArrayLike, images: ArrayLike, names: Sequence[str]
    ) -> None:
        # Only this one needs scikit-learn, which takes a while to import.
        from helpers.svm import accuracy, alternating_order, fit

        rows, pictures = np.asarray(features, dtype=float), np.asarray(images)
        classes = figures.class_row(labels, "labels")
        if not len(rows) == len(classes) == len(pictures):
            raise CourseError(
                f"There are features of {len(rows)} pictures, {len(classes)} labels and "
                f"{len(pictures)} images: each picture needs one of each."
            )
        if len(np.unique(classes)) != 2:
            raise CourseError("labels must be of two classes, one label for each picture.")
        self._fit, self._accuracy = fit, accuracy
        order = alternating_order(classes, seed=0)
        self._points, self._labels = main_plane(rows)[order], classes[order]
        self._images, self._names = pictures[order], names
        most = len(order)
        self.count = Slider(
            description="training pictures", min=2, max=most, value=min(START, most)
        )
        self.number = Slider(description="look at picture", min=1, max=self.count.value, value=1)
        self.plane, self.view = PointerPicture(width=PLANE_PIXELS), HTML()
        self._show()
        self.plane.observe(lambda _: self._choose(), "place")
        self.count.observe(lambda _: self._learn(), "value")
        self.number.observe(lambda _: self._show(), "value")

    def draw(self, chosen: int | None = None) -> tuple[Figure, str]:
        """Draw what the machine has learned from the first pictures.

        Parameters
        ----------
        chosen : int, optional
            The position of a picture to mark.

        Returns
        -------
        The figure and its description.
        """
        count = self.count.value
        known, new = slice(count), slice(count, None)
        machine = self._fit(self._points[known], self._labels[known])
        figure, text = draw_margin(
            self._points[known],
            self._labels[known],
            machine,
            self._names,
            backdrop=self._points[new],
            chosen=chosen,
        )
        if count < len(self._points):
            right = self._accuracy(machine, self._points[new], self._labels[new])
            others = len(self._points) - count
            told = f"Of the other {others}, in grey, {right:.0%} are on the right side."
            figure.suptitle(told, fontsize=10)
            text = f"{text} {told}"
        return figure, text

    def _learn(self) -> None:
        """Learn from another number of pictures, and show one of them."""
        self.number.max = self.count.value
        self._show()

    def _choose(self) -> None:
        """Take the picture whose point is under the mouse, if there is one."""
        distances = np.linalg.norm((self.places - self.plane.place) * self._size, axis=1)
        if distances.min() <= NEAR:
            self.number.value = int(distances.argmin()) + 1

    def _show(self) -> None:
        chosen = self.number.value - 1
        name = figures.class_name(self._names, self._labels[chosen])
        picture = parts.img(self._images[chosen], f"Picture {chosen + 1}, {name}", "width: 120px")
        figure, text = self.draw(chosen)
        drawn = figures.described(figure, text)
        self.plane.png, self.plane.alt = drawn.png, drawn.alt
        # Where the points are is known only now, since drawing lays the figure out.
        pixels = figure.axes[0].transData.transform(self._points[: self.count.value])
        self._size = figure.bbox.size
        self.places = pixels / self._size * [1, -1] + [0, 1]
        self.view.value = (
            f'<figure style="margin: 0">{picture}<figcaption>picture {chosen + 1}: {name}'
            "</figcaption></figure>"
        )


def main_plane(rows: NDArray) -> NDArray:
    """Return points (n, 2): the rows (n, d), seen from the side on which they spread most (PCA)."""
    centred = rows - rows.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    # Which way a direction points is chance, but must be the same everywhere.
    signs = np.sign(directions[range(2), np.abs(directions).argmax(axis=1)])
    return centred @ (signs[:, None] * directions).T
