"""Wrong answers out of a right one: each mutant has one thing changed in its code.

The operators are the usual ones of mutation testing (DeMillo, Lipton and Sayward, "Hints on test
data selection", 1978), and some for what goes wrong with arrays. They work on the syntax tree, as
those of mutmut and cosmic-ray do, which change modules under a test suite and no cells.
"""

import ast
import copy
from collections.abc import Callable, Iterator

from helpers.proving.variants import Variant

__all__ = ["mutants", "without_overwritten"]


def mutants(source: str) -> list[Variant]:
    """Change one thing in Python code, in every way that the operators know.

    Parameters
    ----------
    source
        Python without magics.

    Returns
    -------
    list of Variant
        In the order of the code; each differs from the code and from all others.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    tree = ast.parse(source)
    found = {ast.unparse(tree): ""}
    for place, node in enumerate(ast.walk(tree)):
        for operator, changes in OPERATORS.items():
            for number, _ in enumerate(changes(copy.deepcopy(node))):
                changed = copy.deepcopy(tree)
                original = _nth(changed, place)
                replacement = _nth_change(changes, copy.deepcopy(original), number)
                _Replace(original, replacement).visit(changed)
                found.setdefault(ast.unparse(ast.fix_missing_locations(changed)), operator)
    return [Variant(operator, code) for code, operator in found.items() if operator]


def without_overwritten(source: str) -> str:
    """Leave out assignments to names that are assigned anew before anything reads them.

    They are what the stub begins with in place of an answer; to change them changes nothing.

    Parameters
    ----------
    source
        Python without magics.

    Returns
    -------
    str
        As `ast.unparse` writes it.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [
                part for place, part in enumerate(body) if not _overwritten(part, body[place + 1 :])
            ]
    return ast.unparse(tree)


def _overwritten(statement: ast.stmt, later: list[ast.stmt]) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Tuple() as target]):
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            names = {part.id for part in parts if isinstance(part, ast.Name)}
            # To write into an array, as `rows[0], last = ...` does, is more than to bind a name.
            for other in later if len(names) == len(parts) else []:
                if any(_reads(node, names) for node in ast.walk(other)):
                    return False
                if isinstance(other, ast.Assign) and ast.unparse(target) in map(
                    ast.unparse, other.targets
                ):
                    return True
    return False


def _reads(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)


def _nth(tree: ast.AST, place: int) -> ast.AST:
    return next(node for count, node in enumerate(ast.walk(tree)) if count == place)


def _nth_change(changes: "_Changes", node: ast.AST, number: int) -> ast.AST:
    return next(change for count, change in enumerate(changes(node)) if count == number)


class _Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return what stands in the node's place."""
        return self._new if node is self._old else self.generic_visit(node)


def _off_by_one(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _other_number(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and type(node.value) is float:
        yield ast.Constant(2 * node.value + 0.1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)


_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.MatMult: ast.Mult,
}


def _other_comparison(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        other = _COMPARISONS[type(node.ops[0])]
        yield ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _other_arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    if isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)


def _dropped_term(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
    if isinstance(node, ast.BoolOp):
        yield from node.values
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


_NAMES = {
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "mean": "max",
    "sum": "max",
    "std": "var",
    "maximum": "minimum",
    "minimum": "maximum",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "sorted": "list",
    "floor": "ceil",
    "ceil": "floor",
    "any": "all",
    "all": "any",
    "union": "intersection",
    "intersection": "union",
}


def _other_function(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield ast.Attribute(node.value, _NAMES[node.attr], node.ctx)
    if isinstance(node, ast.Name) and node.id in _NAMES:
        yield ast.Name(_NAMES[node.id], node.ctx)


def _left_out_call(node: ast.AST) -> Iterator[ast.AST]:
    """Leave a function out: its first argument, or what its method belongs to, goes on as it is."""
    if isinstance(node, ast.Call) and node.args:
        yield node.args[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if isinstance(node, ast.Attribute) and node.attr in {"T", "real"}:
        yield node.value


def _arguments(node: ast.AST) -> Iterator[ast.AST]:
    """Swap the first two arguments of a call, or leave out a named one or the last one."""
    if not isinstance(node, ast.Call):
        return
    if len(node.args) > 1:
        first, second, *others = node.args
        yield ast.Call(node.func, [second, first, *others], node.keywords)
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    for place in range(len(node.keywords)):
        kept = [*node.keywords[:place], *node.keywords[place + 1 :]]
        yield ast.Call(node.func, node.args, kept)


def _axes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) > 1:
        first, second, *others = node.elts
        yield type(node)([second, first, *others], node.ctx)
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node, name) is not None:
                changed = copy.copy(node)
                setattr(changed, name, None)
                yield changed


def _condition(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.If, ast.IfExp)):
        for value in (True, False):
            changed = copy.copy(node)
            changed.test = ast.Constant(value)
            yield changed


def _first_only(node: ast.AST) -> Iterator[ast.AST]:
    """Go through a part of what a loop goes through: the first only, or all but the first."""
    if isinstance(node, (ast.For, ast.comprehension)):
        for lower, upper in ((None, ast.Constant(1)), (ast.Constant(1), None)):
            items = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
            changed = copy.copy(node)
            changed.iter = ast.Subscript(items, ast.Slice(lower, upper, None), ast.Load())
            yield changed


def _dropped_statement(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.For, ast.If)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()


def _other_result(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.Constant(None))
        yield ast.Return(ast.Constant(0))
        yield ast.Return(ast.BinOp(ast.Constant(0), ast.Mult(), node.value))
        yield ast.Return(ast.BinOp(ast.Constant(-1), ast.Mult(), node.value))


def _argument_for_result(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef):
        for argument in node.args.args:
            changed = copy.copy(node)
            changed.body = [ast.Return(ast.Name(argument.arg, ast.Load()))]
            yield changed


def _default_for_argument(node: ast.AST) -> Iterator[ast.AST]:
    """Use a parameter's default whatever it is called with."""
    if isinstance(node, ast.FunctionDef) and node.args.defaults:
        named = node.args.args[-len(node.args.defaults) :]
        for argument, default in zip(named, node.args.defaults, strict=True):
            changed = copy.copy(node)
            ignored = ast.Assign([ast.Name(argument.arg, ast.Store())], default)
            changed.body = [ignored, *node.body]
            yield changed


_Changes = Callable[[ast.AST], Iterator[ast.AST]]
OPERATORS: dict[str, _Changes] = {
    "off by one": _off_by_one,
    "other number": _other_number,
    "other comparison": _other_comparison,
    "other arithmetic": _other_arithmetic,
    "dropped term": _dropped_term,
    "other function": _other_function,
    "left-out call": _left_out_call,
    "other arguments": _arguments,
    "other axes": _axes,
    "fixed condition": _condition,
    "a part of a loop": _first_only,
    "dropped statement": _dropped_statement,
    "other result": _other_result,
    "argument as result": _argument_for_result,
    "default for argument": _default_for_argument,
}
"""What each operator yields in place of a node, by its name."""
