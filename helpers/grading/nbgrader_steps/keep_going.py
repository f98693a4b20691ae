"""Let students run a whole notebook, although some of its tests still fail."""

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["KeepGoing"]

# JupyterLab's *Run All* stops at a cell that fails, unless it has this tag.
_MAY_FAIL = "raises-exception"


class KeepGoing(NbGraderPreprocessor):
    """Mark the tests of a release as cells that may fail."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change the metadata of one cell in place."""
        if utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code":
            tags = cell.metadata.setdefault("tags", [])
            if _MAY_FAIL not in tags:
                tags.append(_MAY_FAIL)
        return cell, resources
