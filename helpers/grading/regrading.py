"""What a person who gave points has looked at, and whether it is still the same."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError
from nbgrader import utils

__all__ = ["unchanged"]


def unchanged(notebooks: Mapping[str, NotebookNode], folder: Path) -> dict[str, frozenset[str]]:
    """List the graded cells for which a person would see the same as before.

    Parameters
    ----------
    notebooks
        Those of a submission with their tests, as they are graded now.
    folder
        Where they are as they were graded before.

    Returns
    -------
    dict of frozenset of str
        The names of the cells of each notebook. A written answer is the same if its text is; a
        test, if it and all of the student's code are.
    """
    same = {}
    for name, notebook in notebooks.items():
        now, then = _seen(notebook), {}
        # A notebook that is not there, or damaged, is as good as another one.
        with suppress(OSError, ValueError, ValidationError):
            then = _seen(nbformat.read(folder / f"{name}.ipynb", as_version=4))
        same[name] = frozenset(cell for cell, seen in now.items() if then.get(cell) == seen)
    return same


def _seen(notebook: NotebookNode) -> dict[str, list[str]]:
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and not _is_test(cell)]
    work = [cell.source for cell in code]
    return {
        cell.metadata.nbgrader.grade_id: [cell.source, *(work if _is_test(cell) else [])]
        for cell in notebook.cells
        if utils.is_grade(cell)
    }


def _is_test(cell: NotebookNode) -> bool:
    return utils.is_grade(cell) and not utils.is_solution(cell)
