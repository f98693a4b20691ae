"""The right answer in other words: whoever wrote it like that must get the same points.

These are metamorphic relations (Chen, Cheung and Yiu, "Metamorphic testing", 1998): changes of the
code that leave what it does as it is.
"""

import ast
import builtins
import copy
from collections.abc import Callable, Iterator
from textwrap import dedent

from helpers.proving.variants import Variant

__all__ = ["rewrites"]

_Change = Callable[[ast.FunctionDef], Iterator[ast.stmt]]

# What a function returns, in another form that means the same.
_RESULTS = {
    "results in Fortran order": "fortran(value)",
    "results that can't be written to": "read_only(value)",
    "results that are views": "view(value)",
    "numbers of NumPy": "numpys(value)",
    "lists for tuples": "list(value) if type(value) is tuple else value",
}
_WRAPPER = dedent(
    """
    def _in_other_words(function):
        import functools
        import numpy as np

        def fortran(value):
            return np.asfortranarray(value) if isinstance(value, np.ndarray) else value

        def read_only(value):
            if isinstance(value, np.ndarray):
                value = value.copy()
                value.flags.writeable = False
            return value

        def view(value):
            if isinstance(value, np.ndarray) and value.ndim:
                value = np.repeat(value, 2, axis=0)[::2]
            return value

        def numpys(value):
            types = {float: np.float64, int: np.int64}
            return types.get(type(value), lambda same: same)(value)

        def each(value):
            if type(value) in (list, tuple):
                value = type(value)(map(each, value))
            return CHANGE

        @functools.wraps(function)
        def in_other_words(*arguments, **named):
            return each(function(*arguments, **named))

        return in_other_words
    """
)


def rewrites(source: str) -> list[Variant]:
    """Write Python code in other words.

    Parameters
    ----------
    source
        Python without magics.

    Returns
    -------
    list of Variant
        Each differs from the code; none if it has no function.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    tree = ast.parse(source)
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        return []
    changed = [
        Variant("other names", _with_functions(tree, _renamed)),
        Variant("a function that calls another", _with_functions(tree, _in_two)),
        Variant("prints what it does", _with_functions(tree, _printing)),
    ]
    for kind, change in _RESULTS.items():
        wrapped = [f"{name} = _in_other_words({name})" for name in functions]
        parts = [ast.unparse(tree), _WRAPPER.replace("CHANGE", change), *wrapped]
        changed.append(Variant(kind, "\n".join(parts)))
    return [variant for variant in changed if variant.source != ast.unparse(tree)]


def _with_functions(tree: ast.Module, change: _Change) -> str:
    """Change each function of the module, and write the module."""
    body = [
        new
        for node in copy.deepcopy(tree).body
        for new in (change(node) if isinstance(node, ast.FunctionDef) else [node])
    ]
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))


def _renamed(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Give other names to what it binds, but for its parameters."""
    nodes = list(ast.walk(function))
    fixed = {node.arg for node in nodes if isinstance(node, ast.arg)} | set(dir(builtins))
    fixed |= {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    bound = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in bound - fixed:
            node.id = f"my_{node.id}"
    yield function


def _in_two(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Let it hand its arguments on to a function that does the work."""
    inner = f"_inner_{function.name}"
    given = function.args
    values: list[ast.expr] = [
        ast.Name(each.arg, ast.Load()) for each in [*given.posonlyargs, *given.args]
    ]
    if given.vararg:
        values.append(ast.Starred(ast.Name(given.vararg.arg, ast.Load()), ast.Load()))
    named = [ast.keyword(each.arg, ast.Name(each.arg, ast.Load())) for each in given.kwonlyargs]
    if given.kwarg:
        named.append(ast.keyword(None, ast.Name(given.kwarg.arg, ast.Load())))
    call = ast.Call(ast.Name(inner, ast.Load()), values, named)
    outer = copy.deepcopy(function)
    outer.body = [ast.Return(call)]
    function.name, function.decorator_list = inner, []
    yield function
    yield outer


def _printing(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Let it print something, as people do who look for a mistake."""
    function.body.insert(0, ast.parse(f"print({function.name!r}, 'is called')").body[0])
    yield function
