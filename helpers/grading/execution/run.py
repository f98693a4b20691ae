"""Execute a whole notebook: over crashes, hangs and limits to the last test."""

import copy
import socket
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils

from helpers.feature_cache import Cache, location
from helpers.grading.execution.judge import Judge, Verdict
from helpers.grading.execution.judges import Judges
from helpers.grading.execution.kernel import Kernel
from helpers.grading.execution.lines import is_silent
from helpers.grading.execution.opening import Opening
from helpers.grading.execution.outputs import error_output, verdict_outputs, without_paths
from helpers.grading.execution.parameters import lowered
from helpers.grading.execution.watchdog import Watchdog
from helpers.grading.judging.plan import Plan
from helpers.grading.processes import ANSWER, Forks
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed

__all__ = ["Means", "Run"]

# The kernel is told to stop answering when the verdict is known. If it stops before, the judge is
# told so, and gets time to finish what it computes by itself.
_VERDICT_SECONDS, _JUDGE_SECONDS = 1, 120
_NOT_RUN = "it was not run: the time was used up"
_AS_SUBMITTED = new_output(
    "stream",
    text="(As submitted: this cell only shows something, so it was not run for grading.)\n",
)


@dataclass(frozen=True)
class Means:
    """What the submissions for an assignment are executed with.

    Parameters
    ----------
    judges
        Who lends a judge.
    template
        What kernels are forked from; None starts them cold.
    opening
        What kernels are forked from for a notebook that begins with the same cells.
    sandboxed
        Whether to lock students' code up.
    stopped
        Set when nothing is to be executed any more.
    """

    judges: Judges
    template: Forks | None
    opening: Opening | None
    sandboxed: bool
    stopped: threading.Event


class Run:
    """A notebook on its way through kernel and judge; a context manager.

    Parameters
    ----------
    means
        What to execute it with.
    notebook, plan, limits, parameters
        As for :meth:`helpers.grading.execution.engine.Engine.execute`.

    Attributes
    ----------
    incidents, undecided, memory
        As in :class:`helpers.grading.results.GradingResult`, for this notebook.
    """

    def __init__(
        self,
        means: Means,
        notebook: NotebookNode,
        plan: Plan,
        limits: Limits,
        parameters: Mapping[str, float],
    ) -> None:
        self.incidents: dict[str, str] = {}
        self.undecided: dict[str, str] = {}
        self.memory = 0
        self._means = means
        self._notebook = notebook
        self._opening = means.opening
        self._parameters = parameters
        self._limits = limits
        self._plan = plan
        self._end = time.monotonic() + limits.total_seconds
        self._done: list[tuple[str, float]] = []
        self._kernel: Kernel | None = None
        self._judge: Judge | None = None
        self._output_left = 2 * limits.output
        # All that a kernel lives in: with its end everything that it started ends as well.
        self._closing = ExitStack()

    def __enter__(self) -> "Run":
        # What is not there from the start is never looked for again.
        Cache()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop_kernel()
        if self._judge is not None:
            if kind is None:
                self._means.judges.give_back(self._judge)
            else:
                self._judge.close()

    def cells(self, tests: Collection[str], shows: Collection[str]) -> None:
        """Run all cells but `shows`; if only some tests are wanted, up to the last of them."""
        left = set(tests) & set(self._plan.tests)
        cells = [cell for cell in self._notebook.cells if cell.cell_type == "code"]
        if self._opening is not None and not self._opening.begins(cells):
            self._opening = None
        done = len(self._opening.sources) if self._opening is not None else 0
        for place, cell in enumerate(cells):
            if cell.id in shows:
                if cell.outputs[:1] != [_AS_SUBMITTED]:
                    cell.outputs.insert(0, copy.deepcopy(_AS_SUBMITTED))
            elif self._opening is not None and place < done:
                cell.outputs = self._opening.outputs(place)
            elif utils.is_grade(cell) and not utils.is_solution(cell):
                identity = cell.metadata.nbgrader.grade_id
                if identity in left:
                    left.remove(identity)
                    self._test(cell, identity)
            elif left or tests == self._plan.tests:
                # After the last test as well, for those who grade written answers.
                self._cell(cell)

    def _cell(self, cell: NotebookNode) -> None:
        """Run a cell of the student's, or one that the student can't change."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {cell.id}"
        cell.outputs = []
        if not cell.source.strip():
            return
        seconds = self._seconds_left()
        if seconds <= 0 or not self._ready():
            cell.outputs = [error_output("OutOfTime", _NOT_RUN)]
            self.incidents[name] = _NOT_RUN
            return
        assert self._kernel is not None
        self._watchdog.limit_exceeded = False
        seconds = min(seconds, self._limits.cell_seconds)
        source, lower = cell.source, list[str]()
        if cell.id in self._plan.parameters:
            source, lower = lowered(source, self._parameters)
        result = self._kernel.run(source, seconds, self._output())
        cell.outputs = without_paths(result.outputs)
        for parameter in lower:
            said = f"(For grading, {parameter} is {self._parameters[parameter]:,}.)\n"
            cell.outputs.append(new_output("stream", text=said))
        self._output_left -= result.size
        reason = result.reason(self._limits, seconds, self._watchdog.limit_exceeded)
        if reason is not None:
            self.incidents[name] = reason
            cell.outputs.append(error_output("Stopped", reason))
        if self._kernel.alive:
            # What had to be stopped would take as long the next time.
            long = self._limits.cell_seconds if reason is None else self._limits.grace_seconds
            self._done.append((source, long))

    def _test(self, cell: NotebookNode, identity: str) -> None:
        try:
            printed, verdict = self._judge_test(identity)
        except NeedsReview as undecided:
            self.undecided[identity] = str(undecided)
            cell.outputs = [error_output("NeedsReview", f"not judged: {undecided}")]
        else:
            cell.outputs = [*printed, *verdict_outputs(verdict)]

    def _judge_test(self, identity: str) -> tuple[list[NotebookNode], Verdict]:
        """Return what the student's functions print in a test, and the verdict.

        Raises
        ------
        NeedsReview
            If there can be no verdict.
        """
        if self._seconds_left() <= 0:
            raise self._used_up()
        if not self._ready():
            raise NeedsReview("no kernel lived long enough to be asked")
        assert self._kernel is not None and self._judge is not None
        self._watchdog.limit_exceeded = False
        self._judge.begin(identity, self._judges_end)
        seconds = min(self._seconds_left(), self._limits.cell_seconds)
        result = self._kernel.run(ANSWER, seconds, self._output(), self._judge.program)
        self._output_left -= result.size
        reason = result.reason(self._limits, seconds, self._watchdog.limit_exceeded)
        if result.ending != "done" or not self._judge.ready(_VERDICT_SECONDS):
            # In the middle of a question, kernel and judge would misunderstand each other.
            self._judges_end.shutdown(socket.SHUT_RDWR)
            self._stop_kernel()
        verdict = self._end_of_test()
        if result.ending in ("interrupted", "hung") and seconds < self._limits.cell_seconds:
            # Other cells took the time that this one might have needed.
            raise self._used_up()
        if reason is not None:
            self.incidents[identity] = reason
            verdict = Verdict("failed", "Stopped", reason)
        printed = [output for output in result.outputs if output.output_type == "stream"]
        return without_paths(printed), verdict

    def _end_of_test(self) -> Verdict:
        """Hear the verdict, and leave kernel and judge only if they are fit for the next test."""
        assert self._judge is not None
        try:
            verdict = self._judge.end(_JUDGE_SECONDS)
        except NeedsReview:
            self._judge.close()
            self._judge = None
            self._stop_kernel()
            raise
        if self._kernel is not None and not is_silent(self._judges_end):
            # The next test would take what is left over for its own answers.
            self._stop_kernel()
        if verdict.outcome == "broken":
            raise NeedsReview(verdict.message or "")
        return verdict

    def _output(self) -> int:
        """Return how much a cell may print: no more than the notebook has left."""
        return max(100_000, min(self._limits.output, self._output_left))

    def _used_up(self) -> NeedsReview:
        return NeedsReview(f"the notebook had used up its {self._limits.total_seconds:g} seconds")

    def _seconds_left(self) -> float:
        return self._end - time.monotonic()

    def _ready(self) -> bool:
        """Have a kernel in the state of this place of the notebook, and a judge."""
        if self._means.stopped.is_set():
            raise NeedsReview("the grading was stopped")
        if self._judge is not None and not self._judge.alive:
            self._judge.close()
            self._judge = None
        if self._judge is None:
            self._judge = self._means.judges.take(self._plan, self._means.template)
        if self._kernel is not None and self._kernel.alive:
            return True
        while self._seconds_left() > 0:
            self._stop_kernel()
            self._start_kernel()
            if self._replay():
                return True
        return False

    def _start_kernel(self) -> None:
        with ExitStack() as stack:
            sandbox: Sandbox | Unsandboxed = (
                Sandbox(self._limits, readable=[location().parent])
                if self._means.sandboxed
                else Unsandboxed()
            )
            stack.callback(sandbox.close)
            self._judges_end, students_end = socket.socketpair()
            stack.callback(self._judges_end.close)
            with closing(students_end):
                template = self._opening.stage if self._opening else self._means.template
                self._kernel = Kernel(sandbox, self._limits, template, students_end)
            stack.callback(self._kernel.close)
            # It ends first, so that its last look finds all that there is.
            self._watchdog = stack.enter_context(Watchdog(sandbox, self._limits.memory))
            self._closing = stack.pop_all()

    def _stop_kernel(self) -> None:
        if self._kernel is not None:
            self._kernel = None
            self._closing.close()
            self.memory = max(self.memory, self._watchdog.peak)

    def _replay(self) -> bool:
        """Run what went before again; drop a cell that kills the kernel this time."""
        assert self._kernel is not None
        for place, (source, long) in enumerate(self._done):
            self._kernel.run(source, min(self._seconds_left(), long))
            if not self._kernel.alive:
                del self._done[place]
                return False
        return True
