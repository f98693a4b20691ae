"""What one has to know about a network to use it: its input, its layers, its weights."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from helpers import pictures
from helpers.errors import CourseError
from helpers.quiet import keras

__all__ = ["Entry", "Network"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """The facts about a network trained on ImageNet, known without loading its weights.

    Attributes
    ----------
    name
        As in :func:`helpers.networks.names`.
    input_size
        Height and width of its input in pixels.
    short_side
        A picture's shorter side is scaled to so many pixels before the centre is cropped; None
        if the whole picture is stretched to the square instead.
    colour_order
        ``"RGB"``, or ``"BGR"`` for networks that come from Caffe.
    mean, divisor
        What is subtracted from each colour, in the network's order, and what the rest is then
        divided by; the pixels go from 0 to 255.
    layers
        Layers worth taking features from, from input to output, and their numbers of channels.
    penultimate
        The last layer before the logits: what the network knows about a picture before it
        decides for a class. One of `layers`.
    parameters
        Number of weights.
    weights
        Where the weights come from.
    checksum
        SHA-256 or MD5 of the weight file, in hexadecimal.
    """

    name: str
    input_size: int
    short_side: int | None
    colour_order: str
    mean: tuple[float, float, float]
    divisor: float
    layers: dict[str, int]
    penultimate: str
    parameters: int
    weights: str
    checksum: str

    def fit(self, picture: Any) -> np.ndarray:
        """Scale and crop one picture to the network's input size, bicubic.

        Parameters
        ----------
        picture : array of shape (h, w, 3) with numbers from 0 to 255, PIL image, or path

        Returns
        -------
        array of uint8, shape (input_size, input_size, 3)
            Still RGB from 0 to 255; read-only.

        Raises
        ------
        CourseError
            If it is no picture, or several; a file is named.
        """
        if _are_several(picture):
            raise CourseError(
                f"`fit` takes one picture at a time, but this is a row of {len(picture)}: call it "
                "for each of them."
            )
        rgb = pictures.read(picture) if pictures.is_path(picture) else pictures.to_rgb(picture)
        height, width = rgb.shape[:2]
        if self.short_side is None:
            box = (0.0, 0.0, float(width), float(height))
        else:
            # Only the part that is kept is scaled, so a long panorama costs no memory.
            side = min(height, width) * self.input_size / self.short_side
            left, top = (width - side) / 2, (height - side) / 2
            box = (left, top, left + side, top + side)
        size = (self.input_size, self.input_size)
        return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC, box))

    def preprocess_input(self, images: Any) -> np.ndarray:
        """Turn pixels into the numbers that the network was trained on.

        Parameters
        ----------
        images : array of shape (n, input_size, input_size, 3)
            RGB from 0 to 255, uint8 or float. It stays as it is.

        Returns
        -------
        array of float32 of the same shape

        Raises
        ------
        CourseError
            If the shape is another one, or the numbers go beyond 0 to 255 or only from 0 to 1
            (a network fed with the wrong size or range gives wrong answers, not an error).
        """
        try:
            array = np.asarray(images)
        except ValueError as error:
            raise CourseError(
                f"{self.name} needs one array of images, but these have different shapes."
            ) from error
        shape = (self.input_size, self.input_size, 3)
        if array.shape == shape:
            raise CourseError(
                f"{self.name} needs a batch of images, shape (n, {', '.join(map(str, shape))}), "
                f"but this is a single one, of shape {shape}: `np.stack` makes a batch of a list, "
                "`image[None]` of one image."
            )
        if array.shape[1:] != shape or array.dtype.kind not in "uif":
            raise CourseError(
                f"{self.name} needs images of shape (n, {', '.join(map(str, shape))}) with numbers "
                f"from 0 to 255, but these have shape {array.shape} and dtype {array.dtype}. "
                "`fit` scales and crops a picture."
            )
        if array.size and not (array.min() >= 0 and array.max() <= 255):
            raise CourseError(
                f"{self.name} needs images with numbers from 0 to 255, but these have "
                f"{array.min():.4g} to {array.max():.4g}: were they preprocessed before?"
            )
        if array.dtype.kind == "f" and array.size and 0 < array.max() <= 1:
            raise CourseError(
                f"{self.name} needs images with numbers from 0 to 255, but these go from 0 to 1, "
                "which it would take for black: multiply them by 255."
            )
        mean = np.array(self.mean, np.float32)
        ordered = array[..., ::-1] if self.colour_order == "BGR" else array
        return (ordered.astype(np.float32) - mean) / np.float32(self.divisor)

    def prepare(self, images: Any) -> np.ndarray:
        """Fit and preprocess pictures: what `model` takes.

        Parameters
        ----------
        images
            Pictures of any sizes, as in :meth:`fit`.

        Returns
        -------
        array of float32, shape (n, input_size, input_size, 3)

        Raises
        ------
        CourseError
            If one of them is no picture, or there is none.
        """
        fitted = [self.fit(picture) for picture in pictures.listed(images)]
        return self.preprocess_input(np.stack(fitted))


def _are_several(picture: Any) -> bool:
    """Tell whether what should be one picture is a list or an array of them."""
    if isinstance(picture, list | tuple):
        return any(isinstance(each, np.ndarray) and each.ndim == 3 for each in picture)
    return isinstance(picture, np.ndarray) and picture.ndim == 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Network(Entry):
    """A network with its weights.

    Attributes
    ----------
    model
        The Keras model, from preprocessed images (n, input_size, input_size, 3) to the
        probabilities of the 1000 classes; its last two layers are ``logits`` and
        ``predictions``.
    digest
        The checksum of the weights as they were loaded: it tells whether they have been changed
        since. None for a network that was put together by hand.
    """

    model: keras.Model
    digest: bytes | None = None
