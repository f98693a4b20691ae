"""nbgrader's steps that execute a submission and keep what the grader can't decide."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Float, Int

from helpers.grading.execution.engine import Options, engine
from helpers.grading.judging.plan import Plan
from helpers.grading.results import GradingResult
from helpers.grading.sandbox import Limits
from helpers.grading.submission import Reference

__all__ = ["ExecuteApart", "KeepUndecided"]

_RESULT = "course_result"


class ExecuteApart(NbGraderPreprocessor):
    """Execute a student's cells in a sandbox and judge the tests outside of it."""

    cell_seconds = Float(
        None,
        allow_none=True,
        help="Wall time of a cell; by default, for `course grade` what follows from the time that "
        "the instructor's notebook took in `course check`, and for nbgrader 600 s",
    ).tag(config=True)
    total_seconds = Float(Limits.total_seconds, help="Wall time of a notebook").tag(config=True)
    memory = Int(Limits.memory, help="Bytes of memory").tag(config=True)
    disk = Int(Limits.disk, help="Bytes that may be written").tag(config=True)
    output = Int(Limits.output, help="Bytes that a cell may print").tag(config=True)
    processes = Int(Limits.processes, help="Processes and threads").tag(config=True)
    sandbox = Bool(True, help="Lock students' code up; False trusts them all").tag(config=True)
    warm = Bool(True, help="Fork kernels from a process that has imported all").tag(config=True)

    parameters = Dict(
        help="For each assignment the largest values, for grading, of variables in cells tagged "
        "`parameters`, such as {'digits': {'TRAINING_IMAGES': 5_000}}",
    ).tag(config=True)
    all_cells = Bool(False, help="Run cells that only show something, too").tag(config=True)

    @property
    def options(self) -> Options:
        """How to execute submissions, and what they may use."""
        limits = Limits(
            cell_seconds=self.cell_seconds or Limits.cell_seconds,
            total_seconds=self.total_seconds,
            memory=self.memory,
            disk=self.disk,
            output=self.output,
            processes=self.processes,
        )
        return Options(limits, self.warm, self.sandbox, self.all_cells)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Give every code cell its outputs."""
        plan = Plan.of(Reference.of_converted(self, resources).notebook)
        where = resources["nbgrader"]
        parameters = self.parameters.get(where["assignment"], {})
        result = engine(self.options).execute(where["notebook"], nb, plan, parameters=parameters)
        for line in result.incident_lines:
            self.log.warning(line)
        resources[_RESULT] = result
        return nb, resources


class KeepUndecided(NbGraderPreprocessor):
    """Leave tests that the grader can't decide for review, in formgrader."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark them in the gradebook, after the other grades were saved."""
        result: GradingResult = resources[_RESULT]
        where = resources["nbgrader"]
        undecided = result.undecided[where["notebook"]]
        if undecided:
            with Gradebook(where["db_url"]) as gradebook:
                for identity in undecided:
                    grade = gradebook.find_grade(
                        identity, where["notebook"], where["assignment"], where["student"]
                    )
                    grade.auto_score = None
                    # Points that a person gave may have been for an earlier submission.
                    grade.needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources
