"""Points so far: what the outputs say that a notebook was saved with."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Exercise", "exercises"]

# "## Exercise 3: max pooling (3 points)", without the points, which are counted.
_HEADING = re.compile(r"^## (Exercise .+?)(?: \([^()]*\))?$", re.MULTILINE)


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
    """Add up points by exercise, that is by the heading `## Exercise …` above graded cells.

    Parameters
    ----------
    notebook
        A notebook in format 4, as `json.load` or `nbformat.read` gives it. Hidden tests aren't in
        the notebook of a student, so they do not count.

    Returns
    -------
    In the order of the notebook, exercises that give points; what stands above the first heading
    is called "Exercises".
    """
    found: dict[str, Exercise] = {}
    heading = "Exercises"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            heading = (_HEADING.findall("".join(cell["source"])) or [heading])[-1]
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


def _has_passed(cell: Mapping[str, Any]) -> bool:
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    return cell["execution_count"] is not None and not errors
