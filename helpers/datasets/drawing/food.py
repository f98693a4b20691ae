"""The drawings of food that plates are laid with: 68 kinds, healthy and not, by three artists."""

import csv
import io
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from helpers.datasets.drawing.chance import pick
from helpers.datasets.files import read_verified
from helpers.datasets.meals import HALVES

__all__ = ["ARTISTS", "Item", "choose_food", "items"]

FOLDER = Path(__file__).parents[1] / "data" / "food_items"
CSV_SHA256 = "3f74230006bbe3ce81e644a23e3abaaf8ce3bf0dc091da9a63e47cba2e594fe1"

ARTISTS = {"fluent3d": 0.5, "noto": 0.25, "openclipart": 0.25}
"""How often a plate is laid with the drawings of each."""
BORDERLINE = 3
"""Things on a borderline plate, one of them of the other class."""


class Item(NamedTuple):
    """One drawing of food.

    Attributes
    ----------
    label
        "healthy" or "unhealthy".
    artist
        One of ARTISTS.
    kind
        The kind of food, such as "apple".
    half
        To which half of the kinds of its class it belongs, "A" or "B".
    path, sha256
        The file.
    """

    label: str
    artist: str
    kind: str
    half: str
    path: Path
    sha256: str

    def image(self) -> Image.Image:
        """Read the drawing: RGBA on transparent ground, without a margin."""
        return _image(self)


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """List all drawings.

    In each class the kinds, in alphabetical order, belong to the halves A and B in turn.

    Raises
    ------
    CourseError
        If items.csv is missing or was changed.
    """
    table = read_verified(FOLDER / "items.csv", CSV_SHA256).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    halves: dict[tuple[str, str], str] = {}
    for label in sorted({row["label"] for row in rows}):
        kinds = sorted({row["group"] for row in rows if row["label"] == label})
        halves |= {(label, kind): HALVES[place % 2] for place, kind in enumerate(kinds)}
    return tuple(
        Item(
            label=row["label"],
            artist=row["artist_set"],
            kind=row["group"],
            half=halves[row["label"], row["group"]],
            path=FOLDER / row["label"] / row["artist_set"] / row["file"],
            sha256=row["sha256"],
        )
        for row in rows
    )


def choose_food(
    rng: np.random.Generator, label: str, half: str, borderline: bool = False
) -> list[Item]:
    """Choose what lies on one plate, all by one artist and all from one half of the kinds.

    Parameters
    ----------
    rng
        The generator of the picture.
    label
        "healthy" or "unhealthy".
    half
        "A" or "B".
    borderline
        Whether the plate is hard to judge: two things of its class and one of the other.

    Returns
    -------
    list of Item
        Two to five, of different kinds.
    """
    artist = pick(rng, list(ARTISTS), list(ARTISTS.values()))
    at_hand = [item for item in items() if (item.artist, item.half) == (artist, half)]
    by_kind = defaultdict(list)
    for item in at_hand:
        if item.label == label:
            by_kind[item.kind].append(item)
    count = BORDERLINE - 1 if borderline else int(rng.integers(2, 5, endpoint=True))
    kinds = sorted(by_kind)
    chosen = rng.choice(len(kinds), size=count, replace=False)
    plate = [pick(rng, by_kind[kinds[number]]) for number in chosen]
    if borderline:
        plate.append(pick(rng, [item for item in at_hand if item.label != label]))
    return plate


@cache
def _image(item: Item) -> Image.Image:
    content = read_verified(item.path, item.sha256)
    drawing = Image.open(io.BytesIO(content)).convert("RGBA")
    return drawing.crop(drawing.getchannel("A").getbbox())
