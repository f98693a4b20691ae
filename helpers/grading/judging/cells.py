"""The course's own cells in the judge: run test cells, and tell whether they pass."""

import ast
import math
import numbers
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

from helpers.grading.judging.failures import explain
from helpers.grading.judging.handles import Student

__all__ = ["Cells"]


class _Broken(Exception):
    """The assignment itself is at fault."""


class Cells:
    """Cells, each a module of its own that takes names from those before it.

    Parameters
    ----------
    sources
        All cells that may run in the judge, by their ids.
    tests
        The ids of those that are tests.
    before_test
        Called after set-up cells, before each test.
    """

    def __init__(
        self, sources: dict[str, str], tests: Sequence[str], before_test: Callable[[], None]
    ) -> None:
        self._before_test = before_test
        self._sources = sources
        self._tests = set(tests)
        self._spaces: dict[str, dict[str, Any]] = {}

    def set_up(self, cell: str, from_cells: dict[str, str]) -> None:
        """Run a set-up cell before a test needs it; if it fails, that is for the test to say.

        Parameters
        ----------
        cell
            Its id.
        from_cells
            The names that it takes from others, and the ids of the cells that define them.
        """
        with suppress(_Broken):
            self._prepare(cell, self._space(cell, from_cells))

    def judge(self, cell: str, needs: list[list[Any]], student: Student) -> dict[str, str | None]:
        """Run a test.

        Parameters
        ----------
        cell
            The ``grade_id``.
        needs
            As :meth:`helpers.grading.judging.plan.Plan.needs` lists it.
        student
            The student's notebook.

        Returns
        -------
        The fields of :class:`helpers.grading.execution.judge.Verdict`.
        """
        result = None
        try:
            for needed, from_student, from_cells in needs:
                if needed in self._tests:
                    # What it keeps may belong to a kernel that has gone.
                    self._spaces.pop(needed, None)
                new = needed not in self._spaces
                space = self._space(needed, from_cells)
                for name in from_student:
                    known, value = student.find(name)
                    if known:
                        space[name] = value
                if needed == cell:
                    self._before_test()
                    value = self._run(cell, space)
                    result = None if value is None else _points(value)
                elif new:
                    self._prepare(needed, space)
        except _Broken as error:
            return {"outcome": "broken", "message": str(error)}
        except BaseException as error:
            return dict(explain(self._files, f"<{cell}>", error))
        # A test that expects an error must not take the end of a process for one.
        if student.gone:
            return {"outcome": "failed", "kind": "StudentError", "message": "no answer"}
        return {"outcome": "passed", "message": result}

    def _space(self, cell: str, from_cells: dict[str, str]) -> dict[str, Any]:
        space = self._spaces.setdefault(cell, {"__name__": "__main__"})
        for name, owner in from_cells.items():
            if name in self._spaces.get(owner, {}):
                space[name] = self._spaces[owner][name]
        return space

    def _prepare(self, cell: str, space: dict[str, Any]) -> None:
        """Run a cell that others build upon, be it set-up or another test."""
        try:
            self._run(cell, space)
        except Exception as error:
            if cell not in self._tests:
                del self._spaces[cell]
                reason = f"{type(error).__name__}: {error}"
                raise _Broken(f"the set-up cell `{cell}` fails in the judge ({reason})") from None

    def _run(self, cell: str, space: dict[str, Any]) -> Any:
        """Run a cell and return the value of its last line, if that is an expression."""
        tree = ast.parse(self._source(cell), f"<{cell}>")
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"<{cell}>", "exec"), space)
        if not isinstance(last, ast.Expr):
            return None
        value = eval(compile(ast.Expression(last.value), f"<{cell}>", "eval"), space)
        # IPython shows nothing of a line that ends so.
        return None if DisplayHook.semicolon_at_end_of_expression(self._sources[cell]) else value

    @cached_property
    def _files(self) -> dict[str, str]:
        """All cells as Python, by their names in tracebacks; most judges never need them."""
        return {f"<{cell}>": self._source(cell) for cell in self._sources}

    def _source(self, cell: str) -> str:
        return TransformerManager().transform_cell(self._sources[cell])


def _points(value: Any) -> str:
    """Write the points at the end of a test as nbgrader reads them: it gives all for the rest."""
    what = f"of type `{type(value).__name__}`"
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        with suppress(OverflowError):
            if math.isfinite(value):
                return repr(float(value))
        what = "not finite"
    raise _Broken(
        f"the value of the test's last line is {what}, but only one finite number is taken for "
        "points; end the test with a number, or with a line that has no value"
    )
