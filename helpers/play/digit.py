"""Draw a digit, and see at once what a network reads and what its first kernels find."""

from typing import Any

import numpy as np
from ipywidgets import HTML, Button, HBox, VBox
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy.ndimage import center_of_mass, shift

from helpers import checks, plots
from helpers.play import parts
from helpers.plots import figures

__all__ = ["DigitReader", "centred", "digit"]

# Pixels of the side of a picture, and of the longer side of a digit in MNIST.
SIDE, STROKES = 28, 20
# Feature maps that are shown, and how many of them in a row.
MAPS, COLUMNS = 8, 4
# Each pixel of a map is shown as so many.
ZOOM = 3
BAR_PIXELS = 140


def digit(model: Any, example: ArrayLike) -> None:
    """Draw a digit with the mouse, see its probabilities and the first feature maps.

    Where nothing can be drawn, they are shown for an example.

    Parameters
    ----------
    model : Keras model
        From images (n, 28, 28, 1), 0 to 1, to 10 logits.
    example : array of shape (28, 28) or (28, 28, 1), from 0 to 1
        A digit to begin with.
    """
    reader = DigitReader(model, example)
    ranked = np.argsort(-reader.probabilities)[:5]
    answer = [("", f"a {number}", float(reader.probabilities[number])) for number in ranked]
    plots.predictions([reader.image], [answer])
    parts.show(
        HBox([VBox([reader.pad, reader.wipe]), reader.view], layout={"flex_flow": "row wrap"})
    )


class DigitReader:
    """A pad to draw on, and what a network makes of the drawing.

    Attributes
    ----------
    pad, wipe
        Where one draws, and the button that makes it black again.
    image
        What the network sees, shape (28, 28), from 0 to 1.
    probabilities
        Of the ten digits, shape (10,).
    view
        Bars for the probabilities, what the network sees, and the first feature maps.
    """

    def __init__(self, model: Any, example: ArrayLike) -> None:
        # Here, because the other things to play with do without it.
        from helpers.play.drawing import DrawingPad

        self.pad = DrawingPad()
        self.wipe = Button(description="Wipe")
        self.view = HTML()
        self._outputs = _with_first_maps(model)
        self.image = np.reshape(example, (SIDE, SIDE)).astype("float32")
        self._read()
        self.wipe.on_click(lambda _: self.pad.wipe())
        self.pad.observe(lambda _: self._see(), "pixels")

    def _see(self) -> None:
        """Read what is drawn; an empty pad is no digit."""
        if self.pad.image.any():
            self.image = centred(self.pad.image / np.float32(255))
            self._read()

    def _read(self) -> None:
        logits, maps = self._outputs(self.image[None, :, :, None])
        (self.probabilities,) = checks.softmax(np.asarray(logits))
        self.view.value = _page(self.image, self.probabilities, np.asarray(maps[0]))


def centred(drawing: NDArray) -> NDArray[np.float32]:
    """Bring a drawing into the form of MNIST: 20 pixels high or wide, its mass in the middle.

    Parameters
    ----------
    drawing : array of shape (28, 28)
        From 0 to 1, somewhere above 0.

    Returns
    -------
    float32 array of shape (28, 28), from 0 to 1
    """
    rows, columns = np.nonzero(drawing)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    strokes = Image.fromarray(np.rint(255 * drawing).astype(np.uint8)).crop(box)
    factor = STROKES / max(strokes.size)
    size = [max(1, round(factor * side)) for side in strokes.size]
    large = np.asarray(strokes.resize(size, Image.Resampling.BILINEAR), np.float32) / 255
    canvas = np.zeros((SIDE, SIDE), np.float32)
    # Away from the border, where a shift by half a pixel would lose some of it.
    edge = (SIDE - STROKES) // 2
    canvas[edge : edge + large.shape[0], edge : edge + large.shape[1]] = large
    return np.clip(shift(canvas, (SIDE - 1) / 2 - np.array(center_of_mass(canvas)), order=1), 0, 1)


def _with_first_maps(model: Any) -> Any:
    """Return a model from images to the logits and the maps of the first convolution."""
    from helpers.quiet import keras

    found = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    maps = found[0].output if found else model.inputs[0]
    return keras.Model(model.inputs[0], [model.outputs[0], maps])


def _page(image: NDArray, probabilities: NDArray, maps: NDArray) -> str:
    """Write as HTML what the network sees, what it reads, and what its first kernels find."""
    lines = "".join(
        f"<tr><th>{number}</th>{parts.bar(share, BAR_PIXELS)}</tr>"
        for number, share in enumerate(probabilities)
    )
    shown = min(MAPS, maps.shape[2])
    pictures = (
        (image, "what the network sees"),
        (_tiled(maps[:, :, :shown]), f"feature maps of the first {shown} kernels"),
    )
    columns = "".join(
        f'<figure style="margin: 0">{parts.img(_enlarged(values), caption)}'
        f"<figcaption>{caption}</figcaption></figure>"
        for values, caption in pictures
    )
    return f"{parts.ROW}<table>{lines}</table><div>{columns}</div></div>"


def _tiled(maps: NDArray) -> NDArray:
    """Lay maps (h, w, count) side by side in rows, each from black to white."""
    height, width, count = maps.shape
    rows = -(-count // COLUMNS)
    tiles = np.zeros((rows * COLUMNS, height + 1, width + 1))
    for tile, values in zip(tiles, np.moveaxis(maps, 2, 0), strict=False):
        tile[:height, :width] = figures.stretch(values / (np.abs(values).max() or 1), "the map")
    shape = (rows * (height + 1), COLUMNS * (width + 1))
    return tiles.reshape(rows, COLUMNS, height + 1, width + 1).swapaxes(1, 2).reshape(shape)


def _enlarged(values: NDArray) -> NDArray[np.uint8]:
    return figures.grey_levels(values, "the map").repeat(ZOOM, axis=0).repeat(ZOOM, axis=1)
