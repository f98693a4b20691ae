"""Small cells, notebooks and courses, built by code for the tests."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.commands.lint import KERNELSPEC

COURSE = Path(sys.executable).with_name("course")

# A line of code whose output writes over itself, as a progress bar does.
PROGRESS_BAR = (
    "print('half', 'done', sep='-', end='\\r', flush=True); print('all', 'done ', sep='-')"
)

Cell = dict[str, Any]
Notebook = dict[str, Any]


def markdown_cell(source: str, cell_id: str, nbgrader: dict[str, Any] | None = None) -> Cell:
    """Prose or, with grading metadata, a written answer."""
    return {
        "cell_type": "markdown",
        "id": cell_id,
        "metadata": {"nbgrader": nbgrader} if nbgrader else {},
        "source": source.splitlines(keepends=True),
    }


def code_cell(source: str, cell_id: str, nbgrader: dict[str, Any] | None = None) -> Cell:
    """Code without outputs; `nbgrader` is its grading metadata."""
    cell = markdown_cell(source, cell_id, nbgrader)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def solution_cell(source: str, cell_id: str) -> Cell:
    """Code for students to write; `source` has the marked solution."""
    return code_cell(source, cell_id, grading(cell_id, solution=True))


def test_cell(source: str, cell_id: str, points: float = 1) -> Cell:
    """Code that tests an answer."""
    return code_cell(source, cell_id, grading(cell_id, grade=True, locked=True, points=points))


# It builds a test, it is none.
test_cell.__test__ = False  # type: ignore[attr-defined]


def grading(grade_id: str, **changes: Any) -> dict[str, Any]:
    """nbgrader's metadata for a cell; by default it is neither answer nor test."""
    return {
        "grade": False,
        "grade_id": grade_id,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
        **changes,
    }


def notebook(cells: list[Cell], **changes: Any) -> Notebook:
    """A notebook as the course wants it; `changes` replace its parts, e.g. `metadata={}`."""
    return {
        "cells": cells,
        "metadata": {"kernelspec": KERNELSPEC},
        "nbformat": 4,
        "nbformat_minor": 5,
        **changes,
    }


def square_notebook() -> Notebook:
    """A whole little assignment: one exercise, a visible test with a hidden one, 2 points."""
    return notebook(
        [
            markdown_cell("# Squares", "title"),
            solution_cell(
                "def square(number):\n"
                "    ### BEGIN SOLUTION\n"
                "    secret_product = number * number\n"
                "    return secret_product\n"
                "    ### END SOLUTION",
                "square",
            ),
            test_cell(
                '"""Check that small numbers are squared."""\n'
                "assert square(3) == 9\n"
                "### BEGIN HIDDEN TESTS\n"
                "assert square(-7) == 49\n"
                "### END HIDDEN TESTS",
                "square_small",
                points=2,
            ),
        ]
    )


def course(
    folder: Path,
    notebooks: Mapping[str, Notebook | bytes],
    config: str = "c = get_config()\n",
    thresholds: str = "",
) -> Path:
    """A course with a notebook (or any bytes in its place) for each assignment.

    Parameters
    ----------
    folder
        Where to put it.
    notebooks
        By the name of the assignment.
    config, thresholds
        The text of nbgrader_config.py and of source/thresholds.toml.
    """
    (folder / "source").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(config)
    (folder / "source" / "thresholds.toml").write_text(thresholds)
    for name, content in notebooks.items():
        write_source(folder, name, content)
    return folder


def write_source(root: Path, assignment: str, content: Notebook | bytes) -> Path:
    """Put the source notebook of an assignment into a course."""
    path = root / "source" / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(exist_ok=True)
    as_json = isinstance(content, dict)
    path.write_bytes(f"{json.dumps(content, indent=1)}\n".encode() if as_json else content)
    return path


def run_course(
    folder: Path, *arguments: str, prefix: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the real `course` command in a folder; `prefix` is a command that runs it, if any."""
    return subprocess.run(
        [*prefix, str(COURSE), *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file in a folder, to see whether anything changed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
