"""What a cell prints and shows, as it stands in a notebook."""

import json
import math
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbformat.validator import get_validator

import helpers
from helpers.grading.execution.judge import Verdict

__all__ = ["OutputCollector", "error_output", "verdict_outputs", "without_paths"]

# Characters of text that are kept of a cell: of more, nobody reads the middle.
_KEPT_TEXT = 200_000
_DEEPEST = 30
# Lists and dictionaries take far more memory than the text that they were written in.
_MOST_VALUES = 200_000
_MOST_BRACKETS = 400_000
# A message costs more than its text.
_MESSAGE = 500
_CELL = new_code_cell(id="cell")
# `nbformat.validate` takes minutes to explain a wrong output of some kilobytes in full.
_VALIDATOR = get_validator(4, 5, name="fastjsonschema")
# Where the grader has its packages: nothing that a student would know.
_FOLDERS = sorted(
    {
        *(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")),
        str(Path(helpers.__file__).parents[1]),
    },
    key=len,
    reverse=True,
)


class OutputCollector:
    """Collects the outputs of a cell from lines that may hold anything.

    Parameters
    ----------
    outputs
        Where they go.
    most
        Bytes that are shown; what comes then is ignored.

    Attributes
    ----------
    most : int
        As given.
    size : int
        Bytes received so far.
    """

    def __init__(self, outputs: list[NotebookNode], most: int) -> None:
        self._outputs = outputs
        self.most = most
        self._shown: dict[str, NotebookNode] = {}
        self._clear_first = False
        self.size = 0

    def show(self, line: bytes) -> None:
        """Add what a message says; one that breaks the rules of Jupyter is ignored.

        Parameters
        ----------
        line
            The type of the message and its content, as a list in JSON.
        """
        self.size += _MESSAGE + len(line)
        brackets = line.count(b"[") + line.count(b"{")
        if self.size > self.most or brackets > _MOST_BRACKETS:
            return
        try:
            kind, content = json.loads(line)
            self._show(kind, content)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return

    def _show(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "clear_output":
            self._clear_first = bool(content.get("wait"))
            if not self._clear_first:
                self._outputs.clear()
            return
        fields = {
            "stream": ("name", "text"),
            "error": ("ename", "evalue", "traceback"),
            "display_data": ("data", "metadata"),
            "update_display_data": ("data", "metadata"),
            "execute_result": ("data", "metadata", "execution_count"),
        }.get(kind)
        if fields is None:
            return
        shape = "display_data" if kind == "update_display_data" else kind
        budget = iter(range(_MOST_VALUES))
        given = {name: _printable(content.get(name), budget) for name in fields}
        if kind == "stream" and not isinstance(given["text"], str):
            return
        output = nbformat.from_dict({"output_type": shape, **given})
        _check(output)
        transient = content.get("transient")
        identity = str(transient.get("display_id")) if isinstance(transient, dict) else None
        if kind == "update_display_data":
            if identity in self._shown:
                self._shown[identity].update(data=output.data, metadata=output.metadata)
            return
        if self._clear_first:
            self._outputs.clear()
            self._clear_first = False
        if kind == "stream" and self._extends_last(output):
            return
        self._outputs.append(output)
        if identity is not None:
            self._shown[identity] = output

    def _extends_last(self, output: NotebookNode) -> bool:
        last = self._outputs[-1] if self._outputs else None
        if last is None or last.output_type != "stream" or last.name != output.name:
            return False
        last.text += output.text
        if len(last.text) > 2 * _KEPT_TEXT:
            last.text = last.text[:_KEPT_TEXT] + "\n…\n" + last.text[-_KEPT_TEXT // 2 :]
        return True


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
    shown = f"\x1b[1m{kind}:\x1b[0m {message or 'no reason was given'}"
    lines = [shown] if detail is None else [f"For instructors: {detail}", shown]
    return new_output("error", ename=kind, evalue=message, traceback=lines)


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


def _check(output: NotebookNode) -> None:
    """Raise a `ValueError` if a notebook can't hold it."""
    cell = {**_CELL, "outputs": [output]}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    try:
        _VALIDATOR.validate(notebook)
    except nbformat.ValidationError as error:
        raise ValueError("no output of a notebook") from error


def _printable(value: Any, budget: Iterator[int], depth: int = 0) -> Any:
    """Copy JSON data, with question marks for unpaired surrogates, which no file can hold.

    As Jupyter does, NaN and infinities become text: in a file, JupyterLab could not open it.
    """
    if depth > _DEEPEST or next(budget, None) is None:
        raise ValueError("it would overtax whoever goes through it")
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_printable(item, budget, depth + 1) for item in value]
    if isinstance(value, dict):
        return {
            _printable(key, budget, depth): _printable(item, budget, depth + 1)
            for key, item in value.items()
        }
    return value
