"""What things to play with are made of: pictures that change, controls in place of a figure."""

import html
from base64 import b64encode
from io import BytesIO

import numpy as np
from IPython.display import display
from ipywidgets import HTML, VBox, Widget
from numpy.typing import NDArray
from PIL import Image

from helpers.plots import figures

__all__ = ["ROW", "WRAPPED", "bar", "img", "png", "show"]

ROW = '<div style="display: flex; flex-wrap: wrap; gap: 12px; align-items: center">'
"""Begins what stands side by side as far as there is room; `</div>` ends it."""

WRAPPED = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "12px"}
"""The layout of an `HBox` whose controls stand side by side as far as there is room."""

# Only a page with working controls has this class on it, and so hides the output before them.
_LIVE = "cnn-course-play"
_STYLE = (
    f"<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .{_LIVE}) {{display: none}} "
    f".{_LIVE} img {{max-width: 100%}}</style>"
)


def show(*controls: Widget) -> None:
    """Display controls below each other, in place of the figure that was displayed before.

    JupyterLab hides the figure as long as the controls work. Where they do not, such as on paper
    or after the kernel has ended, the figure is what one sees.
    """
    # It would be as high as a line of text.
    style = HTML(_STYLE, layout={"display": "none"})
    box = VBox([style, *controls])
    box.add_class(_LIVE)
    bundle = box._repr_mimebundle_()
    # What is shown where controls are unknown is otherwise a page of Python.
    bundle["text/plain"] = "Run this cell in JupyterLab: there you can play with it."
    display(bundle, raw=True)


def bar(share: float, pixels: int) -> str:
    """Return a share, 0 to 1, as a cell of a table: a bar, in pixels of all, and the percentage."""
    return (
        f'<td style="width: {pixels + 45}px"><div style="display: inline-block; '
        f"height: 0.8em; background: {figures.COLOURS[5]}; "
        f'width: {pixels * share:.0f}px"></div> {share:.0%}</td>'
    )


def img(pixels: NDArray[np.uint8], alt: str, style: str = "") -> str:
    """Return a picture, (h, w) or (h, w, 3), as a tag of HTML with its description."""
    return (
        f'<img src="data:image/png;base64,{png(pixels)}" alt="{html.escape(alt)}" '
        f'style="{html.escape(style)}">'
    )


def png(pixels: NDArray[np.uint8]) -> str:
    """Return a picture, (h, w) or (h, w, 3), as a PNG in base64."""
    file = BytesIO()
    # The smallest file is not what matters here.
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return b64encode(file.getvalue()).decode()
