"""Rendering pictures: things made of surfaces, lit by a lamp and the sky.

``python -m helpers.datasets.rendering FOLDER`` renders those of the nine pictures that are made
here; loading the ready-made ones needs nothing from here.
"""

from collections.abc import Callable

import numpy as np

from helpers.datasets.rendering import accordion, pineapple

__all__ = ["PICTURES"]

PICTURES: dict[str, Callable[[], np.ndarray]] = {
    "accordion": accordion.draw,
    "pineapple": pineapple.draw,
}
"""What draws each picture, a uint8 array (256, 256, 3)."""
