"""The course's data sets; they lie in the package, so nothing is ever downloaded.

``mnist`` holds 70,000 handwritten digits. Sources and licences are in ``README.md`` beside this
file.
"""

from helpers.datasets import mnist

__all__ = ["mnist"]
