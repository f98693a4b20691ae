"""Photos that are downloaded when somebody asks for them, each file once.

A set is a list in ``data/``, such as ``dishes.json``: for every photo its file, its address on
the host and its SHA-256. The photos themselves lie in the cache folder of the course.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np

from helpers import checksums, feature_cache, transfer
from helpers.datasets.files import DATA, RESTORE
from helpers.errors import CourseError

__all__ = ["HOST", "SETS", "Photo", "fetch", "folder_of", "listed", "read"]

HOST = "https://raw.githubusercontent.com"
"""What comes before the addresses; they name the commit, so the files can't change there."""

SETS = ("dishes", "nine")


class Photo(NamedTuple):
    """A photo that can be downloaded.

    Attributes
    ----------
    file
        Its path in the folder of the set.
    address
        Where it is on the host: the path, not quoted.
    size
        The number of its bytes.
    sha256
        The checksum of its content, 64 hexadecimal digits.
    about
        All that the list says about it.
    """

    file: str
    address: str
    size: int
    sha256: str
    about: dict[str, Any]


def listed(name: str) -> list[Photo]:
    """Return the photos of a set, "dishes" or "nine", whether they are here or not.

    Raises
    ------
    CourseError
        If the list of the set is missing or damaged.
    """
    path = DATA / f"{name}.json"
    try:
        records = json.loads(path.read_bytes())["pictures"]
        return [
            Photo(record["file"], record["address"], record["bytes"], record["sha256"], record)
            for record in records
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CourseError(f"The data file {path} is missing or damaged. {RESTORE}") from error


def folder_of(name: str) -> Path:
    """Return the folder in the cache where the photos of a set are, or will be."""
    return feature_cache.location().parent / "photos" / name


def fetch(photos: Sequence[Photo], folder: Path, host: str = HOST) -> int:
    """Download the photos that aren't in a folder, or were changed there.

    Parameters
    ----------
    photos
        What should be there.
    folder
        Where; it is made if it isn't there.
    host
        What comes before the addresses.

    Returns
    -------
    int
        How many were downloaded.

    Raises
    ------
    CourseError
        At the first photo that can't be had, or if the folder can't be written to. What was
        downloaded before stays, and the next call goes on from there.
    """
    from tqdm import tqdm

    missing = [photo for photo in photos if not _is_there(folder / photo.file, photo.sha256)]
    size = sum(photo.size for photo in missing)
    with tqdm(
        total=size, desc="photos", unit="B", unit_scale=True, file=sys.stderr, disable=not missing
    ) as bar:
        for done, photo in enumerate(missing):
            url, path = f"{host}/{quote(photo.address)}", folder / photo.file
            try:
                transfer.download(url, path, "sha256", photo.sha256, bar)
            except transfer.NotWritableError as error:
                raise CourseError(
                    f"The folder {path.parent} can't be written to ({error}). Set the environment "
                    f"variable {feature_cache.FOLDER_VARIABLE} to a folder that can be."
                ) from error
            except transfer.NotDownloadedError as error:
                here = len(photos) - len(missing) + done
                raise CourseError(
                    f"{url} couldn't be downloaded: {error}. {here} of {len(photos)} photos are "
                    f"in {folder}. Run the same command again where there is an open network: "
                    "it goes on from there."
                ) from error
    return len(missing)


def read(name: str, folder: Path, side: int) -> np.ndarray:
    """Read all photos of a set as squares of one size.

    Parameters
    ----------
    name
        "dishes" or "nine".
    folder
        Where they are.
    side
        Pixels of each side. What is no square is cut to its middle first.

    Returns
    -------
    uint8 array (n, side, side, 3)

    Raises
    ------
    CourseError
        If a photo is missing or was changed.
    """
    from PIL import Image, ImageOps

    from helpers.pictures import decode

    remedy = f"Run `course photos {name}` in a terminal, where there is a network."
    if not folder.is_dir():
        raise CourseError(f"The photos of the set `{name}` aren't in {folder}. {remedy}")
    squares = []
    for photo in listed(name):
        path = folder / photo.file
        content = checksums.read_verified(path, photo.sha256, "photo", remedy)
        image = Image.fromarray(decode(content, path))
        squares.append(np.asarray(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)))
    return np.stack(squares)


def _is_there(path: Path, sha256: str) -> bool:
    try:
        return checksums.digest(path.read_bytes()).hex() == sha256
    except OSError:
        return False
