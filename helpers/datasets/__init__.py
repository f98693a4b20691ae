"""The course's data sets; they lie in the package, so nothing is ever downloaded.

``mnist`` holds 70,000 handwritten digits, ``tools`` drawn pincers and scissors, ``meals`` plates
of healthy and unhealthy food, ``photos`` nine pictures to try networks on;
``folder.images_from_folder`` reads one's own pictures, and ``splits`` divides pictures into
training and test. Sources and licences are in ``README.md`` beside this file.
"""

from helpers.datasets import folder, meals, mnist, photos, splits, tools

__all__ = ["folder", "meals", "mnist", "photos", "splits", "tools"]
