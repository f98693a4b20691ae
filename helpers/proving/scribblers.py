"""Wrong answers that write on what they are given, each beside the same without that.

A test that computes what it expects after it has called an answer may find it right, if the answer
has changed what the test computes from. Whoever writes must lose what whoever does not loses.
"""

import ast
from dataclasses import dataclass

from helpers.grading.scribbling import BACKWARDS, CONSTANT, wrapped
from helpers.proving.variants import Variant

__all__ = ["Scribbler", "forgetful", "scribblers"]

_OTHER_ARRAYS = "write(copies)\nreturn function(*arguments, **named)"
_FIRST_ANSWER = """\
known = vars(scribbling).setdefault("known", [])
known.append(function(*arguments, **named))
return known[0]"""


@dataclass(frozen=True)
class Scribbler:
    """Twice the same wrong answer.

    Attributes
    ----------
    plain
        It answers as if its arrays had other numbers.
    writing
        It writes these numbers on the arrays that it is given, too.
    """

    plain: Variant
    writing: Variant


def scribblers(source: str) -> list[Scribbler]:
    """Make functions answer for other arrays than theirs, with and without writing on theirs.

    Parameters
    ----------
    source
        Python without magics.

    Returns
    -------
    list of Scribbler
        None if it has no function with a parameter.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    found = []
    for other, written in {"one number": CONSTANT, "backwards": BACKWARDS}.items():
        plain = _wrapped(source, _OTHER_ARRAYS, written)
        writing = _wrapped(source, f"write(given)\n{_OTHER_ARRAYS}", written)
        if plain is not None and writing is not None:
            kind = f"answers for other arrays ({other})"
            found.append(Scribbler(Variant(kind, plain), Variant(f"{kind}, and writes", writing)))
    return found


def forgetful(source: str) -> list[Variant]:
    """Make functions give their first answer again, whatever they are asked later.

    Parameters
    ----------
    source
        Python without magics.

    Returns
    -------
    list of Variant
        None if it has no function with a parameter.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    changed = _wrapped(source, _FIRST_ANSWER)
    return [] if changed is None else [Variant("first answer again", changed)]


def _wrapped(source: str, answer: str, written: str = CONSTANT) -> str | None:
    functions = [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.args.args
    ]
    return f"{source}\n{wrapped(functions, answer, written)}" if functions else None
