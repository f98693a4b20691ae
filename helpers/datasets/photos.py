"""Nine pictures to try networks on, 256 by 256 pixels: animals, instruments, things, a portrait.

Where they come from and their licences are in ``README.md`` beside this file.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.datasets import downloads
from helpers.datasets.files import DATA, read_verified, shipped_once
from helpers.datasets.labelled import frozen

__all__ = ["FOLDER", "Photos", "load", "load_real"]

FOLDER = DATA / "photos"
ELSEWHERE = (
    "These nine pictures come with the course: `photos.load()`. Your own ones are read by "
    "`images_from_folder`."
)

# README.md has them too.
SHA256 = {
    "badger.png": "a683717f5d6787a70647836a1ebc8213dd1cc34f3cfed13916aedd55589500ab",
    "rabbit.png": "17cb2f4039bd560175d12ade49ca00e9f3998cfbe258efa5368ecbd6c297eef3",
    "accordion.png": "c670b83ea44e1908f871da0d0ac6a21f0c21760308a34e8f61361e4ebb0d0e1e",
    "old_accordion.png": "b7921d92ab2b9403466115c671f607b0a7236f97f77e735a7c704958c2a0ac3e",
    "pineapple.png": "fe42d553c125d10e9785f0af28557460de970486e049a108f7aefc9e00d8b8b3",
    "piano.png": "9e688afd8dad9a887a19b6393d3ed50365d952246a63f742eabce083c46da904",
    "sundial.png": "33947e525f3143e9dd2ab08ba55b15caf218276fee876d5fa2f1ebd1ceedb990",
    "portrait.png": "af826814594e02cce337223dfa235875295297abb554af88f3104717351dbda8",
    "can.png": "214eebe9abadc6012f69dce3ea413d7cf417bb05379797bdcf9861e44797a707",
}

# Numbers of ImageNet classes, in the order of Keras.
ACCEPTED: dict[str, tuple[int, ...]] = {
    "badger": (362,),
    # wood rabbit, hare, Angora
    "rabbit": (330, 331, 332),
    "accordion": (401,),
    "old_accordion": (401,),
    "pineapple": (953,),
    # an upright piano
    "piano": (881,),
    "sundial": (835,),
    # ImageNet has no class "person"; the best that fits is what she wears, a military uniform.
    "portrait": (652,),
    # None of the 1000 classes is a tin can: whatever a network says about it is wrong.
    "can": (),
}


# Those that `course photos nine` downloads.
REAL: dict[str, tuple[int, ...]] = {"pineapple": (953,), "badger": (362,)}

SIDE = 256


class Photos(NamedTuple):
    """Pictures and the ImageNet classes that count as right for them.

    Attributes
    ----------
    images
        uint8 array (n, 256, 256, 3), read-only.
    titles
        What the pictures show: the names of the files without their endings.
    accepted
        For each picture the numbers of the right classes, 0 to 999; none if no class fits.
    files
        Where each picture was read from.
    """

    images: np.ndarray
    titles: tuple[str, ...]
    accepted: tuple[tuple[int, ...], ...]
    files: tuple[Path, ...]


@shipped_once
def load(folder: str | Path = FOLDER) -> Photos:
    """Read the nine pictures.

    Later calls return the same array; it is read-only so that nobody can spoil it.

    Parameters
    ----------
    folder
        Where the files are.

    Raises
    ------
    CourseError
        If a file is missing or was changed.
    """
    from helpers.pictures import decode

    files = {Path(folder) / name: checksum for name, checksum in SHA256.items()}
    images = [
        decode(read_verified(path, checksum, ELSEWHERE), path) for path, checksum in files.items()
    ]
    titles = tuple(path.stem for path in files)
    accepted = tuple(ACCEPTED[title] for title in titles)
    return Photos(frozen(np.stack(images)), titles, accepted, tuple(files))


def load_real(folder: str | Path | None = None) -> Photos:
    """Read the real photos of a pineapple and a badger.

    Parameters
    ----------
    folder
        Where they are; the cache, where `course photos nine` puts them, by default.

    Returns
    -------
    Photos
        The middle of each, `images` (2, 256, 256, 3).

    Raises
    ------
    CourseError
        If a photo isn't there or was changed; it says what to do.
    """
    place = downloads.folder_of("nine") if folder is None else Path(folder)
    images = downloads.read("nine", place, SIDE)
    files = tuple(place / photo.file for photo in downloads.listed("nine"))
    titles = tuple(file.stem for file in files)
    return Photos(frozen(images), titles, tuple(REAL[title] for title in titles), files)
