"""What a worker is given for a submission, what it does, and what it gives back."""

import atexit
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from helpers.errors import CourseError
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.cohort.extra_files import leave_what_needs_them
from helpers.grading.cohort.version import grader_version
from helpers.grading.execution.engine import Engine
from helpers.grading.execution.outcome import Outcome
from helpers.grading.repair import align, read_notebook
from helpers.grading.sandbox import Limits

__all__ = ["Options", "Previous", "Result", "Task", "engine", "execute", "stopping"]


@dataclass(frozen=True)
class Options:
    """How to execute.

    Parameters
    ----------
    limits
        What a submission may use, unless its task says something else.
    warm
        Whether kernels come from a process that has everything imported.
    sandboxed
        Whether students' code is locked up.
    all_cells
        Whether cells that only show something are run, too.
    """

    limits: Limits
    warm: bool = True
    sandboxed: bool = True
    all_cells: bool = False


@dataclass(frozen=True)
class Previous:
    """What an earlier grading found, of which a part is kept.

    Parameters
    ----------
    notebooks
        The autograded ones as JSON, by their names.
    undecided
        For each notebook, the tests that were left to a person, with the reasons.
    incidents
        The crashes and limits hit.
    """

    notebooks: Mapping[str, str]
    undecided: Mapping[str, Mapping[str, str]]
    incidents: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A submission to execute.

    Parameters
    ----------
    assignment
        What it is graded against.
    notebooks
        What was submitted: bytes by the notebook's name.
    options
        How to execute it.
    limits
        What it may use.
    parameters
        The largest values of its parameters.
    others
        The names of other files that were submitted.
    grader
        From `version.grader_version`, where the task was made.
    only, previous
        The tests to judge anew, all by default, and where the others come from.
    """

    assignment: Assignment
    notebooks: Mapping[str, bytes]
    others: tuple[str, ...]
    options: Options
    limits: Limits
    parameters: Mapping[str, float]
    grader: str
    only: frozenset[str] | None = None
    previous: Previous | None = None


@dataclass(frozen=True)
class Result:
    """What came of a submission, in plain data.

    Parameters
    ----------
    problem
        Why a person has to grade all of it; else empty, and the rest is there.
    notebooks
        Aligned and executed, as JSON, by their names.
    repairs, incidents
        What was repaired, and the crashes and limits hit, a line each.
    undecided
        For each notebook, the tests that are left to a person, with the reasons.
    seconds, memory
        Wall time, and most bytes that the student's processes had together.
    warm, sandboxed
        How it was executed.
    """

    problem: str = ""
    notebooks: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    undecided: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0
    warm: bool = False
    sandboxed: bool = True


def execute(task: Task) -> Result:
    """Repair and execute a submission, and judge its tests; for workers.

    Whatever goes wrong is this submission's alone, and becomes its `problem`.
    """
    if task.grader != grader_version():
        return Result(
            "the worker that had it has another version of the course or of its packages; "
            "install the same there, and grade it again"
        )
    try:
        return _execute(task)
    except CourseError as error:
        return Result(str(error))
    except Exception as error:
        message = (str(error).splitlines() or [""])[0][:160]
        return Result(
            f"the grader fails with {type(error).__name__}: {message}; look at the notebook, "
            "and grade it by hand"
        )


def _execute(task: Task) -> Result:
    grader = engine(task.options)
    repairs: list[str] = []
    outcomes: dict[str, Outcome] = {}
    for name, content in task.notebooks.items():
        notebook, reading = read_notebook(name, content)
        aligned, alignment = align(notebook, task.assignment.references[name])
        lines = [*reading, *alignment]
        # Where plain nbgrader has it as well, see `RepairCells`.
        aligned.metadata.course_repairs = lines
        repairs += lines
        outcomes[name] = _judge(task, name, aligned, grader)
        leave_what_needs_them(outcomes[name], task.others)
    return Result(
        notebooks={name: nbformat.writes(outcomes[name].notebook) for name in outcomes},
        repairs=tuple(repairs),
        incidents=tuple(line for outcome in outcomes.values() for line in outcome.incidents),
        undecided={name: outcome.undecided for name, outcome in outcomes.items()},
        seconds=sum(outcome.seconds for outcome in outcomes.values()),
        memory=max(outcome.memory for outcome in outcomes.values()),
        warm=all(outcome.warm for outcome in outcomes.values()),
        sandboxed=all(outcome.sandboxed for outcome in outcomes.values()),
    )


def _judge(task: Task, name: str, aligned: NotebookNode, engine: Engine) -> Outcome:
    plan = task.assignment.plans[name]
    if task.only is None or task.previous is None:
        return engine.execute(aligned, plan, None, task.limits, task.parameters)
    before = nbformat.reads(task.previous.notebooks[name], as_version=4)
    outputs = {cell.id: cell.outputs for cell in before.cells if cell.cell_type == "code"}
    for cell in aligned.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs.get(cell.id, [])
    kept = set(plan.tests) - task.only
    outcome = engine.execute(aligned, plan, task.only, task.limits, task.parameters)
    undecided = task.previous.undecided.get(name, {})
    outcome.undecided |= {test: undecided[test] for test in kept & undecided.keys()}
    incidents = (line for line in task.previous.incidents if line.partition(":")[0] in kept)
    outcome.incidents = [*incidents, *outcome.incidents]
    return outcome


# One engine for each process, as its template is large; tasks of many threads share it.
_engines: dict[Options, Engine] = {}
_lock = threading.Lock()


def engine(options: Options) -> Engine:
    """Return the engine of this process; the first time, it begins to get ready."""
    with _lock:
        if options not in _engines:
            new = Engine(
                options.limits,
                warm=options.warm,
                sandboxed=options.sandboxed,
                all_cells=options.all_cells,
            )
            _engines[options] = new
            atexit.register(new.close)
        return _engines[options]


@contextmanager
def stopping() -> Iterator[None]:
    """Let threads of this process, which must end meanwhile, execute nothing more."""
    with _lock:
        for started in _engines.values():
            started.stop()
    try:
        yield
    finally:
        with _lock:
            _engines.clear()
