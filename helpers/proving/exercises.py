"""The answers in an instructor's notebook that tests follow, and what is made of each."""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests

from helpers.errors import CourseError
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.judging.measurements import without_measurements
from helpers.grading.judging.plan import Plan
from helpers.grading.submission import Reference
from helpers.proving.operators import mutants, without_overwritten
from helpers.proving.rewrites import rewrites
from helpers.proving.scribblers import Scribbler, forgetful, scribblers
from helpers.proving.variants import Variant

__all__ = ["Exercise", "find_exercises", "visible_part"]


@dataclass(frozen=True)
class Exercise:
    """An answer in the instructor's notebook, and what tests it.

    Attributes
    ----------
    name
        The `grade_id` of the cell with the solution.
    notebook
        The name of the notebook it is in.
    text
        What it asks for: the text between the code above it and the answer, in Markdown.
    solution
        The code of the solution, as `ast.unparse` writes it.
    points
        What each of its tests gives at most, by `grade_id`.
    hidden
        Those of the tests that have a hidden part which can take off points.
    mutants
        The solution with one thing changed.
    rewrites
        The solution in other words.
    scribblers
        Wrong answers with and without writing on what they are given.
    """

    name: str
    notebook: str
    text: str
    solution: str
    points: Mapping[str, float]
    hidden: Collection[str]
    mutants: Sequence[Variant]
    rewrites: Sequence[Variant]
    scribblers: Sequence[Scribbler]

    @property
    def variants(self) -> list[Variant]:
        """All that is to be graded."""
        pairs = [pair for each in self.scribblers for pair in (each.plain, each.writing)]
        return [*self.rewrites, *self.mutants, *pairs]

    @property
    def count(self) -> int:
        """The number of verdicts on it: those on the variants, and on the one by heart."""
        return len(self.variants) + 1


def find_exercises(assignment: Assignment, only: str | None = None) -> list[Exercise]:
    """Find the answers in code that tests follow, and change them.

    Parameters
    ----------
    assignment
        As `course grade` reads it.
    only
        The `grade_id` of one answer, if not all are wanted.

    Raises
    ------
    CourseError
        If there is no such answer.
    """
    answers = {place: tests for place, tests in assignment.answers.items() if tests}
    known = [name for _, name in answers]
    if only is not None and only not in known:
        raise CourseError(f"no answer with tests has the name {only}; there are {', '.join(known)}")
    found = []
    cells, visible = _labelled(assignment), _labelled(visible_part(assignment))
    for (notebook, name), tests in answers.items():
        if only in (None, name):
            marks = {test: cells[notebook, test].metadata.nbgrader for test in tests}
            points = {test: float(mark.points) for test, mark in marks.items()}
            text = _text_above(assignment.references[notebook].notebook, name)
            source = cells[notebook, name].source
            hidden = {
                test
                for test in tests
                if _judged_lines(cells[notebook, test]) != _judged_lines(visible[notebook, test])
            }
            found.append(_exercise(name, notebook, text, source, points, hidden))
    return found


def _labelled(assignment: Assignment) -> dict[tuple[str, str], NotebookNode]:
    """Return the cells that nbgrader knows, by the name of the notebook and the `grade_id`."""
    return {
        (notebook, cell.metadata.nbgrader.grade_id): cell
        for notebook, reference in assignment.references.items()
        for cell in reference.notebook.cells
        if "nbgrader" in cell.metadata
    }


def _judged_lines(test: NotebookNode) -> list[str]:
    """Return what of a test can take off points: the marks and what it only measures can't."""
    lines = without_measurements(test.source).splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _text_above(notebook: NotebookNode, name: str) -> str:
    text: list[str] = []
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            break
        text = [*text, cell.source] if cell.cell_type == "markdown" else []
    return "\n\n".join(text)


def _exercise(
    label: str,
    notebook: str,
    text: str,
    source: str,
    tests: Mapping[str, float],
    hidden: Collection[str],
) -> Exercise:
    try:
        solution = without_overwritten(source)
    except SyntaxError as error:
        raise CourseError(
            f"the solution {label} is no plain Python ({error}): mutants are made of Python alone"
        ) from None
    wrong = [*mutants(solution), *forgetful(solution)]
    others = rewrites(solution), scribblers(solution)
    return Exercise(label, notebook, text, solution, tests, hidden, wrong, *others)


def visible_part(assignment: Assignment) -> Assignment:
    """Return the assignment without the hidden parts of its tests."""
    references = {}
    for name, reference in assignment.references.items():
        clear = ClearHiddenTests(config=reference.config)
        notebook, _ = clear.preprocess(copy.deepcopy(reference.notebook), {})
        references[name] = Reference(notebook, reference.config)
    plans = {name: Plan.of(reference.notebook) for name, reference in references.items()}
    return replace(assignment, references=references, plans=plans)
