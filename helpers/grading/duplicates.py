"""Copies of graded cells in a submission."""

from typing import Any

from nbformat import NotebookNode
from nbgrader import preprocessors

__all__ = ["DeduplicateIds"]


class DeduplicateIds(preprocessors.DeduplicateIds):
    """Make ordinary cells of all but the last of several cells with one grade id.

    Students copy and paste cells. nbgrader's own class leaves empty metadata in the copies, on
    which a later step stops the grading of all submissions.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change one cell in place, the last cell of the notebook first."""
        cell, resources = super().preprocess_cell(cell, resources, index)
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
        return cell, resources
