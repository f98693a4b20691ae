"""What a notebook says when a check has run, and how many points there are so far.

IPython tells of every cell that has run. Points and names come from the notebook beside it.
"""

import ast
import json
import numbers
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.points import Part, Points, read_parts

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["announce", "points_so_far"]

_FAILED = "__import__('helpers.checks.failure', fromlist=['CheckFailed']).CheckFailed()"


class _Announcer:
    """Hears of each cell of a kernel before and after it runs.

    Attributes
    ----------
    given
        The points that each check gave when it ran last, by the text of its cell.
    running
        The check that is running.
    """

    def __init__(self, shell: "InteractiveShell") -> None:
        self._folder = Path.cwd()
        # Of each notebook, when it was changed, and what it had then.
        self._read: dict[Path, tuple[int, tuple[Part, ...]]] = {}
        self.given: dict[str, float] = {}
        self.running: Part | None = None
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)
        shell.ast_transformers.append(_PlainAsserts(self))

    def notebooks(self) -> list[tuple[Part, ...]]:
        """Return the graded parts of each notebook in the folder where the kernel started."""
        # Those of editors and of JupyterLab itself, which come and go, begin with a dot.
        return [self._parts(path) for path in sorted(self._folder.glob("[!.]*.ipynb"))]

    def _parts(self, path: Path) -> tuple[Part, ...]:
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return ()
        # Between two cells a notebook is seldom saved, and reading one takes a while.
        if path not in self._read or self._read[path][0] != changed:
            self._read[path] = changed, _parts(path)
        return self._read[path][1]

    def _before(self, info: Any) -> None:
        source = info.raw_cell.strip()
        parts = (part for parts in self.notebooks() for part in parts if part.tested)
        self.running = next((part for part in parts if part.source.strip() == source), None)

    def _after(self, result: Any) -> None:
        part, self.running = self.running, None
        if part is None:
            return
        points = part.points if result.success else 0.0
        if result.success and _is_number(result.result):
            # A check may give a part of its points: the value of its last line.
            points = min(max(float(result.result), 0.0), part.points)
        self.given[part.source] = points
        if points >= part.points:
            print(f"\x1b[1m\N{CHECK MARK} Passed:\x1b[0m {part.worth}.")
        elif result.success:
            print(f"\x1b[1mNot yet:\x1b[0m {points:g} of {part.points:g} points.")


class _PlainAsserts(ast.NodeTransformer):
    """Turns `assert this, message` of a check into `if not this: raise CheckFailed(message)`."""

    def __init__(self, announcer: _Announcer) -> None:
        self._announcer = announcer

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Leave cells that are no checks as they are."""
        return node if self._announcer.running is None else self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Return what takes the place of an assertion."""
        failed = ast.parse(_FAILED, mode="eval").body
        assert isinstance(failed, ast.Call)
        failed.args = [node.msg or ast.Constant(f"`{ast.unparse(node.test)}` is not true.")]
        wrong = ast.UnaryOp(ast.Not(), node.test)
        plain = ast.If(wrong, [ast.Raise(failed)], [])
        return ast.fix_missing_locations(ast.copy_location(plain, node))


_announcer: _Announcer | None = None


def announce() -> None:
    """Let the notebook whose kernel this is say what came of each check; elsewhere, do nothing.

    A check that passes prints a line with its points. An `assert` that fails in one shows its
    message as a failed call of this package does, without a traceback.
    """
    global _announcer
    # What is not imported runs no cells.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and _announcer is None:
        _announcer = _Announcer(shell)


def points_so_far() -> Points:
    """Return the points of the checks that have run since the kernel started.

    Returns
    -------
    Points
        Those of the notebook in this folder to which most of these checks belong.
    """
    if _announcer is None:
        return Points((), {})
    given = _announcer.given

    def count(parts: tuple[Part, ...]) -> int:
        return sum(part.source in given for part in parts)

    parts = max(_announcer.notebooks(), key=count, default=())
    return Points(parts, {p.identity: given[p.source] for p in parts if p.source in given})


def _is_number(value: Any) -> bool:
    # A NumPy scalar counts, too; True is a condition, not a point.
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _parts(path: Path) -> tuple[Part, ...]:
    try:
        return tuple(read_parts(json.loads(path.read_bytes())))
    except Exception:
        # Something else with this ending, however strange, must not disturb a student's cells.
        return ()
