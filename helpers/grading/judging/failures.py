"""Why a test failed, in words that a student may read."""

import ast
import re
import traceback
from collections.abc import Mapping

from helpers.checks import CheckFailed
from helpers.grading.judging.handles import Raised, StudentError

__all__ = ["Failure", "cut", "explain"]

Failure = dict[str, str | None]
"""The fields of a :class:`helpers.grading.execution.judge.Verdict` of a test that failed."""

_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_FAULTS = {
    "missing": "nothing was computed",
    "shape": "a shape or a length is wrong",
    "type": "something is of the wrong type",
    "value": "a value is wrong",
}
# How `np.testing` says that it compared no values.
_OTHER_SHAPE = re.compile(r"shapes? .*mismatch|mismatch.* shape", re.IGNORECASE)


def explain(sources: Mapping[str, str], name: str, error: BaseException) -> Failure:
    """Describe the failure of a test.

    If the visible part of a cell fails, the student reads the message. If the hidden part fails,
    the message might tell what is expected, or what the student's function was called with; so it
    is for instructors alone, and the student reads what the test is about, and what kind of thing
    is wrong. What it is about stands behind the mark of the hidden part, or in the docstring of the
    cell.

    Parameters
    ----------
    sources
        All cells as Python, by their file names in tracebacks: a test may use what the hidden part
        of another defines.
    name
        The file name of the test.
    error
        What it raised.
    """
    message = said_by(error)
    hidden = _hidden_line(sources, error)
    if hidden is None:
        kind = "Not yet" if isinstance(error, CheckFailed) else type(error).__name__
        return {"outcome": "failed", "kind": kind, "message": message or _first_line(sources[name])}
    mark, line = hidden
    about = mark.partition(_BEGIN)[2].strip(" #:") or _first_line(sources[name])
    said = f"the hidden part of this check fails, {_kind_of_fault(error)}. {about}".rstrip()
    detail = f"`{line}`: {type(error).__name__}: {message}"
    return {"outcome": "failed", "kind": "Hidden test", "message": said, "detail": detail}


def said_by(error: BaseException) -> str:
    """Return an error's message, or nothing if it has none that can be read."""
    try:
        return cut(str(error))
    except Exception:
        return ""


def cut(text: str) -> str:
    """Return the beginning of a text, without unpaired surrogates, which no file can hold."""
    return text[:2000].encode(errors="replace").decode()


def _kind_of_fault(error: BaseException) -> str:
    if isinstance(error, CheckFailed):
        return _FAULTS[error.fault]
    if isinstance(error, Raised):
        return f"your code raises {type(error).__name__}"
    if isinstance(error, StudentError):
        return "there is no answer that can be used"
    if isinstance(error, AssertionError):
        return _FAULTS["shape" if _OTHER_SHAPE.search(said_by(error)) else "value"]
    return f"an answer does not have the expected form ({type(error).__name__})"


def _hidden_line(sources: Mapping[str, str], error: BaseException) -> tuple[str, str] | None:
    """Return the mark of the hidden part in which an error came up, and the line, if it did."""
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename in sources:
            lines = sources[frame.f_code.co_filename].splitlines()
            marks = [line for line in lines[:number] if _BEGIN in line or _END in line]
            if marks and _BEGIN in marks[-1]:
                return marks[-1], lines[number - 1].strip()
    return None


def _first_line(source: str) -> str:
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")[0].replace("\n", " ")
