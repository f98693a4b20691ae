"""Log lines that name things which students have named."""

from collections.abc import Iterable

__all__ = ["listed", "printable"]

_MOST = 6


def printable(text: str) -> str:
    """Return a name on one line, without control characters, of at most 60 characters."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text[:61])
    return line if len(line) <= 60 else f"{line[:59]}…"


def listed(names: Iterable[str]) -> str:
    """Join names with commas, and only count those that would make a line too long."""
    names = [printable(name) for name in names]
    more = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join([*names[:_MOST], *more])
