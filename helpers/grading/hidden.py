"""Hidden tests stay hidden in the feedback."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import List

__all__ = ["HideHiddenTests"]


class HideHiddenTests(ClearHiddenTests):
    """Cut hidden tests out of graded cells, and out of the tracebacks that quote them.

    Of an error only the last line stays: its message, which is the hint for the student.
    """

    # The HTML exporter sets it for every preprocessor; nbgrader warns of those that can't take it.
    display_data_priority: Any = List().tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change one cell in place, after it was executed."""
        hidden = self.begin_test_delimeter in cell.source
        cell, resources = super().preprocess_cell(cell, resources, index)
        if hidden:
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = output.traceback[-1:]
        return cell, resources
