"""What `nbgrader validate` and the Validate button tell students."""

import json
from pathlib import Path
from textwrap import fill, indent
from typing import Any

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, Execute
from nbgrader.validator import Validator

from helpers.grading.nbgrader_steps.credit import PartialCredit
from helpers.grading.nbgrader_steps.stderr import StderrAsOutput
from helpers.points import Part, Points, read_parts

__all__ = ["apply"]

_validate = Validator.validate


def apply() -> None:
    """Let nbgrader judge outputs as autograding does, and speak of exercises.

    None of it can be configured: the one is a list that no configuration reaches, the dialog shows
    the text of each failed cell, and on the terminal long lines are cut.
    """
    judged = [CheckCellMetadata, ClearOutput, Execute, StderrAsOutput, PartialCredit]
    Validator.preprocessors.default_args = (judged,)
    Validator.validate = _with_names
    Validator._indent = _indented


def _with_names(self: Validator, filename: str) -> dict[str, list[dict[str, str]]]:
    """Validate a notebook; name the checks that failed, and count the points."""
    results: dict[str, list[dict[str, str]]] = _validate(self, filename)
    failed = results.get("failed", [])
    # A notebook that passes has no entry whose text could say more.
    if not failed:
        return results
    parts, waiting, given = _parts(Path(filename)), list(failed), {}
    for part in parts:
        # In the notebook's order, as the entries are: some cells are alike.
        entry = next((entry for entry in waiting if entry["source"] == part.source.strip()), None)
        if entry is not None:
            waiting.remove(entry)
            entry["source"] = _name(part)
        elif part.tested:
            given[part.identity] = part.points
    summary = Points(tuple(parts), given).summary()
    failed[-1]["error"] += f"<br><br>{summary}"
    failed[-1]["raw_error"] += f"\n\n{summary}"
    return results


def _name(part: Part) -> str:
    if not part.tested:
        return f"{part.exercise} ({part.worth}, graded by a person)"
    return f"{part.exercise}: {part.name} ({part.worth})"


def _parts(notebook: Path) -> list[Part]:
    content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    return read_parts(content)


def _indented(self: Validator, text: str) -> str:
    lines = (strip_ansi(line) for line in text.split("\n"))
    width = self.width - len(self.indent)
    return indent("\n".join(fill(line, width) for line in lines), self.indent)
