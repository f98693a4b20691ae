"""Every figure of the course, each with a description for those who cannot see it.

Each function displays one picture and returns nothing. What is not there yet (None, or nothing
in it) becomes an empty panel, so that a notebook runs before its exercises are solved; only the
diagrams, which explain, need all their numbers. The functions describe what they draw; `alt`
replaces that description. Wrong shapes raise :class:`~helpers.errors.CourseError`.
"""

from helpers.plots.charts import accuracy_spread, bars, learning_curves, scatter
from helpers.plots.classification import confusion_matrix, mistakes, predictions
from helpers.plots.diagrams import pooling, sliding
from helpers.plots.layers import feature_maps, heat, kernels
from helpers.plots.margins import margin
from helpers.plots.pictures import contact_sheet, images
from helpers.plots.volumes import volumes

__all__ = [
    "accuracy_spread",
    "bars",
    "confusion_matrix",
    "contact_sheet",
    "feature_maps",
    "heat",
    "images",
    "kernels",
    "learning_curves",
    "margin",
    "mistakes",
    "pooling",
    "predictions",
    "scatter",
    "sliding",
    "volumes",
]
