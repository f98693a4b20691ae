"""Features of pictures: what a layer of a pre-trained network answers to them.

`extract` is fast and remembers; `one_by_one` is the slow way that one writes first; `classify` puts
the answer of the last layer into words.
"""

from helpers.features.classification import classify
from helpers.features.extraction import BATCH_SIZE, extract, one_by_one

__all__ = ["BATCH_SIZE", "classify", "extract", "one_by_one"]
