"""Largest values of parameters, so that grading takes less time."""

import ast
from collections.abc import Mapping

from helpers.grading.submission.names import LONGEST_CODE, NO_PYTHON

__all__ = ["lowered"]


def lowered(source: str, most: Mapping[str, float]) -> tuple[str, list[str]]:
    """Lower the numbers that a cell gives to parameters.

    Only a number that stands there as such is lowered, so that whatever the cell computes from it
    fits. Another value, a text for example, stays as the student has set it, and so does all of a
    cell that is too long to be read.

    Parameters
    ----------
    source
        The cell.
    most
        The largest values, by the names of the variables.

    Returns
    -------
    str
        The cell to run.
    list of str
        The names of the variables that were lowered.
    """
    if len(source) > LONGEST_CODE:
        return source, []
    try:
        tree = ast.parse(source)
    except NO_PYTHON:
        return source, []
    lines = source.encode().splitlines(keepends=True)
    names = []
    # From the end, so that places before stay where they are.
    for node in reversed(tree.body):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float() as value)
            ) if name in most and not isinstance(value, bool) and value > most[name]:
                number = node.value
                line = lines[number.lineno - 1]
                begin, rest = line[: number.col_offset], line[number.end_col_offset :]
                lines[number.lineno - 1] = begin + repr(most[name]).encode() + rest
                names.append(name)
    return b"".join(lines).decode(), names
