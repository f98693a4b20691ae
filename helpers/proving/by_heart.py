"""Answers that know by heart what visible tests ask, and nothing else.

Students see the visible part of a test, so an answer may have its numbers in a list. The hidden
part has to ask something else.
"""

import ast
from collections.abc import Collection
from textwrap import dedent

from nbformat import NotebookNode

from helpers.grading.scribbling import wrapped

__all__ = ["BY_HEART", "by_heart", "read_questions", "telling"]

BY_HEART = "by heart"
"""The kind of such an answer."""

_MARK = "asked with "
_QUESTION = dedent(
    """
    import hashlib
    import pickle
    try:
        question = hashlib.sha256(pickle.dumps((arguments, named))).hexdigest()
    except Exception:
        question = "what can't be written down"
    """
)
_TELL = _QUESTION + f'print("{_MARK}" + question)\nreturn function(*arguments, **named)'
_REMEMBER = _QUESTION + "return function(*arguments, **named) if question in KNOWN else None"


def telling(source: str) -> str:
    """Make functions print what they are asked; what is no function stays as it is.

    Parameters
    ----------
    source
        Python without magics.
    """
    return _wrapped(source, _TELL)


def read_questions(notebook: NotebookNode) -> list[str]:
    """Read what functions made by :func:`telling` have printed in a notebook that was executed."""
    text = "".join(
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    )
    questions = (line.partition(_MARK) for line in text.splitlines())
    return sorted({question for _, mark, question in questions if mark})


def by_heart(source: str, questions: Collection[str]) -> str:
    """Make functions answer these questions, and return None to all others.

    What is no function stays as it is.

    Parameters
    ----------
    source
        Python without magics.
    questions
        As :func:`read_questions` returns them.
    """
    return _wrapped(source, _REMEMBER.replace("KNOWN", repr(sorted(questions))))


def _wrapped(source: str, answer: str) -> str:
    functions = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return f"{source}\n{wrapped(functions, answer)}" if functions else source
