"""Files that were submitted beside a notebook: when it is graded, they are not there."""

import re
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import PurePath

from nbgrader import utils

from helpers.grading.execution.outcome import Outcome
from helpers.grading.repair.wording import listed

__all__ = ["leave_what_needs_them"]


def leave_what_needs_them(outcome: Outcome, others: Iterable[str]) -> None:
    """Leave tests that failed to a person if the notebook uses such files: it may be for that.

    Parameters
    ----------
    outcome
        Of an executed notebook; changed in place.
    others
        The names of the files and folders beside it.
    """
    cells = [cell for cell in outcome.notebook.cells if cell.cell_type == "code"]
    code = "\n".join(cell.source for cell in cells)
    used = [name for name in others if _uses(code, name)]
    if not used:
        return
    reason = f"the notebook uses {listed(used)}, which grading does not take along"
    for cell in cells:
        if utils.is_grade(cell) and not utils.is_solution(cell):
            points, most = utils.determine_grade(cell)
            if points is not None and points < most:
                outcome.undecided.setdefault(cell.metadata.nbgrader.grade_id, reason)


def _uses(code: str, name: str) -> bool:
    """Tell whether code opens or imports a file, going by the words in it."""
    module = PurePath(name)
    if module.suffix in ("", ".py") and module.stem.isidentifier():
        line = rf"^[ \t]*(import|from)\b.*\b{module.stem}\b"
        if re.search(line, code, re.MULTILINE) and not _is_installed(module.stem):
            return True
    return bool(module.suffix) and name in code


def _is_installed(module: str) -> bool:
    """Tell a module that was imported instead of the submitted file of the same name."""
    known = {*sys.modules, *sys.builtin_module_names}
    return module in known or PathFinder.find_spec(module) is not None
