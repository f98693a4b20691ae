"""Files that were submitted beside a notebook: when it is graded, they are not there."""

import re
import sys
from collections.abc import Iterable, Set
from importlib.machinery import PathFinder
from pathlib import PurePath

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.submission.wording import listed

__all__ = ["find_undecided"]

_IMPORT = re.compile(r"^[ \t]*(?:import|from)\b(.*)", re.MULTILINE)
_WORD = re.compile(r"\w+")


def find_undecided(notebook: NotebookNode, others: Iterable[str]) -> dict[str, str]:
    """Find tests that may have failed for want of such files: those need review.

    Parameters
    ----------
    notebook
        A notebook that was executed.
    others
        The names of the files and folders beside it.

    Returns
    -------
    dict of str to str
        The tests that lost points, with the reason, if the notebook uses such a file.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code = "\n".join(cell.source for cell in cells)
    # Once, not for each file: there may be thousands of files, and millions of words.
    imported = {word for line in _IMPORT.findall(code) for word in _WORD.findall(line)}
    used = [name for name in others if _uses(code, imported, name)]
    if not used:
        return {}
    reason = f"the notebook uses {listed(used)}, which grading does not take along"
    tests = [cell for cell in cells if utils.is_grade(cell) and not utils.is_solution(cell)]
    return {cell.metadata.nbgrader.grade_id: reason for cell in tests if _lost_points(cell)}


def _lost_points(test: NotebookNode) -> bool:
    points, most = utils.determine_grade(test)
    return points is not None and points < most


def _uses(code: str, imported: Set[str], name: str) -> bool:
    """Tell whether code opens or imports a file, going by the words in it."""
    module = PurePath(name)
    if module.suffix in ("", ".py") and module.stem in imported and not _is_installed(module.stem):
        return True
    return bool(module.suffix) and name in code


def _is_installed(module: str) -> bool:
    """Tell a module that was imported instead of the submitted file of the same name."""
    known = {*sys.modules, *sys.builtin_module_names}
    return module in known or PathFinder.find_spec(module) is not None
