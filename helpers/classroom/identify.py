"""Which notebook of the course a file is, going by its cells and not by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.grading.submission import read_notebook
from helpers.grading.submission.matching import grade_id_of
from helpers.grading.submission.reference import strip_whitespace

__all__ = ["CourseNotebook", "Marks", "identify", "read_marks"]

# A shorter text may be the same in other courses.
_SHORTEST = 30

# One in so many has to be there: a single `setup` may be from another course.
_FEW = 20

Marks = frozenset[tuple[str, str]]
"""What the cells of a notebook can be known by: a kind of mark, and its text."""


@dataclass(frozen=True, order=True)
class CourseNotebook:
    """A notebook of an assignment, without `.ipynb`."""

    assignment: str
    name: str


def read_marks(root: Path, assignments: list[str]) -> dict[CourseNotebook, Marks]:
    """Read what the cells of the course's notebooks can be known by.

    Raises
    ------
    CourseError
        If a notebook in source/ can't be read.
    """
    marks = {}
    for assignment in assignments:
        for path in sorted((root / "source" / assignment).glob("*.ipynb")):
            notebook, _ = read_notebook(path.stem, path.read_bytes())
            found = _marks(notebook)
            released = root / "release" / assignment / path.name
            if released.is_file():
                found |= _marks(read_notebook(path.stem, released.read_bytes())[0])
            marks[CourseNotebook(assignment, path.stem)] = found
    if not marks:
        raise CourseError("source/ has no notebook, so none can be recognised")
    return marks


def identify(
    name: str, content: bytes, marks: Mapping[CourseNotebook, Marks]
) -> CourseNotebook | None:
    """Find the notebook of the course that a file is a copy of.

    Parameters
    ----------
    name
        What to call the file in an error.
    content
        Its bytes.
    marks
        From `read_marks`.

    Returns
    -------
    CourseNotebook or None
        None for another notebook: hardly a cell of it is from the course, or as many are from one
        assignment as from another.

    Raises
    ------
    NeedsReview
        If it is no notebook.
    """
    notebook, _ = read_notebook(name, content)
    own = _marks(notebook)
    shares = sorted(((len(own & known), one) for one, known in marks.items()), reverse=True)
    best, found = shares[0]
    few = best * _FEW < len(marks[found])
    if not best or few or (len(shares) > 1 and shares[1][0] == best):
        return None
    return found


def _marks(notebook: NotebookNode) -> Marks:
    """List grade ids, ids of cells, and texts, squeezed: programs that rewrite one keep another."""
    found = set()
    for cell in notebook.cells:
        label, text = grade_id_of(cell), strip_whitespace(cell.source)
        found |= {("label", label)} if label else set()
        found |= {("id", cell.id)} if cell.get("id") else set()
        found |= {("text", text)} if len(text) >= _SHORTEST else set()
    return frozenset(found)
