"""Markdown of submissions as HTML: nothing in it runs, and formulas need no network."""

import io
from base64 import b64encode
from functools import lru_cache
from html import escape

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)

from helpers.grading.pages.excess import is_too_complex, is_too_nested
from helpers.grading.pages.safe_html import clean

__all__ = ["render_markdown"]

# Longer ones, and more, are shown as they were written: to draw them takes too long.
_LONGEST_FORMULA = 300
# In a cell.
_MOST_FORMULAS = 100
_POINTS = 10.5
"""Size of letters in formulas; the text around them has 14 pixels."""


@pass_context
def render_markdown(context: Context, source: str) -> str:
    """Convert Markdown to HTML in which nothing runs; a Jinja filter, like nbconvert's own.

    Parameters
    ----------
    context
        The context of the template: its `cell`, if there is one, has the attachments.
    source
        Markdown of anybody.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    if is_too_complex(source):
        return f"<pre>{escape(source)}</pre>"
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
        return f"<pre>{escape(source)}</pre>" if is_too_nested(html) else clean(html)
    except Exception:
        # Whatever it is that breaks the parser, it is an answer, and somebody has to read it.
        return f"<pre>{escape(source)}</pre>"


class _Renderer(IPythonRenderer):
    """Formulas become pictures; MathJax comes from a server, and needs a page that runs scripts."""

    drawn = 0

    def inline_math(self, body: str) -> str:
        return self._picture(body) or super().inline_math(body)

    def block_math(self, body: str) -> str:
        picture = self._picture(body)
        return f'<div align="center">{picture}</div>' if picture else super().block_math(body)

    def _picture(self, formula: str) -> str | None:
        self.drawn += 1
        return _draw(formula) if self.drawn <= _MOST_FORMULAS else None

    def image(self, text: str, url: str, title: str | None = None) -> str:
        try:
            return super().image(text, url, title)
        except InvalidNotebook:
            return text

    def task_list_item(self, text: str, checked: bool = False) -> str:
        """Write a box without a form, in which one can't click."""
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"


@lru_cache(maxsize=1000)
def _draw(formula: str) -> str | None:
    """Draw a formula as matplotlib can, or return None if it can't: no environments, no text."""
    if len(formula) > _LONGEST_FORMULA or not formula.isascii():
        return None
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    plain = " ".join(formula.replace(r"\displaystyle", "").split())
    svg = io.BytesIO()
    try:
        depth = math_to_image(f"${plain}$", svg, FontProperties(size=_POINTS), format="svg")
    except (ValueError, RecursionError, OverflowError):
        return None
    return (
        f'<img alt="{escape(formula)}" style="vertical-align: -{depth:.1f}pt" '
        f'src="data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}">'
    )
