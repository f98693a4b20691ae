"""The numbers that a notebook's tests compare with, and a notebook that reports what they compare.

A limit is a number with a fractional part, other than rounding, that stands in a test: on one side
of `<`, `<=`, `>` or `>=` in an `assert`, or as the lowest value of `checks.at_least`, or as the
expected value and tolerance of `checks.number`.
"""

import ast
import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.utils import is_grade, is_solution

__all__ = ["Limit", "instrument", "limits_of"]

# What is smaller allows for rounding, and luck has no part in it.
_ROUNDING = 1e-3
# The parameters of `checks.number`.
_NUMBER = ("name", "actual", "expected", "hint", "tolerance")
_LOWER, _HIGHER = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)


@dataclass(frozen=True)
class Limit:
    """A number that a test compares with.

    Attributes
    ----------
    name
        The test's name, and what it compares with the number.
    at_least
        Whether it is the smallest value that passes; it is the largest otherwise.
    limit
        The number.
    """

    name: str
    at_least: bool
    limit: float


def instrument(notebook: NotebookNode, run: int) -> tuple[NotebookNode, list[Limit]]:
    """Make a notebook run with other luck, and report what its tests compare.

    Parameters
    ----------
    notebook
        An instructor's notebook; it is not changed.
    run
        The number of the run, from 0 on.

    Returns
    -------
    notebook, limits
        A notebook that runs to its end although tests fail, and records what was compared under
        the names of the limits.
    """
    changed = copy.deepcopy(notebook)
    limits: dict[str, Limit] = {}
    for cell in changed.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            test = cell.metadata.nbgrader.grade_id
            tree = _Watched(test, limits).visit(ast.parse(cell.source))
            tree.body = [_goes_on(statement, test) for statement in tree.body]
            cell.source = ast.unparse(ast.fix_missing_locations(tree))
    begin = f"from {__package__} import luck as _luck\n_luck.draw_anew({run})"
    changed.cells.insert(0, new_code_cell(begin, id="calibration-begin"))
    changed.cells.append(new_code_cell("_luck.record_all()", id="calibration-end"))
    return changed, list(limits.values())


def _goes_on(statement: ast.stmt, test: str) -> ast.stmt:
    """Let a test go on after a statement that fails: an unlucky run is to be seen to its end."""
    failed = ast.parse(f"_luck.failed({test!r})").body
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, failed)
    return ast.Try([statement], [handler], [], [])


def limits_of(path: Path) -> list[Limit]:
    """Return the limits in the tests of an instructor's notebook."""
    return instrument(nbformat.read(path, as_version=4), 0)[1]


class _Watched(ast.NodeTransformer):
    """Puts a watch around what a test compares with a limit."""

    def __init__(self, test: str, limits: dict[str, Limit]) -> None:
        self._test, self._limits = test, limits
        self._in_assert = False
        self._negated = False

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        self._in_assert = True
        node.test = self.visit(node.test)
        self._in_assert = False
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.UnaryOp:
        # What must not be below a limit must be at least it.
        negates = isinstance(node.op, ast.Not)
        self._negated ^= negates
        self.generic_visit(node)
        self._negated ^= negates
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if not self._in_assert:
            return node
        operands = [node.left, *node.comparators]
        for position, operator in enumerate(node.ops):
            left, right = operands[position], operands[position + 1]
            if not isinstance(operator, (*_LOWER, *_HIGHER)):
                continue
            if (limit := _number(right)) is not None:
                at_least = isinstance(operator, _HIGHER) != self._negated
                operands[position] = self._watch(at_least, limit, left)
            elif (limit := _number(left)) is not None:
                at_least = isinstance(operator, _LOWER) != self._negated
                operands[position + 1] = self._watch(at_least, limit, right)
        node.left, *node.comparators = operands
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = ast.unparse(node.func)
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if function == "checks.at_least" and len(node.args) >= 3:
            if (limit := _number(node.args[2])) is not None:
                node.args[1] = self._watch(True, limit, node.args[1])
        elif function == "checks.number" and len(node.args) >= 3:
            named = dict(zip(_NUMBER, node.args, strict=False)) | given
            tolerance = _number(named["tolerance"]) if "tolerance" in named else None
            expected = _constant(node.args[2])
            if expected is not None and tolerance is not None:
                # As `checks.number` has it: absolute plus relative to the expected number.
                for at_least, sign in ((True, -1), (False, 1)):
                    limit = expected + sign * tolerance * (1 + abs(expected))
                    node.args[1] = self._watch(at_least, limit, node.args[1])
        return node

    def _watch(self, at_least: bool, limit: float, value: ast.expr) -> ast.expr:
        # Chained comparisons are watched inside out.
        seen = value.args[2] if _is_watch(value) else value
        name = f"{self._test}: {ast.unparse(seen)} {'≥' if at_least else '≤'} {limit:g}"
        self._limits[name] = Limit(name, at_least, limit)
        arguments = [ast.Constant(name), ast.Constant(at_least), value]
        function = ast.Attribute(ast.Name("_luck", ast.Load()), "watch", ast.Load())
        return ast.Call(function, arguments, [])


def _is_watch(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "_luck.watch"


def _constant(node: ast.expr) -> float | None:
    """Return a number that stands there; None for anything else."""
    try:
        number = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return float(number) if type(number) in (int, float) else None


def _number(node: ast.expr) -> float | None:
    """Return a number that may be a limit; None for counts, rounding and anything else."""
    number = _constant(node)
    if number is None or number == int(number) or abs(number) < _ROUNDING:
        return None
    return number
