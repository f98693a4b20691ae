"""What takes a page too long: each library here has something that grows quadratically."""

import re

__all__ = ["is_too_colourful", "is_too_complex", "is_too_nested"]

_LONGEST_HTML = 2_000_000
_MOST_OPEN_TAGS = 500
_TAG = re.compile(r"<(/?)(?!(?:area|br|col|hr|img|input|wbr)\b)[a-z]", re.IGNORECASE)
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
    """Tell HTML that is too long, or has too many elements that are open at a time.

    Parameters
    ----------
    html
        Of anybody.
    """
    if len(html) > _LONGEST_HTML:
        return True
    depth = 0
    for tag in _TAG.finditer(html):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MOST_OPEN_TAGS:
            return True
    return False


def is_too_complex(markdown: str) -> bool:
    """Tell Markdown that is too long, or has too much that may be the beginning of something.

    Parameters
    ----------
    markdown
        Of anybody.
    """
    return (
        len(markdown) > _LONGEST_MARKDOWN
        or _QUOTES.search(markdown) is not None
        or any(markdown.count(mark) > most for mark, most in _MOST_MARKS.items())
    )


def is_too_colourful(text: str) -> bool:
    """Tell output of a terminal in which the colour changes too often.

    Parameters
    ----------
    text
        Of anybody, with ANSI escapes.
    """
    return text.count("\x1b") > _MOST_COLOURS
