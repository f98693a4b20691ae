"""Pincers and scissors: 100 drawn pictures of 256 by 256 pixels, 50 of each, on white ground.

Both classes come in many types, colours and positions, and are made of the same metals and
plastics. They are drawn by :mod:`helpers.datasets.drawing`.
"""

from pathlib import Path

from helpers.datasets import manifest
from helpers.datasets.files import DATA, shipped_once
from helpers.datasets.labelled import Pictures

__all__ = ["FOLDER", "NAMES", "load"]

FOLDER = DATA / "tools"
NAMES = ("pincers", "scissors")


@shipped_once
def load(folder: str | Path = FOLDER) -> Pictures:
    """Read the tools.

    Those of the course are read once, and later calls return the same arrays; all arrays are
    read-only so that nobody can spoil them.

    Parameters
    ----------
    folder
        A set that was drawn by `course draw`, such as ``drawn-7/tools``; the one that comes with
        the course by default.

    Returns
    -------
    Pictures
        `images` (n, 256, 256, 3), `labels` 0 for pincers and 1 for scissors.

    Raises
    ------
    CourseError
        If a file is missing or was changed.
    """
    pictures, _ = manifest.read(folder, NAMES)
    return pictures
