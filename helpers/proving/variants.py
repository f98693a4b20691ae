"""An answer that was made out of the instructor's solution."""

from typing import NamedTuple

__all__ = ["Variant"]


class Variant(NamedTuple):
    """Changed code.

    Attributes
    ----------
    kind
        What kind of change it is, such as "off by one" or "other names".
    source
        The code, as `ast.unparse` writes it.
    """

    kind: str
    source: str
