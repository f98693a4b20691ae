"""The names that a piece of code binds."""

import re
import symtable
import warnings

__all__ = ["LONGEST_CODE", "NO_PYTHON", "bound_names", "is_python"]

LONGEST_CODE = 20_000
"""Characters of a cell that is read as Python; the assignments have a tenth.

Python's own parser takes quadratic time and memory for some texts: 20 GB for 300,000 characters of
``import a.a.a``.
"""

NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""Raised for text that is no Python; also of null bytes, unpaired surrogates and deep nesting."""

# A line for IPython alone, such as %matplotlib inline, %%time or !ls.
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_BINDING = re.compile(
    r"^(?:(?:async[ ]+)?def|class)[ ]+([^\W\d]\w*)|^([^\W\d]\w*)[ ]*=(?!=)", re.MULTILINE
)


def bound_names(code: str, *, broken: bool = True) -> frozenset[str]:
    """Return the names that code binds at top level: functions, classes, variables, imports.

    Parameters
    ----------
    code
        Any text, such as a student's.
    broken
        Whether text that is not Python, or too long to be read as such, is searched for lines that
        begin like a definition; else it binds nothing.
    """
    table = _read(code)
    if table is None:
        found = _BINDING.findall(code) if broken else []
        return frozenset(function or variable for function, variable in found)
    return frozenset(
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    )


def is_python(code: str) -> bool:
    """Tell whether text is Python at all, IPython's own lines included, and not too long."""
    return _read(code) is not None


def _read(code: str) -> symtable.SymbolTable | None:
    if len(code) > LONGEST_CODE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return symtable.symtable(_MAGIC.sub(r"\1pass", code), "cell", "exec")
    except NO_PYTHON:
        return None
