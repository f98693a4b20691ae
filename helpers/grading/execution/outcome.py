"""What came of a submission."""

import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

import helpers
from helpers.grading.execution.judge import Verdict

__all__ = ["Outcome", "cell_name", "error_output", "verdict_outputs", "without_paths"]

# Where the grader has its packages: nothing that a student would know.
_FOLDERS = sorted(
    {
        *(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")),
        str(Path(helpers.__file__).parents[1]),
    },
    key=len,
    reverse=True,
)


@dataclass
class Outcome:
    """What came of a submission.

    Attributes
    ----------
    notebook
        With the outputs of the student's cells, and those of tests as nbgrader reads them.
    incidents
        Crashes and limits hit, one line each, in plain words.
    undecided
        For tests that the grader can't decide, by their ids: why a person has to.
    seconds
        Wall time.
    memory
        Most bytes that the student's processes had together.
    warm, sandboxed
        Whether the kernel came from the template, and whether it was locked up.
    """

    notebook: NotebookNode
    incidents: list[str] = field(default_factory=list)
    undecided: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0
    warm: bool = False
    sandboxed: bool = True


def verdict_outputs(verdict: Verdict) -> list[NotebookNode]:
    """Write the verdict of the judge as the outputs that nbgrader takes points from."""
    if verdict.outcome == "failed":
        return [error_output(verdict.kind, verdict.message or "", verdict.detail)]
    if verdict.message is None:
        return []
    data = {"text/plain": verdict.message}
    return [new_output("execute_result", data=data, execution_count=None)]


def error_output(kind: str, message: str, detail: str | None = None) -> NotebookNode:
    """Write an error as an output, without a traceback.

    Parameters
    ----------
    kind, message
        What the student reads.
    detail
        What the instructor reads above it: feedback shows of a hidden test the last line alone.
    """
    # An error without a text says nothing but that there is one.
    shown = f"\x1b[31m{kind}:\x1b[0m {message or 'no reason was given'}"
    lines = [shown] if detail is None else [f"For instructors: {detail}", shown]
    return new_output("error", ename=kind, evalue=message, traceback=lines)


def cell_name(cell: NotebookNode) -> str:
    """Return what a cell is called in reports."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {cell.get('id', '')}"


def without_paths(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Shorten the grader's own paths in what a cell printed and raised; changes the outputs."""
    for output in outputs:
        if output.output_type == "stream":
            output.text = _without_paths(output.text)
        elif output.output_type == "error":
            output.evalue = _without_paths(output.evalue)
            output.traceback = list(map(_without_paths, output.traceback))
        elif isinstance(output.data.get("text/plain"), str):
            output.data["text/plain"] = _without_paths(output.data["text/plain"])
    return outputs


def _without_paths(text: str) -> str:
    for folder in _FOLDERS:
        text = text.replace(folder, "…")
    return text
