"""Pictures with labels, as all data sets of pictures hand them out."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["Pictures", "frozen"]


class Pictures(NamedTuple):
    """Pictures and what they show; all arrays are read-only.

    Attributes
    ----------
    images
        uint8 array (n, h, w, 3), or n arrays (h, w, 3) if one's own photos differ in size.
    labels
        int64 array (n,): the number of the class in `names`.
    names
        The names of the classes.
    files
        Where each picture was read from.
    """

    images: np.ndarray | Sequence[np.ndarray]
    labels: np.ndarray
    names: tuple[str, ...]
    files: tuple[Path, ...]


def frozen(array: np.ndarray) -> np.ndarray:
    """Return an array that can't be made writeable; one that owns its numbers is given up."""
    owner = array if array.flags.owndata else array.copy()
    owner.flags.writeable = False
    # A view of a read-only array stays read-only, whereas an owner may change its mind.
    return owner.view()
