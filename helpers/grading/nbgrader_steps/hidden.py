"""Hidden tests stay hidden in the feedback."""

from collections.abc import Iterator
from typing import Any

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution
from traitlets import List

__all__ = ["HideHiddenTests"]

# Shorter lines, such as `else:`, tell nothing, and stand in many outputs by chance.
_SHORTEST = 8


class HideHiddenTests(ClearHiddenTests):
    """Cut hidden tests out of graded cells, and out of the outputs that quote them.

    Only the last line of an error in such a cell stays: its message, the hint for the student.
    Warnings, and errors in other cells that call what a hidden test defines, quote single lines.
    """

    # The HTML exporter sets it for every preprocessor; nbgrader warns of those that can't take it.
    display_data_priority: Any = List().tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change a notebook in place, after it was executed."""
        before = {line for cell in nb.cells for line in _lines(cell.source)}
        nb, resources = super().preprocess(nb, resources)
        secrets = before - {line for cell in nb.cells for line in _lines(cell.source)}
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                _cut_quotes(output, secrets)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change one cell in place."""
        # Where students write they may mention the markers, with which nbgrader would fail.
        if is_solution(cell) or not is_grade(cell):
            return cell, resources
        hidden = self.begin_test_delimeter in cell.source
        cell, resources = super().preprocess_cell(cell, resources, index)
        if hidden:
            # What a student's function printed may be what the hidden test called it with.
            cell.outputs = [o for o in cell.outputs if o.output_type != "stream"]
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = output.traceback[-1:]
        return cell, resources


def _lines(source: str) -> Iterator[str]:
    return (line.strip() for line in source.splitlines() if len(line.strip()) >= _SHORTEST)


def _cut_quotes(output: NotebookNode, secrets: set[str]) -> None:
    if not secrets:
        return

    def cut(text: str) -> str:
        lines = ((line, strip_ansi(line)) for line in text.split("\n"))
        return "\n".join(
            line for line, plain in lines if not any(secret in plain for secret in secrets)
        )

    if output.output_type == "stream":
        output.text = cut(output.text)
    elif output.output_type == "error":
        output.traceback = [cut(part) for part in output.traceback]
    elif "text/plain" in output.data:
        output.data["text/plain"] = cut(output.data["text/plain"])
