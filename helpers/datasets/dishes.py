"""Dishes: 200 photos of food on white ground, 100 of healthy dishes and 100 of unhealthy ones.

They aren't part of the course: `course photos dishes` downloads them, 13 MB, once. There are
several photos of each dish. They come as the drawn plates of :mod:`helpers.datasets.meals` do, so
that one can take the place of the other, and :func:`helpers.datasets.meals.disjoint_split` divides
them so that no dish is on both sides. Where they come from, and the rule by which they were
chosen, are in ``README.md`` beside this file.
"""

from pathlib import Path

import numpy as np

from helpers.datasets import downloads, meals
from helpers.datasets.labelled import frozen
from helpers.datasets.meals import HALVES, NAMES, Meals
from helpers.errors import CourseError

__all__ = ["chosen", "load", "use_photos"]

SIDE = 224
_photos = False


def load(folder: str | Path | None = None) -> Meals:
    """Read the photos of dishes.

    Parameters
    ----------
    folder
        Where they are; the cache, where `course photos dishes` puts them, by default.

    Returns
    -------
    Meals
        `images` (200, 224, 224, 3). `groups` has one dish for each photo; `borderline` says
        whether a large part of it belongs to the other class; `halves` are those of the dishes.

    Raises
    ------
    CourseError
        If a photo isn't there or was changed; it says what to do.
    """
    place = downloads.folder_of("dishes") if folder is None else Path(folder)
    images = downloads.read("dishes", place, SIDE)
    photos = downloads.listed("dishes")
    return Meals(
        images=frozen(images),
        labels=frozen(np.array([NAMES.index(photo.about["class"]) for photo in photos])),
        names=NAMES,
        files=tuple(place / photo.file for photo in photos),
        groups=tuple(frozenset([photo.about["dish"]]) for photo in photos),
        borderline=frozen(np.array([photo.about["borderline"] for photo in photos])),
        halves=frozen(np.array([HALVES.index(photo.about["half"]) for photo in photos])),
    )


def use_photos(photos: bool) -> None:
    """Choose what :func:`chosen` reads from now on: photos, or the drawn plates as at first.

    A notebook calls it in a cell that students change. The checks are graded in a process in which
    nobody has called it, so with the drawn plates, whatever a student has chosen.
    """
    global _photos
    _photos = bool(photos)


def chosen() -> Meals:
    """Read the drawn plates or, if chosen, the photos; if these aren't here, say why.

    Returns
    -------
    Meals
        `images` (200, 224, 224, 3): the photos only if they were chosen and are here.

    Raises
    ------
    CourseError
        If a file of the drawn plates is missing or was changed.
    """
    if _photos:
        try:
            return load()
        except CourseError as error:
            print(f"{error} Until then, the plates are drawn.")
    return meals.load()
