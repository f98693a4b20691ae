"""Things to play with in a notebook: move a control, and see at once what changes.

Each function shows a figure with the same message first, for paper, feedback and every other page
where nothing can be moved. Where controls work, they take the place of the figure. No test needs
them, so grading leaves them out.
"""

from helpers.play.digit import digit
from helpers.play.kernel_grid import kernel_grid
from helpers.play.margin_slider import training_pictures
from helpers.play.occlusion import occlusion

__all__ = ["digit", "kernel_grid", "occlusion", "training_pictures"]
