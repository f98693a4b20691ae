"""The course's data sets; they lie in the package, all but the photos that one asks for.

``mnist`` holds 70,000 handwritten digits, ``tools`` drawn pincers and scissors, ``meals`` plates
of healthy and unhealthy food, ``photos`` nine pictures to try networks on. ``dishes`` are photos
of food in place of the plates, which `course photos dishes` downloads.
``images_from_folder`` reads one's own pictures, and ``splits`` divides pictures into
training and test. Sources and licences are in ``README.md`` beside this file.
"""

from helpers.datasets import dishes, meals, mnist, photos, splits, tools
from helpers.datasets.folder import images_from_folder

__all__ = ["dishes", "images_from_folder", "meals", "mnist", "photos", "splits", "tools"]
