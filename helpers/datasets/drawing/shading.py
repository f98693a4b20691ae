"""How rounded metal and plastic look in the light of one lamp.

The surface rises from the rim of a part like a quarter of a circle. Light is diffuse (Lambert) and
shiny (Blinn and Phong, with a power of the cosine to the half-way vector); metal also mirrors
bright and dark bands of its surroundings.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from helpers.datasets.drawing.chance import chance
from helpers.datasets.drawing.raster import FINE, GRID

__all__ = ["Light", "brush_marks", "choose_light", "metal", "plastic"]


@dataclass(frozen=True)
class Light:
    """A lamp and what metal mirrors.

    Attributes
    ----------
    angle
        Where the lamp is, in radians from x towards y.
    bands, phase
        How many bands the surroundings have, and where.
    gloss
        How much plastic shines, from 0 to 1.
    """

    angle: float
    bands: float
    phase: float
    gloss: float

    @property
    def direction(self) -> np.ndarray:
        """The unit vector (x, y) to the lamp, seen from above."""
        return np.array([np.cos(self.angle), np.sin(self.angle)])


def choose_light(rng: np.random.Generator) -> Light:
    """Hang up a lamp: mostly above the tool, sometimes anywhere."""
    angle = rng.uniform(0, 2 * np.pi) if chance(rng, 0.3) else np.deg2rad(rng.uniform(200, 300))
    return Light(
        angle=float(angle),
        bands=rng.uniform(2.2, 4.0),
        phase=rng.uniform(0, 2 * np.pi),
        gloss=rng.uniform(0.15, 0.8),
    )


def metal(
    depth: np.ndarray,
    bevel: float,
    colour: np.ndarray,
    light: Light,
    corner: tuple[int, int],
    marks: np.ndarray | float,
) -> np.ndarray:
    """Shade a piece of metal.

    Parameters
    ----------
    depth
        How far each point (h, w) lies from the rim, in points of the grid.
    bevel
        How far the rounding reaches, in points of the grid.
    colour
        Red, green, blue from 0 to 1.
    light
        The lamp.
    corner
        Row and column of the first point on the grid.
    marks
        What brushing left, (h, w); 0 for none.

    Returns
    -------
    array of float64, shape (h, w, 3)
    """
    x, y, z = _normals(depth, bevel)
    diffuse, half_way = _reflections(x, y, z, light)
    rows, columns = (np.arange(n) + start for n, start in zip(depth.shape, corner, strict=True))
    aslant = columns * np.cos(light.angle + 0.6) + rows[:, None] * np.sin(light.angle + 0.6)
    to_lamp = x * light.direction[0] + y * light.direction[1]
    mirrored = np.sin(light.bands * (1.6 * to_lamp + 0.9 * aslant / GRID) + light.phase) / 2
    base = 0.52 + 0.36 * diffuse + 0.22 * mirrored + 0.03 * marks
    shine = 0.44 * half_way**40 + 0.1 * half_way**8
    return (1.08 * base[..., None] * colour + shine[..., None]) * _rim(depth)


def plastic(
    depth: np.ndarray,
    bevel: float,
    colour: np.ndarray,
    light: Light,
    marks: np.ndarray | float,
) -> np.ndarray:
    """Shade a piece of plastic or lacquer; see :func:`metal`."""
    diffuse, half_way = _reflections(*_normals(depth, bevel), light)
    base = 0.45 + 0.62 * diffuse + 0.015 * marks
    shine = light.gloss * (0.75 * half_way**30 + 0.12 * half_way**5)
    return (base[..., None] * colour + shine[..., None]) * _rim(depth)


def brush_marks(rng: np.random.Generator, angle: float) -> np.ndarray:
    """Draw fine parallel marks (GRID, GRID) of mean 0 and deviation 1, along an angle."""
    noise = rng.standard_normal((GRID, GRID))
    for _ in range(2):  # two boxes are nearly a Gaussian, at a tenth of its cost
        noise = ndimage.uniform_filter1d(noise, 61, axis=0)
    turned = ndimage.rotate(noise, -np.rad2deg(angle), reshape=False, order=1, mode="wrap")
    return turned / turned.std()


def _normals(depth: np.ndarray, bevel: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    radius = max(bevel, 2.0)
    inwards = np.clip(depth / radius, 0, 1)
    height = radius * np.sqrt(1 - (1 - inwards) ** 2)
    down, right = np.gradient(ndimage.gaussian_filter(height, FINE * 0.8))
    z = 1 / np.sqrt(1 + right**2 + down**2)
    return -right * z, -down * z, z


def _reflections(
    x: np.ndarray, y: np.ndarray, z: np.ndarray, light: Light
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cosines to the lamp and to the half-way vector between lamp and eye."""
    lamp_x, lamp_y = 0.62 * light.direction
    lamp_z = 0.78
    aside = x * lamp_x + y * lamp_y
    length = np.sqrt(0.62**2 + (lamp_z + 1) ** 2)
    diffuse = np.clip(aside + z * lamp_z, 0, 1)
    half_way = np.clip((aside + z * (lamp_z + 1)) / length, 0, 1)
    return diffuse, half_way


def _rim(depth: np.ndarray) -> np.ndarray:
    return (0.72 + 0.28 * np.clip(depth / (FINE * 1.6), 0, 1))[..., None]
