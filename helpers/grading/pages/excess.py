"""What takes a page too long: each library here has something that grows quadratically."""

import re
from collections import Counter
from itertools import groupby

__all__ = ["fewer_blank_lines", "is_too_colourful", "is_too_complex", "is_too_nested"]

_LONGEST_HTML = 2_000_000
_MOST_OPEN_TAGS, _MOST_OPEN_FORMATS = 500, 30
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
# Those without an end, or whose end may be left out.
_ENDLESS = {"area", "br", "col", "hr", "img", "input", "wbr"}
_ENDLESS |= {"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
# What is open of these is opened again in every paragraph.
_FORMATS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"}
_FORMATS |= {"tt", "u"}
_LONGEST_MARKDOWN = 100_000
# How often a mark may stand in Markdown: each opens what the parser looks for to the end.
_MOST_MARKS = {
    "\\begin{": 50,
    "\\[": 200,
    "$": 1_000,
    "[": 1_000,
    "`": 2_000,
    "<": 1_000,
    "*": 4_000,
}
_QUOTES = re.compile(r"^(?:[ \t]*>){20}", re.MULTILINE)
_MOST_COLOURS = 2_000


def is_too_nested(html: str) -> bool:
    """Tell HTML that is too long, or has too many elements that are open at a time."""
    if len(html) > _LONGEST_HTML:
        return True
    opened = Counter[str]()
    depth = formats = 0
    for end, name in _TAG.findall(html):
        name = name.lower()
        if name in _ENDLESS or (end and not opened[name]):
            continue
        step = -1 if end else 1
        opened[name] += step
        depth += step
        formats += step * (name in _FORMATS)
        if depth > _MOST_OPEN_TAGS or formats > _MOST_OPEN_FORMATS:
            return True
    return False


def is_too_complex(markdown: str) -> bool:
    """Tell Markdown that is too long, or has too much that may be the beginning of something."""
    return (
        len(markdown) > _LONGEST_MARKDOWN
        or _QUOTES.search(markdown) is not None
        or any(markdown.count(mark) > most for mark, most in _MOST_MARKS.items())
    )


def is_too_colourful(text: str) -> bool:
    """Tell output of a terminal in which the colour changes too often."""
    return text.count("\x1b") > _MOST_COLOURS


def fewer_blank_lines(code: str) -> str:
    """Shorten runs of blank lines to twenty: what colours code takes quadratic time for them."""
    kept: list[str] = []
    for blank, group in groupby(code.split("\n"), key=lambda line: not line.strip()):
        lines = list(group)
        kept += lines[:20] if blank else lines
    return "\n".join(kept)
