"""Partial credit that nbgrader can read."""

import math
import re
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["PartialCredit", "is_points"]

_NUMPY_SCALAR = re.compile(r"(?:np|numpy)\.(?:u?int|float|longdouble)\w*\('?([^()']+)'?\)")


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


def is_points(text: str) -> bool:
    """Tell whether the value of a test's last line, as Jupyter shows it, is one finite number."""
    number = _number(text)
    return number is not None and math.isfinite(number)


def _number(text: str) -> float | None:
    scalar = _NUMPY_SCALAR.fullmatch(text)
    try:
        return float(scalar[1] if scalar else text)
    except ValueError:
        return None


def _plain(text: str, most: float) -> str:
    """Return text unless it is a number that nbgrader would misread, or not from 0 to `most`."""
    number = _number(text)
    if number is None:
        return text
    return str(min(number, float(most)) if number >= 0 else 0.0)
