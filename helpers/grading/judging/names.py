"""The names that a cell takes from other cells, and those that it defines."""

import ast
import symtable
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

__all__ = ["used_and_defined"]


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
    table = symtable.symtable(source, "<cell>", "exec")
    early = _EarlyReads()
    early.visit(ast.parse(source))
    defined, used = set(), set()
    for scope in _scopes(table):
        for symbol in scope.get_symbols():
            if scope is table and (symbol.is_assigned() or symbol.is_imported()):
                defined.add(symbol.get_name())
            elif symbol.is_referenced() and (scope is table or symbol.is_global()):
                used.add(symbol.get_name())
    return (used - defined) | (early.found & defined), defined


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


_OWN_VARIABLES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


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
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self._set:
            self.found.add(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node: ast.For) -> None:
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_alias(self, node: ast.alias) -> None:
        self._set.add((node.asname or node.name).partition(".")[0])

    def visit(self, node: ast.AST) -> None:
        """Leave out what has variables of its own: the symbol table tells what it takes."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._set.add(node.name)
        elif not isinstance(node, _OWN_VARIABLES):
            super().visit(node)
