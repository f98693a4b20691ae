"""How a tool lies in the picture: opened, turned, perhaps mirrored, a little askew."""

from dataclasses import dataclass, replace

import numpy as np

from helpers.datasets.drawing.chance import chance, pick
from helpers.datasets.drawing.geometry import rotate
from helpers.datasets.drawing.parts import Part, Tool
from helpers.datasets.drawing.raster import GRID

__all__ = ["Pose", "choose_pose"]


@dataclass(frozen=True)
class Pose:
    """What takes a tool from its own units to points of the grid.

    Attributes
    ----------
    angle
        How far the tool is open, in radians.
    stretch, shear
        How its width changes, as if it were seen from a little aside; a negative stretch
        mirrors it.
    turn
        In radians.
    scale, shift
        Points of the grid for a unit of length, and where the pivot lies.
    """

    angle: float
    stretch: float
    shear: float
    turn: float
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)

    def place(self, points: np.ndarray, half: int = 0) -> np.ndarray:
        """Place points (n, 2) of one half: 0 is the one on top, 1 the mirrored one below."""
        opened = rotate(points, -self.angle / 2)
        opened[:, 0] *= -self.stretch if half else self.stretch
        opened[:, 0] += self.shear * opened[:, 1]
        return rotate(opened, self.turn) * self.scale + self.shift

    def place_part(self, part: Part, half: int) -> Part:
        """Place all that belongs to a part."""
        return replace(
            part,
            outlines=[self.place(outline, half) for outline in part.outlines],
            holes=[self.place(hole, half) for hole in part.holes],
            notches=[self.place(notch, half) for notch in part.notches],
            ground=None if part.ground is None else self.place(part.ground, half),
            bevel=part.bevel * self.scale,
        )


def choose_pose(tool: Tool, rng: np.random.Generator) -> Pose:
    """Lay a tool into the picture so that it nearly fills it."""
    turns = (
        rng.uniform(-0.25, 0.25),  # nearly upright
        rng.uniform(0, 2 * np.pi),  # anyhow
        np.pi / 4 * rng.integers(8) + rng.uniform(-0.15, 0.15),  # near a multiple of 45 degrees
    )
    turn = float(pick(rng, turns, (0.25, 0.45, 0.3)))
    stretch = rng.uniform(0.86, 1.0) * (-1 if chance(rng, 0.5) else 1)
    pose = Pose(tool.angle, stretch, rng.uniform(-0.06, 0.06), turn)
    outlines = [
        outline
        for half, parts in enumerate(tool.halves)
        for part in parts
        for outline in pose.place_part(part, half).outlines
    ]
    everything = np.vstack(outlines)
    low, high = everything.min(0), everything.max(0)
    scale = float(rng.uniform(0.78, 0.94) * GRID / (high - low).max())
    x, y = GRID / 2 - scale * (low + high) / 2 + rng.uniform(-0.02, 0.02, 2) * GRID
    return replace(pose, scale=scale, shift=(float(x), float(y)))
