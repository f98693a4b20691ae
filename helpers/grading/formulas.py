"""Keep spreadsheets from calculating with texts in CSV files: a student may be called `=1+1`."""

import re

__all__ = ["disarm", "restore"]

# One that separates fields by `;` sees a new field, or a new row, inside a text, too.
_START = r"(?:^|(?<=[;\t\r\n]))"
# The second four are the same signs in the width of Chinese characters.
_FORMULA = r"(?=[^\S\t\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])"
_ARMED = re.compile(_START + _FORMULA)
_DISARMED = re.compile(f"{_START}'{_FORMULA}")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def disarm(text: str) -> str:
    """Put an apostrophe before whatever would be calculated; numbers stay numbers."""
    return text if _NUMBER.fullmatch(text) else _ARMED.sub("'", text)


def restore(text: str) -> str:
    """Take away the apostrophes that `disarm`, or a platform, has put into a text."""
    return _DISARMED.sub("", text)
