"""The shapes that food is made of: lumps, rings and bows, with colours and a rough surface."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from helpers.datasets.drawing.chance import pick
from helpers.datasets.drawing.relief import Colour, Piece

__all__ = ["Bow", "Lump", "Ring", "Shape"]

Range = tuple[float, float]


@dataclass(frozen=True)
class Shape(ABC):
    """What all shapes have in common; lengths are parts of the radius of what they belong to.

    Attributes
    ----------
    length
        How long a piece is, at least and at most.
    width
        How wide it is, as a part of its length.
    height
        How high it is, as a part of its width.
    colours
        One of them is chosen for each piece.
    rings
        Other colours from the middle to the rim: up to which part of the way each one reaches.
    gloss
        How much it shines, from 0 to 1.
    rough
        How high the bumps of its surface are, as a part of their width.
    spots
        How much its colour varies from place to place.
    """

    length: Range
    width: Range
    height: float
    colours: Sequence[Colour]
    rings: Sequence[tuple[float, Colour]] = ()
    gloss: float = 0.1
    rough: float = 0.0
    spots: float = 0.06

    def piece(self, rng: np.random.Generator, radius: float, angle: float) -> Piece:
        """Make one piece.

        Parameters
        ----------
        rng
            The generator of the picture.
        radius
            The radius of what it belongs to, in points of the relief.
        angle
            How far it is turned, in radians.
        """
        length = max(3.0, radius * rng.uniform(*self.length))
        width = max(2.0, length * rng.uniform(*self.width))
        half = int(length / 2 + 3)
        y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(float)
        along = x * np.cos(angle) + y * np.sin(angle)
        across = y * np.cos(angle) - x * np.sin(angle)
        inwards, rise = self.profile(rng, along, across, length, width)
        height = self.height * width * rise
        bumps = min(max(1.2, width / 16), 3.0)
        height += self.rough * bumps * _grain(rng, height.shape, bumps)
        height = np.where(inwards > 0, np.maximum(height, 0.05), 0)
        colours = np.empty((*height.shape, 3))
        colours[...] = pick(rng, self.colours)
        for reach, colour in sorted(self.rings, reverse=True):
            colours[1 - inwards <= reach] = colour
        tone = 1 + rng.normal(0, 0.05) + self.spots * _grain(rng, height.shape, width / 10 + 1)
        return Piece(height, np.clip(colours * tone[..., None], 0, 255), self.gloss)

    @abstractmethod
    def profile(
        self,
        rng: np.random.Generator,
        along: np.ndarray,
        across: np.ndarray,
        length: float,
        width: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Describe the form.

        Parameters
        ----------
        rng
            The generator of the picture.
        along, across
            Where each point lies, in points from the middle.
        length, width
            In points.

        Returns
        -------
        inwards
            1 in the middle, 0 on the rim, negative outside.
        rise
            The height, from 0 to 1.
        """


@dataclass(frozen=True)
class Lump(Shape):
    """An ellipse that is domed: a pea, a potato, a slice, a leaf, a cube.

    Attributes
    ----------
    corners
        2 for an ellipse, more for a box with round corners.
    flat
        Which part of the way to the rim is level, from 0 to 1.
    uneven
        How far the rim goes in and out, as a part of the radius.
    sector
        The part of a turn that is there; less than 1 for a slice of cake.
    """

    corners: float = 2.0
    flat: float = 0.0
    uneven: float = 0.0
    sector: float = 1.0

    def profile(
        self,
        rng: np.random.Generator,
        along: np.ndarray,
        across: np.ndarray,
        length: float,
        width: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Describe the form; see :meth:`Shape.profile`."""
        if self.sector < 1:
            return self._slice(along, across, length)
        u, v = np.abs(2 * along / length), np.abs(2 * across / width)
        outwards = (u**self.corners + v**self.corners) ** (1 / self.corners)
        turn = np.arctan2(across, along)
        for waves in range(2, 8):
            size, phase = rng.normal(0, self.uneven / 2), rng.uniform(0, 2 * np.pi)
            outwards = outwards * (1 + size * np.cos(waves * turn + phase) / waves**0.5)
        return 1 - outwards, _dome(outwards, self.flat)

    def _slice(
        self, along: np.ndarray, across: np.ndarray, length: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cut a sector out of a circle whose radius is the length; its tip is at one end."""
        along = along + length / 2
        distance = np.sqrt(along**2 + across**2) / length
        turn = np.abs(np.arctan2(across, along)) / (np.pi * self.sector)
        side = (1 - turn) * distance * np.pi * self.sector
        inwards = np.minimum(1 - distance, np.where(turn < 1, 2 * side, -1.0))
        crust = 1 - np.clip(distance, 0, 1)
        return np.where(inwards > 0, crust, -1.0), _dome(1 - np.clip(inwards, 0, 1), self.flat)


@dataclass(frozen=True)
class Ring(Shape):
    """A ring, such as a doughnut.

    Attributes
    ----------
    hole
        Its radius, as a part of that of the ring.
    """

    hole: float = 0.35

    def profile(
        self,
        rng: np.random.Generator,
        along: np.ndarray,
        across: np.ndarray,
        length: float,
        width: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Describe the form; see :meth:`Shape.profile`."""
        distance = 2 * np.sqrt(along**2 + across**2) / length
        middle, thick = (1 + self.hole) / 2, (1 - self.hole) / 2
        outwards = np.abs(distance - middle) / thick
        return 1 - outwards, _dome(outwards, 0.0)


@dataclass(frozen=True)
class Bow(Shape):
    """A bent stick: a noodle, a banana, a sausage, a strip of bacon.

    Attributes
    ----------
    bend
        How far its middle is from the line between its ends, at most, as a part of its length.
    taper
        Where it begins to get thinner, from the middle 0 to the ends 1.
    flat
        Which part of the way to the rim is level, from 0 to 1.
    """

    bend: float = 0.2
    taper: float = 0.8
    flat: float = 0.0

    def profile(
        self,
        rng: np.random.Generator,
        along: np.ndarray,
        across: np.ndarray,
        length: float,
        width: float,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Describe the form; see :meth:`Shape.profile`."""
        place = 2 * along / (length * (1 - 0.15 * self.bend))
        sag = self.bend * rng.uniform(0.4, 1) * length
        off = across - sag * (place**2 - 0.5)
        # The bow is steeper at its ends, so distances to it are shorter than those across.
        off = off / np.sqrt(1 + (4 * sag * place / length) ** 2)
        ends = np.clip((np.abs(place) - self.taper) / (1 - self.taper), 0, 1)
        outwards = np.abs(2 * off / width) + ends**2
        outwards = np.where(np.abs(place) < 1, outwards, 2.0)
        return 1 - outwards, _dome(outwards, self.flat)


def _dome(outwards: np.ndarray, flat: float) -> np.ndarray:
    """Make a height from 0 to 1 that falls like a quarter of a circle behind the level part."""
    fall = np.clip((outwards - flat) / (1 - flat), 0, 1)
    return np.asarray(np.sqrt(1 - fall * fall))


def _grain(rng: np.random.Generator, shape: tuple[int, ...], size: float) -> np.ndarray:
    """Draw soft spots of a size in points, of mean 0 and deviation about 1."""
    spots = ndimage.gaussian_filter(rng.standard_normal(shape), size, mode="wrap")
    return spots * 2 * np.sqrt(np.pi) * size
