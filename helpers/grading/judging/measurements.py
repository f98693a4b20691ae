"""Parts of tests that grade nobody: they measure what `course check` compares with thresholds."""

import re

__all__ = ["unmatched_marks", "without_measurements"]

_BEGIN, _END = "### BEGIN MEASUREMENT", "### END MEASUREMENT"
_PART = re.compile(rf"^[ \t]*{_BEGIN}[^\n]*\n.*?^[ \t]*{_END}[^\n]*$", re.MULTILINE | re.DOTALL)


def without_measurements(source: str) -> str:
    """Return a cell with blank lines in the place of what stands between the marks."""
    return _PART.sub(lambda part: "\n" * part[0].count("\n"), source)


def unmatched_marks(source: str) -> bool:
    """Tell whether a mark lacks the other one, or they are in the wrong order."""
    rest = without_measurements(source)
    return _BEGIN in rest or _END in rest
