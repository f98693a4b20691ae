"""One's own photos: a folder of pictures, or of folders of pictures."""

import re
from pathlib import Path

import numpy as np

from helpers.datasets.labelled import Pictures, frozen
from helpers.errors import CourseError

__all__ = ["ENDINGS", "LONGEST", "images_from_folder"]

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif")
"""By these a picture is recognised; other files are left alone."""

LONGEST = 1024
"""Pixels of the longer side at most: networks look at 300, and a hundred photos fit in memory."""


def images_from_folder(folder: str | Path) -> Pictures:
    """Read one's own photos.

    Parameters
    ----------
    folder
        If it holds folders, each is a class and has its name; if it holds pictures, they are all
        in one class without a name. Hidden files and files that are no pictures are skipped.

    Returns
    -------
    Pictures
        In natural order: photo 2 comes before photo 10. Larger pictures are shrunk to 1024 pixels
        on the longer side; the originals are in `files`. `images` is an array (n, h, w, 3) if all
        pictures have the same size then, otherwise a tuple of n arrays.

    Raises
    ------
    CourseError
        If the folder is missing or has no pictures, a class has none, pictures lie beside
        classes, or a picture is damaged or of a kind that can't be read.
    """
    from helpers.pictures import read

    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(
            f"There is no folder {folder}. Make it and put your pictures into it, or correct the "
            "spelling of the name."
        )
    classes = {path.name: _pictures(path) for path in _visible(folder) if path.is_dir()}
    loose = _pictures(folder)
    if classes and loose:
        raise CourseError(
            f"{folder} holds both pictures ({loose[0].name}) and folders ({next(iter(classes))}). "
            "Put every picture into the folder of its class, or all beside each other."
        )
    for name, members in classes.items():
        if not members:
            raise CourseError(f"{folder / name} holds no pictures{_expected()}")
    if not classes:
        classes = {"": loose}
    files = tuple(file for members in classes.values() for file in members)
    if not files:
        raise CourseError(f"{folder} holds no pictures{_expected()}")
    labels = np.repeat(np.arange(len(classes)), [len(members) for members in classes.values()])
    images = _together([frozen(_shrunk(read(_readable(file)))) for file in files])
    return Pictures(images, frozen(labels), tuple(classes), files)


def _shrunk(picture: np.ndarray) -> np.ndarray:
    """Return a picture (h, w, 3) with at most `LONGEST` pixels on its longer side."""
    if max(picture.shape) <= LONGEST:
        return picture
    from PIL import Image

    image = Image.fromarray(picture)
    image.thumbnail((LONGEST, LONGEST))
    return np.asarray(image)


def _together(pictures: list[np.ndarray]) -> np.ndarray | tuple[np.ndarray, ...]:
    """Return one array if all pictures have the same size; the list is used up."""
    if len({picture.shape for picture in pictures}) > 1:
        return tuple(pictures)
    stack = np.empty((len(pictures), *pictures[0].shape), np.uint8)
    # One picture goes as the next comes, so that there is never twice as much in memory.
    for place in stack[::-1]:
        place[...] = pictures.pop()
    return frozen(stack)


def _pictures(folder: Path) -> list[Path]:
    return [path for path in _visible(folder) if path.is_file() and path.suffix.lower() in ENDINGS]


def _visible(folder: Path) -> list[Path]:
    """List what is in a folder, in natural order, without .DS_Store, __MACOSX and the like."""
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith((".", "__"))]
    except OSError as error:
        raise CourseError(
            f"The folder {folder} can't be read ({error.strerror}). Make it readable for you."
        ) from error
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def _natural(name: str) -> list[tuple[int, str]]:
    """Split a name so that numbers compare as numbers: "photo 10" is "photo " and 10."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _readable(file: Path) -> Path:
    if file.suffix.lower() in (".heic", ".heif"):
        raise CourseError(
            f"{file} is a HEIC picture, as iPhones take them, which can't be read here. Open it "
            "in an image viewer and export it as JPEG."
        )
    return file


def _expected() -> str:
    return f". Put some into it: files that end in {', '.join(ENDINGS[:-2])}."
