"""Partial credit that nbgrader can read."""

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.points import read_number

__all__ = ["PartialCredit"]


class PartialCredit(NbGraderPreprocessor):
    """Write the points at the end of a graded cell as a plain number from 0 to its points.

    nbgrader takes the last value of a test cell for its points, but gives full points for what it
    can't read, such as `np.float64(0.5)`, and also for NaN and for negative values.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change one cell in place, after it was executed."""
        if utils.is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "execute_result" and "text/plain" in output.data:
                    most = cell.metadata.nbgrader.points
                    output.data["text/plain"] = _plain(output.data["text/plain"], most)
        return cell, resources


def _plain(text: str, most: float) -> str:
    """Return text unless it is a number that nbgrader would misread, or not from 0 to `most`."""
    number = read_number(text)
    if number is None:
        return text
    return str(min(number, float(most)) if number >= 0 else 0.0)
