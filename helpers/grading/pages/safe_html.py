"""HTML of which nothing runs: what is not listed here is taken out."""

import re
import secrets
from typing import Any

import nh3
from pygments.token import STANDARD_TYPES

from helpers.grading.pages.excess import is_too_nested

__all__ = ["clean", "clean_output", "lower_headings", "make_nonce", "sign_scripts"]

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "br", "hr"),
    *("ol", "ul", "li", "dl", "dt", "dd", "details", "summary", "figure", "figcaption", "center"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
    *("img", "var"),
}
# Their content is not for reading.
_DROPPED = {"iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template"}
# What begins like a tag, a declaration or an instruction, but is none that is kept, nor a comment.
_OTHER_TAG = re.compile(
    rf"<(?=[a-z/?!])(?!!--)(?!/?(?:{'|'.join(sorted(_TAGS))})(?:[\s/>]|$))", re.IGNORECASE
)

_HEADING = re.compile(r"(</?h)([1-5])\b", re.IGNORECASE)

# None that moves an element from its place, or takes an address.
_PROPERTIES = {
    *("background-color", "color", "border-collapse", "border-spacing", "line-height"),
    *(f"border{part}" for part in ("", "-bottom", "-left", "-right", "-top")),
    *(f"border-{part}" for part in ("color", "style", "width")),
    *(f"font-{part}" for part in ("family", "size", "style", "weight")),
    *(f"padding{part}" for part in ("", "-bottom", "-left", "-right", "-top")),
    *("height", "width", "max-height", "max-width", "min-width", "overflow-x", "white-space"),
    *("text-align", "text-decoration", "text-decoration-color", "vertical-align"),
}
# Those that look like something: classes of Bootstrap and formgrader would move and act.
_CLASSES = frozenset({"dataframe", "highlight", *STANDARD_TYPES.values()})
_ATTRIBUTES = {
    "align": re.compile(r"\w+"),
    "alt": re.compile(r"(?s:.*)"),
    "border": re.compile(r"\d+"),
    "color": re.compile(r"#?\w+"),
    "colspan": re.compile(r"\d+"),
    "height": re.compile(r"\d+(\.\d+)?(px|%)?"),
    "href": re.compile(r"(?i:https?://|mailto:)\S+"),
    "open": re.compile(r"(?s:.*)"),
    "rowspan": re.compile(r"\d+"),
    # Pictures that come along; any other would tell its server who looks, and when.
    "src": re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[\sA-Za-z0-9+/=]*"),
    "start": re.compile(r"\d+"),
    # Neither addresses nor escapes, by which other functions could be written.
    "style": re.compile(r"([^\\(]|rgba?\()*"),
    "title": re.compile(r"(?s:.*)"),
    "valign": re.compile(r"\w+"),
    "width": re.compile(r"\d+(\.\d+)?(px|%)?"),
}


def clean(html: str) -> str:
    """Keep the harmless part of HTML; other tags become text, so no word of an answer is lost."""
    return clean_output(_OTHER_TAG.sub("&lt;", html))


def clean_output(html: str) -> str:
    """Keep the harmless part of HTML that a program made; other tags are left out.

    nbconvert calls it for outputs in HTML, and for raw cells.
    """
    html = str(html)
    if is_too_nested(html):
        return "<em>(This is too long or too nested to be shown.)</em>"
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"*": {*_ATTRIBUTES, "class"}},
        attribute_filter=_harmless,
        url_schemes={"data", "http", "https", "mailto"},
        filter_style_properties=_PROPERTIES,
        link_rel=None,
    )


def lower_headings(html: str) -> str:
    """Make each heading of HTML one step lower, since the page has a title of its own."""
    return _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", html)


def make_nonce(resources: dict[str, Any]) -> str:
    """Return the word by which the browser knows the own scripts of one page."""
    return resources.setdefault("nonce", secrets.token_urlsafe())


def sign_scripts(html: str, resources: dict[str, Any]) -> str:
    """Put the page's nonce into the scripts of HTML that has nothing from a submission."""
    return html.replace("<script", f'<script nonce="{make_nonce(resources)}"')


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute if it may stay; an error here would let it stay."""
    if attribute == "class":
        return value if _CLASSES.issuperset(value.split()) else None
    if attribute == "href" and tag != "a":
        return None
    pattern = _ATTRIBUTES.get(attribute)
    return value if pattern is not None and pattern.fullmatch(value) else None
