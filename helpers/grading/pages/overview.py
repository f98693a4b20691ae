"""What feedback says of each graded part: its name, its points, and whether they were earned."""

from itertools import groupby
from typing import Any, NamedTuple

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import List

from helpers.grading.pages.marks_shown import digest_of_marks
from helpers.points import read_parts

__all__ = ["Overview", "PartResult"]

_HIDDEN_TEST = "Hidden test"


class PartResult(NamedTuple):
    """How a graded part of a notebook turned out.

    Attributes
    ----------
    identity
        The cell's `grade_id`.
    exercise
        The heading above it, as in :class:`helpers.points.Part`.
    name
        What students know it by.
    score, points
        The points that it has, and the most.
    status
        ``passed``, ``partly``, ``failed``, or ``waiting`` for a person.
    by
        Who decided or will: ``test``, ``person``, or ``nobody`` if there is no answer to decide on.
    hidden
        Whether a hidden test took points away.
    """

    identity: str
    exercise: str
    name: str
    score: float
    points: float
    status: str
    by: str
    hidden: bool

    @property
    def said(self) -> str:
        """The status and the points, in words."""
        if self.status == "waiting":
            return f"not marked yet, up to {self.points:g} points"
        words = {"passed": "passed", "partly": "in part", "failed": "not passed"}
        others = {"person": "marked by a person", "nobody": "not answered"}
        word = others.get(self.by, words[self.status])
        if self.hidden:
            word += " (hidden test)"
        return f"{word}, {self.score:g} of {self.points:g} points"


class Overview(NbGraderPreprocessor):
    """Put a :class:`PartResult` for each graded cell beside the notebook, for the page's template.

    It comes after `ShowLateness`, and leaves in ``resources["nbgrader"]``:

    - ``exercises``: pairs of an exercise's heading and its results, in the notebook's order;
    - ``result_of``: the results by the cell's `grade_id`;
    - ``waiting``: the points that a person has not decided yet;
    - ``marks``: the digest of all that the page says of marks.
    """

    # The HTML exporter sets it for every preprocessor; nbgrader warns of those that can't take it.
    display_data_priority: Any = List().tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Read the gradebook; the notebook stays as it is."""
        names = resources["nbgrader"]
        hidden = {
            cell.metadata.nbgrader.grade_id
            for cell in nb.cells
            if "nbgrader" in cell.metadata and _is_hidden(cell)
        }
        parts = []
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            names["marks"] = digest_of_marks(notebook, names["late"])
            grades = {grade.name: grade for grade in notebook.grades}
            for part in read_parts(nb):
                grade = grades[part.identity]
                status = _status(grade)
                parts.append(
                    PartResult(
                        identity=part.identity,
                        exercise=part.exercise,
                        name=part.name if part.tested else "Your answer",
                        score=grade.score,
                        points=grade.max_score,
                        status=status,
                        by="test" if part.tested else _marker(grade),
                        hidden=status != "passed" and part.identity in hidden,
                    )
                )
        names["exercises"] = [
            (exercise, list(group))
            for exercise, group in groupby(parts, key=lambda part: part.exercise)
        ]
        names["result_of"] = {part.identity: part for part in parts}
        names["waiting"] = sum(part.points for part in parts if part.status == "waiting")
        return nb, resources


def _is_hidden(cell: NotebookNode) -> bool:
    return any(output.get("ename") == _HIDDEN_TEST for output in cell.get("outputs", []))


def _status(grade: Grade) -> str:
    if grade.needs_manual_grade:
        return "waiting"
    if grade.score >= grade.max_score:
        return "passed"
    return "partly" if grade.score > 0 else "failed"


def _marker(grade: Grade) -> str:
    return "person" if grade.needs_manual_grade or grade.manual_score is not None else "nobody"
