"""Cells that only show something: no test depends on them, so grading may leave them out."""

import ast
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judging.names import used_and_defined
from helpers.grading.judging.plan import Plan

__all__ = ["find_shows"]

# With these, code reaches names that it does not name, or what other cells have shown.
_REFLECTION = {"globals", "locals", "vars", "exec", "eval", "get_ipython", "__import__"}
_REFLECTION |= {"_", "__", "___", "In", "Out"}
# What is called for what it shows changes nothing else; `plots` is the course's.
_SHOWING = {"print", "display", "plots"}
# With these, it acts on files, on the process or on other programs.
_ACTING = {"open", "os", "shutil", "subprocess", "sys", "tempfile"}
_ACTING_METHODS = {
    "mkdir",
    "open",
    "save",
    "savefig",
    "savez",
    "touch",
    "write_bytes",
    "write_text",
}
# These methods of models change the model, and nothing that they are given.
_CHANGING_ITSELF = {"compile", "fit"}


def find_shows(notebook: NotebookNode, plan: Plan) -> set[str]:
    """Find the cells without which every test has the same verdict.

    Only cells that stand so in the release; what a student wrote is always run, and so is what acts
    on more than its own names. A cell is needed if a test, or a cell that is run, uses a name that
    it defines or whose object it changes. That is read off the code, so a change by a function that
    is called for its value is not seen; `course check` grades the instructor's notebook without
    these cells.

    Parameters
    ----------
    notebook
        A submission, aligned with the assignment.
    plan
        Of the assignment.

    Returns
    -------
    set of str
        The ids of the cells.
    """
    found: set[str] = set()
    needed: set[str] = set()
    for cell in reversed([cell for cell in notebook.cells if cell.cell_type == "code"]):
        identity = cell.metadata.get("nbgrader", {}).get("grade_id")
        if identity in plan.tests:
            needed |= {name for _, names, _ in plan.needs(identity) for name in names}
            continue
        try:
            used, defined = used_and_defined(cell.source)
        except SyntaxError:
            # The rest of the cell's names is unknown; it fails when it is run.
            used, defined = set(), set()
        given = utils.is_locked(cell) or plan.free.get(cell.id) == cell.source
        if given:
            effects = _Effects(cell)
            if not effects.acts and not (defined | effects.changed) & needed:
                found.add(cell.id)
                continue
        if used & _REFLECTION and not utils.is_locked(cell):
            return set()
        needed |= used
    return found


def _roots(node: ast.AST) -> Iterator[str]:
    """Yield the name of the object that ``x[0].y(z)`` is a part of, here ``x``."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call | ast.Starred):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # A new object, which has no name.
            return
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


class _Effects(ast.NodeVisitor):
    """What a cell does besides defining names.

    Attributes
    ----------
    changed : set of str
        The names whose objects it changes, such as ``x`` in ``x[0] = …``, ``x.y = …`` and
        ``x.append(y)``, or may change, such as ``y`` in the last.
    acts : bool
        Whether it may act on something else.
    """

    def __init__(self, cell: NotebookNode) -> None:
        self.changed: set[str] = set()
        self.acts = False
        self.visit(ast.parse(TransformerManager().transform_cell(cell.source)))

    def visit_Name(self, node: ast.Name) -> None:
        loads = isinstance(node.ctx, ast.Load)
        self.acts |= loads and node.id in _ACTING | _REFLECTION

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.acts |= node.attr in _ACTING_METHODS
        self.visit_Subscript(node)

    def visit_Subscript(self, node: ast.Subscript | ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.changed |= set(_roots(node))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._visit_command(node.value)
        self.generic_visit(node)

    def _visit_command(self, call: ast.Call) -> None:
        """See a call for nothing but what it does."""
        function = call.func
        if set(_roots(function)) <= _SHOWING and isinstance(function, ast.Name | ast.Attribute):
            return
        if isinstance(function, ast.Attribute):
            self.changed |= set(_roots(function))
            if function.attr in _CHANGING_ITSELF:
                return
        else:
            self.acts = True
        for given in (*call.args, *(keyword.value for keyword in call.keywords)):
            self.changed |= set(_roots(given))
