"""The names that a cell takes from other cells, and those that it defines."""

import ast
import symtable
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

__all__ = ["early_reads", "scopes", "used_and_defined"]


def used_and_defined(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell takes from other cells, and those that it defines.

    Parameters
    ----------
    source
        The cell; IPython's own lines are allowed.

    Returns
    -------
    set of str, set of str
        Names that the cell reads before it sets them itself; names that it sets at top level.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    source = TransformerManager().transform_cell(source)
    tree, table = ast.parse(source), symtable.symtable(source, "<cell>", "exec")
    defined, used = set(), set()
    for scope in scopes(table):
        for symbol in scope.get_symbols():
            if scope is table and (symbol.is_assigned() or symbol.is_imported()):
                defined.add(symbol.get_name())
            elif symbol.is_referenced() and (scope is table or symbol.is_global()):
                used.add(symbol.get_name())
    return (used - defined) | (early_reads(tree) & defined), defined


def early_reads(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads at top level before it sets them itself, for certain."""
    reads = _EarlyReads()
    reads.visit(tree)
    return reads.found


def scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """Yield a scope and all that are inside."""
    yield table
    for child in table.get_children():
        yield from scopes(child)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What stands in them may not be run at all.
_BRANCHES = (ast.If, ast.While, ast.Try, ast.Match)


class _EarlyReads(ast.NodeVisitor):
    """Finds names that a cell reads before it sets them itself, as in ``count = count + 1``."""

    def __init__(self) -> None:
        self._set: set[str] = set()
        self.found: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._set.add(node.id)
        elif node.id not in self._set:
            self.found.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._visit_all(node.value, *node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_all(node.annotation, node.value, node.target if node.value else None)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._visit_all(node.value, node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self._set:
            self.found.add(node.target.id)
        self._visit_all(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        before = set(self._set)
        self._visit_all(node.target, *node.body, *node.orelse)
        self._set = before

    def visit_alias(self, node: ast.alias) -> None:
        self._set.add((node.asname or node.name).partition(".")[0])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before = set(self._set)
        self.generic_visit(node)
        self._set = before | {node.name}

    def visit(self, node: ast.AST) -> None:
        """Leave out what has variables of its own: the symbol table tells what it takes."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._visit_all(*node.decorator_list, node.returns, node.args)
            self._set.add(node.name)
        elif isinstance(node, ast.Lambda):
            self.visit(node.args)
        elif isinstance(node, _COMPREHENSIONS):
            # All but the first iterable is evaluated inside.
            self.visit(node.generators[0].iter)
        elif isinstance(node, _BRANCHES):
            before = set(self._set)
            super().visit(node)
            self._set = before
        else:
            super().visit(node)

    def _visit_all(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)
