"""Points so far: what the outputs say that a notebook was saved with."""

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Exercise", "exercises"]


class Exercise(NamedTuple):
    """The points of one exercise.

    Attributes
    ----------
    title
        Its heading, without the points.
    passed
        The points of the checks that have run without an error.
    checks
        The points of all checks.
    written
        The points that a person gives.
    """

    title: str
    passed: float
    checks: float
    written: float


def exercises(notebook: Mapping[str, Any]) -> list[Exercise]:
    """Add up points by exercise: by the heading that graded cells stand under.

    Parameters
    ----------
    notebook
        A notebook in format 4, as `json.load` or `nbformat.read` gives it. Hidden tests aren't in
        the notebook of a student, so they do not count.

    Returns
    -------
    In the order of the notebook, exercises that give points.
    """
    found: dict[str, Exercise] = {}
    heading = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            heading = _heading(cell) or heading
        grading = cell["metadata"].get("nbgrader")
        if not (isinstance(grading, Mapping) and grading.get("grade")):
            continue
        title, passed, checks, written = found.get(heading, Exercise(heading, 0, 0, 0))
        points = grading.get("points", 0)
        if cell["cell_type"] == "code" and not grading.get("solution"):
            passed += points if _has_passed(cell) else 0
            checks += points
        else:
            written += points
        found[heading] = Exercise(title, passed, checks, written)
    return list(found.values())


def _heading(cell: Mapping[str, Any]) -> str:
    """Return the last heading of the first or second level in a Markdown cell."""
    lines = "".join(cell["source"]).splitlines()
    headings = [line.lstrip("#") for line in lines if line.startswith(("# ", "## "))]
    # "Exercise 3: max pooling (3 points)": the points are counted.
    return headings[-1].partition(" (")[0].strip() if headings else ""


def _has_passed(cell: Mapping[str, Any]) -> bool:
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    return cell["execution_count"] is not None and not errors
