"""A slider that has a name for those who cannot see it, which that of ipywidgets lacks."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["Slider"]


class Slider(anywidget.AnyWidget):
    """A whole number, chosen with the mouse or the keyboard.

    Attributes
    ----------
    description
        Stands before it.
    min, max, step
        The bounds, both possible, and the steps from the lower one.
    value
        The number; what lies outside the bounds becomes the nearer one.
    """

    _esm = Path(__file__).with_suffix(".js")
    description = traitlets.Unicode().tag(sync=True)
    min = traitlets.Int().tag(sync=True)
    max = traitlets.Int().tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    value = traitlets.Int().tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: Any) -> int:
        return max(self.min, min(self.max, proposal["value"]))

    @traitlets.observe("min", "max")
    def _stay_within(self, _: Any) -> None:
        self.value = max(self.min, min(self.max, self.value))
