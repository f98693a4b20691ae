"""Read pictures of every kind as RGB, the right way up."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from helpers.errors import CourseError

__all__ = ["content", "decode", "read", "to_rgb"]


def read(path: str | Path) -> np.ndarray:
    """Read one picture from a file.

    Parameters
    ----------
    path
        A file in any format that Pillow reads: JPEG, PNG, WebP, GIF (its first frame), TIFF.

    Returns
    -------
    array of uint8, shape (height, width, 3)
        Red, green, blue from 0 to 255; see :func:`to_rgb` for what becomes of other modes.

    Raises
    ------
    CourseError
        If the file is missing, can't be read or isn't a whole picture.
    """
    return decode(content(path), path)


def content(path: str | Path) -> bytes:
    """Read a picture file without decoding it.

    Raises
    ------
    CourseError
        If the file is missing or can't be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CourseError(
            f"The picture {path} can't be read ({error.strerror}). Look at the folder and the "
            "spelling of the name."
        ) from error


def decode(packed: bytes, path: str | Path) -> np.ndarray:
    """Decode the content of a picture file; `path` only names it in an error.

    Returns and raises what :func:`read` does.
    """
    try:
        with Image.open(io.BytesIO(packed)) as picture:
            return to_rgb(picture)
    except CourseError:
        raise
    except Exception as error:  # Pillow's decoders raise almost anything for a damaged file
        raise CourseError(
            f"{path} is not a picture that can be read: it is damaged, cut off, too large or of "
            "another kind. Open it in an image viewer, save it again as PNG or JPEG, or remove it."
        ) from error


def to_rgb(picture: Any) -> np.ndarray:
    """Turn one picture of any mode into RGB.

    Parameters
    ----------
    picture : PIL image, or array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4)
        A PIL image is turned as its EXIF orientation says; CMYK, palettes and 16 bit are
        converted; what is transparent becomes white. An array holds uint8, or other numbers
        from 0 to 255, which are rounded.

    Returns
    -------
    array of uint8, shape (h, w, 3)

    Raises
    ------
    CourseError
        If it is no picture: another type or shape, no pixels, or numbers beyond 0 to 255.
    """
    if isinstance(picture, Image.Image):
        return _image_to_rgb(picture)
    array = _to_uint8(picture)
    if array.ndim == 2:
        array = array[..., None]
    if array.shape[-1] == 4:
        return _image_to_rgb(Image.fromarray(array, "RGBA"))
    return np.broadcast_to(array, (*array.shape[:2], 3))


def _image_to_rgb(image: Image.Image) -> np.ndarray:
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # Pillow cuts 16 bit off at 255 instead of dividing by 257.
        image = Image.fromarray((np.asarray(image, dtype=float) / 257).clip(0, 255).astype("uint8"))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))


def _to_uint8(picture: Any) -> np.ndarray:
    try:
        array = np.asarray(picture)
        numeric = array.dtype.kind in "buif"
    except Exception as error:  # what can't become an array raises anything
        raise CourseError(
            f"A picture should be an array or a PIL image, not a `{type(picture).__name__}`."
        ) from error
    if not numeric:
        raise CourseError(
            f"A picture should be an array of numbers or a PIL image, not a "
            f"`{type(picture).__name__}`; a file is named by a str or a Path."
        )
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[-1] not in (1, 3, 4)):
        raise CourseError(
            f"A picture has shape (height, width, 3), but this array has shape {array.shape}."
        )
    if not array.size:
        raise CourseError(f"A picture needs pixels, but this array has shape {array.shape}.")
    if array.dtype == np.uint8:
        return array
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 255):
        raise CourseError(
            f"A picture's numbers go from 0 to 255, but this array has {low:.4g} to {high:.4g}. "
            "Hand over the picture itself: preprocessing is done here."
        )
    return np.rint(array).astype(np.uint8)
