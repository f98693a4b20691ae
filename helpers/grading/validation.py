"""What `nbgrader validate` and the Validate button tell students."""

import json
from pathlib import Path
from textwrap import fill, indent
from typing import Any

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, Execute
from nbgrader.validator import Validator

from helpers.grading.credit import PartialCredit
from helpers.grading.stderr import StderrAsOutput
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
    if results.keys() & {"changed", "type_changed"} or self.invert:
        return results
    parts = _parts(Path(filename))
    tests = [part for part in parts if part.tested]
    if not tests:
        return results
    failed = {entry["source"]: entry for entry in results.get("failed", [])}
    given = {part.identity: part.points for part in tests if part.source.strip() not in failed}
    summary = Points(tuple(parts), given).summary()
    if not failed:
        names = [_name(part) for part in tests]
        return {"passed": [{"source": "\n".join([*names, "", summary])}]}
    for part in parts:
        if entry := failed.get(part.source.strip()):
            entry["source"] = _name(part)
    last = results["failed"][-1]
    last["error"] += f"<br><br>{summary}"
    last["raw_error"] += f"\n\n{summary}"
    return results


def _name(part: Part) -> str:
    points = f"{part.points:g} point{'s' * (part.points != 1)}"
    if not part.tested:
        return f"{part.exercise} ({points}, graded by a person)"
    return f"{part.exercise}: {part.name} ({points})"


def _parts(notebook: Path) -> list[Part]:
    content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    return read_parts(content)


def _indented(self: Validator, text: str) -> str:
    lines = (strip_ansi(line) for line in text.split("\n"))
    width = self.width - len(self.indent)
    return indent("\n".join(fill(line, width) for line in lines), self.indent)
