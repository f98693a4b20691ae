"""Cells that only show something: no test depends on them, so grading may leave them out.

What is read off the code here is on the safe side: that a cell is run although nobody needs it
costs time, the other way round costs points.
"""

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judging.names import early_reads, scopes
from helpers.grading.judging.plan import Plan
from helpers.grading.submission.names import LONGEST_CODE, NO_PYTHON

__all__ = ["find_shows"]

# Characters of a notebook's code that are looked at: more takes too long.
_MOST_CODE = 200_000
# Lines for IPython alone. What others than the first do is unknown.
_HARMLESS = re.compile(r"^[ \t]*%(matplotlib|config|load_ext)\b.*$", re.MULTILINE)
_MAGIC = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$", re.MULTILINE)
# With these, code reaches names that it does not name, or what other cells have shown.
_REFLECTION = {"globals", "locals", "vars", "dir", "exec", "eval", "get_ipython", "__import__"}
_REFLECTION |= {"__main__", "_", "__", "___", "In", "Out"}
# What is called for what it shows acts on nothing else; `play`, `plots` and `results` are the
# course's.
_SHOWING = {"print", "display", "play", "plots", "results"}
# These methods leave their object as it is. Others may change it, even if they return something.
_READING = re.compile(
    "all|any|arg.*|astype|copy|count.*|cumsum|evaluate|flatten|format|get.*|index|items|join|keys|"
    "lower|max|mean|min|nonzero|predict|ravel|replace|reshape|resize|round|r?split|startswith|std|"
    "endswith|r?strip|sum|swapaxes|take|tolist|transpose|union|intersection|upper|values|var"
)
# With these, it may act on files, on the process, on other programs, or on a module.
_ACTING = {"open", "os", "shutil", "subprocess", "sys", "tempfile", "setattr", "delattr"}
_ACTING_METHODS = re.compile(r"open|mkdir|touch|.*seed|.*save.*|to_.*|write.*|dump.*")
# These of NumPy's random numbers leave those of all alone.
_OWN_RANDOM_NUMBERS = {"default_rng", "Generator", "RandomState", "SeedSequence"}


def find_shows(notebook: NotebookNode, plan: Plan) -> set[str]:
    """Find the cells without which every test has the same verdict.

    Only cells that stand so in the release; what a student wrote is always run, and so is what acts
    on more than its own names. A cell is needed if a test, or a cell that is run, uses a name that
    it sets, or whose object it may change: by setting a part of it, by one of its methods, or by a
    command, which is a call for nothing but what it does. What a function that is called for its
    value does to its arguments, or to other objects, is not seen.

    Parameters
    ----------
    notebook
        A submission, aligned with the assignment.
    plan
        The plan of the assignment.

    Returns
    -------
    set of str
        The ids of the cells; none if the code is too long, or no Python, or may use names that it
        does not name.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if sum(len(cell.source) for cell in cells) > _MOST_CODE:
        return set()
    needed = {name for test in plan.tests for _, names, _ in plan.needs(test) for name in names}
    shows: dict[str, _Code] = {}
    imported: set[str] = set()
    for cell in cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in plan.tests:
            continue
        code = _Code.of(cell.source)
        given = utils.is_locked(cell) or plan.free.get(cell.id) == cell.source
        if code is None or (not given and code.reaches_further):
            return set()
        if given:
            imported |= code.imported
            shows[cell.id] = code
        else:
            needed |= code.used
    for name in [name for name, code in shows.items() if code.acts or code.commanded & imported]:
        needed |= shows.pop(name).used
    while found := [
        name for name, code in shows.items() if (code.bound | code.changed(imported)) & needed
    ]:
        for name in found:
            needed |= shows.pop(name).used
    return set(shows)


class _Code:
    """What a cell does.

    Attributes
    ----------
    used
        The names that it takes from other cells, or may take, and those that it imports.
    bound
        Those that it sets.
    read
        All that it reads, in functions as well, and does not only call.
    methods, trained, given
        Those whose methods it calls, those of models that it trains, and those that it gives to
        commands.
    imported
        Those that it imports.
    commanded
        Those whose methods or functions it calls for what they do, or whose parts it sets.
    reaches_further
        Whether it may use names that it does not name, or sets some while others call it.
    acts
        Whether it may act on more than names.
    """

    def __init__(self, tree: ast.Module, table: symtable.SymbolTable) -> None:
        self.used: set[str] = set()
        self.bound: set[str] = set()
        self.imported: set[str] = set()
        self.reaches_further = self.acts = False
        for scope in scopes(table):
            self._see_scope(scope, scope is table)
        self.used |= early_reads(tree)
        self.read: set[str] = set()
        self.methods: set[str] = set()
        self.trained: set[str] = set()
        self.given: set[str] = set()
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            self._see(node)
            if isinstance(node, ast.Name) and id(node) not in called:
                self.read.add(node.id)
        self.commanded: set[str] = set()
        for node in _outside_functions(tree):
            self._see_command(node)
        self.reaches_further |= bool(self.used & _REFLECTION)
        self.acts |= self.reaches_further or bool(self.used & _ACTING)

    @classmethod
    def of(cls, source: str) -> "_Code | None":
        """Read a cell; None if it is no Python, too long, or has lines whose meaning is unknown."""
        source = _HARMLESS.sub("", source)
        if len(source) > LONGEST_CODE or _MAGIC.search(source):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
                tree = compile(source, "<cell>", "exec", flags | ast.PyCF_ONLY_AST)
                if any(isinstance(node, ast.Await) for node in ast.walk(tree)):
                    return None
                return cls(tree, symtable.symtable(source, "<cell>", "exec"))
        except NO_PYTHON:
            return None

    def _see_scope(self, scope: symtable.SymbolTable, outermost: bool) -> None:
        for symbol in scope.get_symbols():
            name = symbol.get_name()
            sets = symbol.is_assigned() or symbol.is_imported()
            if outermost:
                self.bound |= {name} if sets else set()
                self.imported |= {name} if symbol.is_imported() else set()
                self.used |= {name} if symbol.is_imported() or not sets else set()
            elif symbol.is_global() or scope.get_type() == "class":
                # Even if the cell sets it: perhaps later.
                self.used.add(name)
                if symbol.is_global() and sets:
                    self.bound.add(name)
                    self.reaches_further = True

    def changed(self, imported: set[str]) -> set[str]:
        """Return the names whose objects the cell may change.

        Parameters
        ----------
        imported
            The names of modules and the like: to call their functions does not change them.
        """
        changed = self.methods | self.given | self.commanded
        if changed & (self.bound | (self.read - self.used)):
            # Such a name may be another one for the object of any name.
            changed = changed | self.read - set(dir(builtins))
        return (changed | self.trained) - imported

    def _see(self, node: ast.AST) -> None:
        match node:
            case ast.Call(func=ast.Name(id="next"), args=[iterator, *_]):
                self.methods.add(_root(iterator))
            case ast.Call(func=ast.Attribute() as method) if _is_training(node):
                self.trained.add(_root(method))
            case ast.Call(func=ast.Attribute() as method) if not _READING.fullmatch(method.attr):
                self.methods |= {_root(method)} - _SHOWING
            case ast.AugAssign(target=ast.Name(id=name)):
                self.methods.add(name)
            case ast.FunctionDef() | ast.ClassDef():
                self.given |= {_root(decorator) for decorator in node.decorator_list}

    def _see_command(self, node: ast.AST) -> None:
        match node:
            case ast.Attribute() if _is_acting_method(node):
                self.acts = True
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                self.acts = True
            case ast.Subscript() | ast.Attribute() if not isinstance(node.ctx, ast.Load):
                self.commanded.add(_root(node))
            case ast.Expr(value=ast.Call(func=function) as call) if _root(function) not in _SHOWING:
                self.acts |= isinstance(function, ast.Name)
                if not _is_training(call):
                    self.commanded |= {_root(function)} - {""}
                for part in ast.walk(call):
                    if isinstance(part, ast.Call) and not _is_training(part):
                        values = [*part.args, *(keyword.value for keyword in part.keywords)]
                        # `print` stays the same, whatever it is given to.
                        self.given |= {_root(value) for value in values} - {"", "print"}


def _is_training(call: ast.Call) -> bool:
    """Tell the methods of models that change the model, and nothing that they are given."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("compile", "fit")


def _is_acting_method(node: ast.Attribute) -> bool:
    if _ACTING_METHODS.fullmatch(node.attr):
        return True
    inner = node.value
    draws = isinstance(inner, ast.Attribute) and inner.attr == "random"
    return draws and node.attr not in _OWN_RANDOM_NUMBERS


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk through what is run with the cell, not when somebody calls it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _root(node: ast.AST) -> str:
    """Return the name of the object that ``x[0].y(z)`` is a part of, here ``x``."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # A new object, which has no name.
            return ""
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
