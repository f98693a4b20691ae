"""Read pictures of every kind as RGB, the right way up."""

import io
import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from helpers.errors import CourseError

__all__ = ["content", "decode", "is_path", "listed", "read", "to_rgb"]

# Pillow warns of large pictures and odd metadata, and what warns in a graded cell worries people.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Pillow opens files lazily, and the same image can't be read by two threads at once.
_READING = Lock()


def is_path(picture: Any) -> bool:
    """Tell whether a picture is given by the path of its file."""
    return isinstance(picture, (str, os.PathLike))


def listed(images: Any) -> list[Any]:
    """List pictures that were handed over together.

    Parameters
    ----------
    images
        A list, or anything else with pictures or paths one after another; or an array of shape
        (n, h, w, 3).

    Returns
    -------
    list of n pictures or paths, not read yet

    Raises
    ------
    CourseError
        If there are none, or it is one picture or one path.
    """
    if is_path(images):
        raise CourseError(
            f"{images} is one path, but a list is needed: [{str(images)!r}]. "
            "`datasets.images_from_folder` reads a whole folder."
        )
    if isinstance(images, np.ndarray) and images.dtype.kind in "buif" and images.ndim != 4:
        remedy = "One picture alone: `picture[None]`."
        if images.ndim == 3 and images.shape[-1] not in (1, 3, 4):
            remedy = "Grey pictures need an axis for their channel: `images[..., None]`."
        raise CourseError(
            "Pictures are an array of shape (n, height, width, 3), but this one has shape "
            f"{images.shape}. {remedy}"
        )
    if isinstance(images, (Mapping, Image.Image)) or not isinstance(images, Iterable):
        raise CourseError(
            f"Pictures are a list or an array, but this is of type `{type(images).__name__}`."
        )
    found = list(images)
    if not found:
        raise CourseError("There are no pictures: the list is empty.")
    return found


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
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(
            f"The picture {path} can't be read ({reason}). Look at the folder and the spelling of "
            "the name."
        ) from error


def decode(packed: bytes, path: str | Path) -> np.ndarray:
    """Decode the content of a picture file; `path` only names it in an error.

    Returns and raises what :func:`read` does.
    """
    try:
        with Image.open(io.BytesIO(packed)) as picture:
            return _image_to_rgb(picture)
    except CourseError:
        raise
    except Image.DecompressionBombError as error:
        raise CourseError(
            f"{path} has too many pixels ({error}). Save it again at a smaller size."
        ) from error
    except Exception as error:  # Pillow's decoders raise almost anything for a damaged file
        raise CourseError(
            f"{path} is not a picture that can be read: it is damaged, cut off or of another "
            "kind. Open it in an image viewer, save it again as PNG or JPEG, or remove it."
        ) from error


def to_rgb(picture: Any) -> np.ndarray:
    """Turn one picture of any mode into RGB.

    Parameters
    ----------
    picture : PIL image, or array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4)
        A PIL image is turned as its EXIF orientation says; CMYK, palettes and 16 bit are
        converted; what is transparent becomes white. An array holds uint8, or other numbers
        from 0 to 255, which are rounded; it may be read-only, and so may be the result.

    Returns
    -------
    array of uint8, shape (h, w, 3)

    Raises
    ------
    CourseError
        If it is no picture: another type or shape, no pixels, numbers beyond 0 to 255, or
        fractions from 0 to 1, which would be black here.
    """
    if isinstance(picture, Image.Image):
        try:
            with _READING:
                picture.load()
        except Exception as error:  # whatever Pillow makes of a closed or damaged file
            raise CourseError(
                f"This PIL image can't be read ({error}): its file is closed or damaged. Give its "
                "path instead."
            ) from error
        return _image_to_rgb(picture)
    array = _to_uint8(picture)
    if array.ndim == 2:
        array = array[..., None]
    if array.shape[-1] == 4:
        return _image_to_rgb(Image.fromarray(array, "RGBA"))
    return np.broadcast_to(array, (*array.shape[:2], 3))


def _image_to_rgb(image: Image.Image) -> np.ndarray:
    image = ImageOps.exif_transpose(image)
    if not image.width or not image.height:
        raise CourseError(f"A picture needs pixels, but this image is {image.size}.")
    if image.mode in ("I", "F"):
        return to_rgb(np.asarray(image))
    if image.mode.startswith("I;16"):
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
    if array.dtype.kind in "bf" and 0 < high <= 1:
        raise CourseError(
            "A picture's numbers go from 0 to 255, but those of this array go from 0 to 1, which "
            "would be black. Hand over `(255 * picture).astype('uint8')`."
        )
    if not (low >= 0 and high <= 255):
        raise CourseError(
            f"A picture's numbers go from 0 to 255, but this array has {low:.4g} to {high:.4g}. "
            "Hand over the picture itself: preprocessing is done here."
        )
    return np.rint(array).astype(np.uint8)
