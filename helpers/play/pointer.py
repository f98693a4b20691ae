"""A picture that tells Python where the mouse is on it."""

from pathlib import Path

import anywidget
import traitlets

__all__ = ["PointerPicture"]


class PointerPicture(anywidget.AnyWidget):
    """A picture under the mouse, a pen or a finger.

    Whatever the mouse does here needs another control as well, for those who use the keyboard.

    Attributes
    ----------
    png, alt
        The picture, a PNG in base64, and its description.
    width
        Pixels that it is wide where there is room.
    place
        Where it was last pointed at: across and down, both from 0 to 1.
    on_page
        Whether a browser has shown it.
    """

    _esm = Path(__file__).with_suffix(".js")
    png = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    place = traitlets.Tuple(traitlets.CFloat(), traitlets.CFloat(), default_value=(0.0, 0.0)).tag(
        sync=True
    )
    on_page = traitlets.Bool(False).tag(sync=True)
