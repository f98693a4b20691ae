"""What a worker is given for a submission, what it does, and what it gives back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.cohort.extra_files import find_undecided
from helpers.grading.cohort.version import grader_version
from helpers.grading.execution.engine import Engine, Options, engine
from helpers.grading.results import GradingResult
from helpers.grading.review import failure
from helpers.grading.submission import align, read_notebook
from helpers.grading.submission.loading import SubmittedFiles

__all__ = ["Executed", "Task", "aligned", "execute"]


@dataclass(frozen=True)
class Executed:
    """A submission that was executed and judged.

    Parameters
    ----------
    result
        How that went.
    notebooks
        Aligned and executed, by their names; none if all of it needs review.
    """

    result: GradingResult
    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A submission to execute.

    Parameters
    ----------
    assignment
        What it is graded against.
    files
        What was submitted.
    options
        How to execute it.
    grader
        From `version.grader_version`, where the task was made.
    only, previous
        The tests to judge anew, all by default, and where the others come from.
    """

    assignment: Assignment
    files: SubmittedFiles
    options: Options
    grader: str
    only: frozenset[str] | None = None
    previous: Executed | None = None


def execute(task: Task) -> Executed:
    """Repair and execute a submission, and judge its tests; for workers.

    Whatever goes wrong is this submission's alone, and becomes the reason why it needs review.
    """
    if task.grader != grader_version():
        reason = (
            "the worker that had it has another version of the course or of its packages; "
            "install the same there, and grade it again"
        )
        return Executed(GradingResult(reason))
    try:
        return _execute(task)
    except CourseError as error:
        return Executed(GradingResult(str(error)))
    except Exception as error:
        reason = f"{failure('the grader', error)}, and grade it by hand"
        return Executed(GradingResult(reason))


def aligned(task: Task) -> Iterator[tuple[str, NotebookNode, list[str]]]:
    """Yield the name of each notebook, the notebook in the assignment's form, and its repairs.

    Raises
    ------
    NeedsReview
        If one can't be read, or is not the assignment's.
    """
    for name, content in task.files.notebooks.items():
        notebook, reading = read_notebook(name, content)
        notebook, alignment = align(notebook, task.assignment.references[name])
        yield name, notebook, [*reading, *alignment]


def _execute(task: Task) -> Executed:
    grader = engine(task.options)
    parts = [GradingResult(repairs=list(task.files.repairs))]
    notebooks = {}
    for name, notebook, repairs in aligned(task):
        # Where plain nbgrader has it as well, see `RepairCells`.
        notebook.metadata.course_repairs = repairs
        parts.append(GradingResult(repairs=repairs))
        judged = _judge(task, name, notebook, grader)
        needing = find_undecided(notebook, task.files.others)
        parts += [GradingResult(undecided={name: needing}), *judged]
        notebooks[name] = notebook
    return Executed(GradingResult.combined(parts), notebooks)


def _judge(task: Task, name: str, notebook: NotebookNode, grader: Engine) -> list[GradingResult]:
    """Execute a notebook, which is changed; return what is known of it from earlier, and now."""
    plan, limits = task.assignment.plans[name], task.assignment.limits
    parameters = task.assignment.parameters
    if task.only is None or task.previous is None:
        return [grader.execute(name, notebook, plan, None, limits, parameters)]
    before = task.previous.notebooks[name]
    outputs = {cell.id: cell.outputs for cell in before.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs.get(cell.id, [])
    kept = task.previous.result.of_tests(name, set(plan.tests) - task.only)
    return [kept, grader.execute(name, notebook, plan, task.only, limits, parameters)]
