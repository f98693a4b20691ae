"""Grade the instructor's own solutions: every test must give them all its points.

They are graded as students' work is, without the cells that only show something, and as badly
behaved as can be: each function writes on the arrays that it is given, before and after it answers.
A test whose verdict depends on that should be one about that: another could be won by a function
that does nothing else.
"""

import ast
import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from textwrap import dedent

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.cohort.assignment import read_assignment
from helpers.grading.course import open_course
from helpers.grading.execution.engine import Engine, Options
from helpers.grading.execution.preprocessor import ExecuteApart
from helpers.grading.judging.plan import Plan
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits, SandboxMissing, find_bubblewrap
from helpers.grading.scribbling import wrapped
from helpers.grading.submission import Reference, align

__all__ = ["Graded", "SolutionGrader"]

_WRITES_AND_ANSWERS = dedent(
    """
    write(given)
    try:
        return function(*arguments, **named)
    finally:
        write(given)
    """
)


@dataclass
class Graded:
    """The solutions of an assignment, graded.

    Attributes
    ----------
    problems
        For tests that take points off, a line each.
    sharing
        The tests that depend on what functions write on their arguments, since they ask for it.
    """

    problems: list[str] = field(default_factory=list)
    sharing: list[str] = field(default_factory=list)


class SolutionGrader:
    """Grades the solutions of assignments; safe to use from many threads.

    Parameters
    ----------
    root
        The course.
    cell_seconds
        Wall time that a cell may take.
    """

    def __init__(self, root: Path, cell_seconds: float) -> None:
        try:
            sandboxed = bool(find_bubblewrap())
        except SandboxMissing:
            # The solutions are the course's own.
            sandboxed = False
        self._course = open_course(root)
        self._parameters = ExecuteApart(config=self._course.config).parameters
        self._engine = Engine(Options(Limits(cell_seconds=cell_seconds), sandboxed=sandboxed))

    def grade(self, assignment: str) -> Graded:
        """Grade the solutions of an assignment."""
        parameters = self._parameters.get(assignment, {})
        given = read_assignment(self._course, assignment)
        graded = Graded()
        for name, reference in given.references.items():
            plan = given.plans[name]
            lost_points = partial(_lost_points, self._engine, reference, plan, parameters)
            try:
                badly = lost_points(_scribbling(reference.notebook), plan.tests)
                # What now loses nothing depends on what functions write.
                well = lost_points(reference.notebook, badly.keys())
            except NeedsReview as problem:
                graded.problems.append(f"the solution can't be graded: {problem}")
                continue
            graded.sharing += [test for test in badly if test not in well]
            graded.problems += [
                f"graded, the solution loses points of `{test}`: {reason}"
                for test, reason in well.items()
            ]
        return graded

    def close(self) -> None:
        """End all processes."""
        self._engine.close()


def _lost_points(
    engine: Engine,
    reference: Reference,
    plan: Plan,
    parameters: Mapping[str, float],
    notebook: NotebookNode,
    tests: Collection[str],
) -> dict[str, str]:
    """Grade a notebook; return the tests that do not give all their points, and why."""
    if not tests:
        return {}
    aligned, _ = align(notebook, reference)
    result = engine.execute("solution", aligned, plan, tests, parameters=parameters)
    found = dict(result.undecided["solution"])
    for cell in aligned.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in tests and name not in found:
            points, most = utils.determine_grade(cell)
            if points is not None and points < most:
                errors = [output for output in cell.outputs if output.output_type == "error"]
                found[name] = errors[0].evalue if errors else f"{points:g} of {most:g} points"
    return found


def _scribbling(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with answers whose functions write on their arguments."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            body = ast.parse(TransformerManager().transform_cell(cell.source)).body
            functions = [part.name for part in body if isinstance(part, ast.FunctionDef)]
            if functions:
                cell.source = f"{cell.source}\n{wrapped(functions, _WRITES_AND_ANSWERS)}"
    return notebook
