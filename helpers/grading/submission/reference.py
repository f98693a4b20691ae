"""The assignment's own notebook: what a submission should be."""

import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)
from traitlets.config import Config

from helpers.errors import CourseError
from helpers.grading.course import open_course
from helpers.grading.submission.names import bound_names

__all__ = ["ANSWER", "LOCKED", "PLAIN", "WRITTEN", "Reference", "ReferenceCell", "strip_whitespace"]

ANSWER = "answer"
WRITTEN = "written answer"
LOCKED = "locked cell"
PLAIN = "plain cell"

# What nbgrader does to a notebook before it saves its cells in the gradebook, and after that.
_TO_GRADE = (LockCells, ClearSolutions, ComputeChecksums)
_TO_RELEASE = (ClearHiddenTests, ClearMarkScheme)


def strip_whitespace(text: str) -> str:
    """Return text without any white space, to compare it."""
    return "".join(text.split())


@dataclass(frozen=True)
class ReferenceCell:
    """One cell of the assignment.

    Parameters
    ----------
    index
        Its place in the assignment.
    kind
        `ANSWER` (code), `WRITTEN` (in words), `LOCKED` (a test, a set-up or a task) or `PLAIN`.
    node
        The cell with the stub of an answer, and with hidden tests.
    released
        The text that students were given.
    names
        The names that an answer has to bind; empty for other kinds.
    """

    index: int
    kind: str
    node: NotebookNode
    released: str
    names: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The `grade_id` in nbgrader's metadata; the cell's own id, if it is a plain cell."""
        if self.kind == PLAIN:
            return str(self.node.id)
        return str(self.node.metadata.nbgrader.grade_id)

    @property
    def texts(self) -> frozenset[str]:
        """What the cell may hold if nobody has changed it, squeezed."""
        return frozenset(map(strip_whitespace, (self.released, self.node.source)))

    def unchanged(self, cell: NotebookNode) -> bool:
        """Tell whether a student's cell is still what was released."""
        return cell.cell_type == self.node.cell_type and strip_whitespace(cell.source) in self.texts

    def unanswered(self, cell: NotebookNode) -> bool:
        """Tell whether a student's cell is empty or holds the stub alone."""
        return strip_whitespace(cell.source) in self.texts | {""}


@dataclass(frozen=True)
class Reference:
    """What the assignment's notebook should be.

    Parameters
    ----------
    notebook
        The instructor's notebook, with solutions and hidden tests.
    config
        The course's settings, which know the stubs and the marks of solutions and hidden tests.
    """

    notebook: NotebookNode
    config: Config = field(default_factory=Config, repr=False)

    @classmethod
    def read(cls, path: Path) -> "Reference":
        """Read COURSE/source/NAME/NAME.ipynb with the settings of the course.

        Raises
        ------
        CourseError
            If the notebook or the settings can't be read.
        """
        return cls(_read(path), open_course(path.absolute().parents[2]).config)

    @classmethod
    def of_converted(
        cls, preprocessor: NbGraderPreprocessor, resources: dict[str, Any]
    ) -> "Reference":
        """Read that of the notebook which nbgrader has given to one of its preprocessors."""
        # The parent is the exporter, and its parent is nbgrader's converter.
        course = preprocessor.parent.parent.coursedir
        where = resources["nbgrader"]
        folder = course.format_path(course.source_directory, ".", where["assignment"])
        return cls.read(Path(folder, f"{where['notebook']}.ipynb"))

    @cached_property
    def cells(self) -> tuple[ReferenceCell, ...]:
        """All cells of the assignment, in order."""
        graded = self._convert(self.notebook, _TO_GRADE)
        released = self._convert(graded, _TO_RELEASE)
        return tuple(
            _describe(index, node, given.source, solved.source)
            for index, (node, given, solved) in enumerate(
                zip(graded.cells, released.cells, self.notebook.cells, strict=True)
            )
        )

    @cached_property
    def labelled(self) -> tuple[ReferenceCell, ...]:
        """The cells that nbgrader knows: answers, tests, set-ups."""
        return tuple(cell for cell in self.cells if cell.kind != PLAIN)

    def _convert(
        self, notebook: NotebookNode, steps: tuple[type[NbGraderPreprocessor], ...]
    ) -> NotebookNode:
        notebook = copy.deepcopy(notebook)
        for step in steps:
            notebook, _ = step(config=self.config).preprocess(notebook, {})
        return notebook


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise CourseError(
            f"{path} can't be read ({type(error).__name__}: {error}); run `course build`, "
            "which says what is wrong in source/"
        ) from error


def _describe(index: int, node: NotebookNode, released: str, solved: str) -> ReferenceCell:
    for name in ("outputs", "execution_count"):
        if name in node:
            node[name] = [] if name == "outputs" else None
    mark = node.metadata.get("nbgrader", {})
    if mark.get("solution"):
        if node.cell_type != "code":
            return ReferenceCell(index, WRITTEN, node, released)
        # A solution binds more than it must; a stub may leave everything to the student.
        names = bound_names(released) or bound_names(solved)
        return ReferenceCell(index, ANSWER, node, released, names)
    locked = mark.get("grade") or mark.get("locked") or mark.get("task")
    return ReferenceCell(index, LOCKED if locked else PLAIN, node, released)
