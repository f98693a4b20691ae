"""The manifest of a drawn set: what each picture shows, and its checksum.

A set is a folder with ``manifest.json`` and a folder for each class. The manifest has the seed
that the set was drawn from, and in "pictures" for each one its file, its class, its SHA-256 and
what else is known about it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.datasets.files import read_verified, remedy
from helpers.datasets.labelled import Pictures, frozen
from helpers.errors import CourseError

__all__ = ["NAME", "Record", "compose", "damaged", "read"]

NAME = "manifest.json"

Record = dict[str, Any]


def compose(seed: int, pictures: Mapping[str, tuple[bytes, Record]]) -> bytes:
    """Write a manifest, with a line for each picture.

    Parameters
    ----------
    seed
        What the set was drawn from.
    pictures
        The content and the record of each file.
    """
    lines = [
        json.dumps({"file": file, **record, "sha256": hashlib.sha256(content).hexdigest()})
        for file, (content, record) in pictures.items()
    ]
    listed = ",\n".join(lines)
    return f'{{"seed": {seed}, "pictures": [\n{listed}\n]}}\n'.encode()


def read(folder: str | Path, names: Sequence[str]) -> tuple[Pictures, list[Record]]:
    """Read a set and verify it.

    Parameters
    ----------
    folder
        The set.
    names
        Its classes, in the order of their labels.

    Returns
    -------
    pictures
        All pictures, in the order of the manifest.
    records
        What the manifest says about each.

    Raises
    ------
    CourseError
        If the manifest or a picture is missing or damaged.
    """
    from helpers.pictures import decode

    path = Path(folder) / NAME
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"The data file {path} can't be read ({error.strerror}). {remedy(path)}"
        ) from error
    try:
        records = json.loads(text)["pictures"]
        listed = [(path.parent / record["file"], record["sha256"]) for record in records]
        labels = np.array([names.index(record["class"]) for record in records])
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(folder) from error
    images = [decode(read_verified(file, sha256), file) for file, sha256 in listed]
    if len({image.shape for image in images}) != 1:
        raise damaged(folder)
    files = tuple(file for file, _ in listed)
    pictures = Pictures(frozen(np.stack(images)), frozen(labels), tuple(names), files)
    return pictures, records


def damaged(folder: str | Path) -> CourseError:
    """Make the error about a manifest that isn't what `course draw` writes."""
    path = Path(folder) / NAME
    return CourseError(f"The data file {path} is damaged or belongs to another set. {remedy(path)}")
