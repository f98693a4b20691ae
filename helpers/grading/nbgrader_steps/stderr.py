"""A warning in a test cell costs no points."""

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["StderrAsOutput"]


class StderrAsOutput(NbGraderPreprocessor):
    """Turn what graded cells wrote to stderr into ordinary output.

    nbgrader gives no points to a cell that wrote anything to stderr, be it a deprecation warning or
    a progress bar. Graders still see the text. A real failure is an output of its own kind.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change one cell in place, after it was executed."""
        if utils.is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
        return cell, resources
