"""Grade sample submissions with the course's own command, in a course folder of their own."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.samples.build import ROOT

__all__ = ["Graded", "course_copy", "grade", "grade_samples", "graded"]


@dataclass(frozen=True)
class Graded:
    """What came of a submission.

    Attributes
    ----------
    points
        The points of every autograded test, by ``grade_id``.
    errors
        The ids of the cells, other than tests, that stopped with an error.
    messages
        What the student reads below each test that failed, by ``grade_id``.
    """

    points: dict[str, float]
    errors: list[str]
    messages: dict[str, str]


def course_copy(folder: Path, assignment: str, samples: Mapping[str, NotebookNode]) -> Path:
    """Put an assignment and its submissions into the course in `folder`, and return the folder."""
    (folder / "source").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "source" / assignment, folder / "source" / assignment)
    for name, notebook in samples.items():
        place = folder / "submitted" / name / assignment
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{assignment}.ipynb")
    return folder


def grade_samples(
    folder: Path, assignment: str, samples: Mapping[str, NotebookNode]
) -> dict[str, Graded]:
    """Grade submissions with ``course grade``; return what came of each, by its name."""
    course = course_copy(folder / "course", assignment, samples)
    grade(course)
    return graded(course, assignment)


def grade(course: Path, *options: str) -> None:
    """Grade all submissions of a course with ``course grade``."""
    command = [sys.executable, "-m", "helpers.cli", "grade", *options]
    run = subprocess.run(
        command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if run.returncode:
        raise RuntimeError(f"course grade ended with {run.returncode}:\n{run.stdout}")


def graded(course: Path, assignment: str) -> dict[str, Graded]:
    """Return what came of each submission of an assignment, by its name."""
    found = {}
    for name, points in _points(course, assignment).items():
        path = course / "autograded" / name / assignment / f"{assignment}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        found[name] = Graded(points, _errors(notebook), _messages(notebook))
    return found


def _points(course: Path, assignment: str) -> dict[str, dict[str, float]]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.auto_score is not None
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def _errors(notebook: NotebookNode) -> list[str]:
    return [
        cell.id
        for cell in notebook.cells
        if not cell.metadata.get("nbgrader", {}).get("grade")
        and any(output.output_type == "error" for output in cell.get("outputs", []))
    ]


def _messages(notebook: NotebookNode) -> dict[str, str]:
    return {
        cell.metadata.nbgrader.grade_id: output.evalue
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
