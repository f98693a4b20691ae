"""Execute a whole notebook: over crashes, hangs and limits to the last test."""

import copy
import itertools
import socket
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import ExitStack, closing
from types import MappingProxyType

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils

from helpers.feature_cache import FOLDER_VARIABLE, Cache, location
from helpers.grading.execution.feature_warming import warm_feature_cache
from helpers.grading.execution.judge import Judge, Verdict
from helpers.grading.execution.judges import Judges
from helpers.grading.execution.kernel import Answer, Kernel
from helpers.grading.execution.opening import Opening, open_assignment
from helpers.grading.execution.outcome import (
    Outcome,
    error_output,
    verdict_outputs,
    without_paths,
)
from helpers.grading.execution.watchdog import Watchdog
from helpers.grading.judging.plan import Plan
from helpers.grading.judging.shows import find_shows
from helpers.grading.processes import ANSWER, Forks, Template, open_stage
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed

__all__ = ["Engine"]

# The kernel is told to stop answering when the verdict is known. If it stops before, the judge is
# told so, and gets time to finish what it computes by itself.
_VERDICT_SECONDS, _JUDGE_SECONDS = 1, 120
_NO_PARAMETERS: Mapping[str, float] = MappingProxyType({})
_NETWORKS = ["helpers.quiet", "helpers.cnn", "helpers.features", "helpers.networks"]
_AS_SUBMITTED = new_output(
    "stream",
    text="(As submitted: this cell only shows something, so it was not run for grading.)\n",
)


class Engine:
    """Executes submissions; safe to use from many threads.

    Parameters
    ----------
    limits
        What a submission may use.
    warm
        Whether to fork kernels from a template.
    sandboxed
        Whether to lock students' code up.
    all_cells
        Whether to run cells that only show something, too.

    Attributes
    ----------
    stopped : bool
        Whether nothing is to be executed any more.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        warm: bool = True,
        sandboxed: bool = True,
        all_cells: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self.sandboxed = sandboxed
        self.all_cells = all_cells
        self.stopped = False
        # It needs some seconds, in which others have other things to do.
        self._template = Template() if warm else None
        # For assignments that use TensorFlow, when it is needed for the first time.
        self._networks: Forks | None = None
        self._openings: dict[tuple[str, ...], Opening | None] = {}
        self._lock = threading.Lock()
        self.judges = Judges(self.limits, kept=warm, sandboxed=sandboxed)

    def execute(
        self,
        notebook: NotebookNode,
        plan: Plan,
        only: Collection[str] | None = None,
        limits: Limits | None = None,
        parameters: Mapping[str, float] = _NO_PARAMETERS,
    ) -> Outcome:
        """Execute a submission.

        Parameters
        ----------
        notebook
            Aligned with the assignment; changed in place.
        plan
            Of the assignment.
        only
            The tests to judge, all by default; others keep their outputs.
        limits
            What this submission may use, if not what others may.
        parameters
            The largest values, for grading, of variables in cells tagged `parameters`.

        Raises
        ------
        NeedsReview
            If nothing can be executed at all.
        """
        outcome = Outcome(notebook, sandboxed=self.sandboxed)
        shows = set() if self.all_cells else find_shows(notebook, plan)
        try:
            with self._lock:
                template = self._forks(plan)
                warm_feature_cache(plan, self.limits, template, sandboxed=self.sandboxed)
                opening = self._opening(plan, shows, template)
            start = time.monotonic()
            limits = limits or self.limits
            with _Run(self, plan, outcome, limits, parameters, template, opening) as run:
                run.notebook(plan.tests if only is None else only, shows)
        except OSError as error:
            raise NeedsReview(f"it can't be executed here: {error}") from error
        outcome.seconds = time.monotonic() - start
        return outcome

    def _forks(self, plan: Plan) -> Forks | None:
        """Return what warm kernels of an assignment are forked from, if there is one that lives."""
        if self._template is None:
            return None
        self._template.wait()
        if not self._template.ready:
            return None
        if not plan.uses_networks:
            return self._template
        if self._networks is None:
            # What can't be imported there is for the assignment's own cells to say.
            seconds = self.limits.cell_seconds
            stage = open_stage(self._template, {}, seconds, modules=_NETWORKS)
            self._networks = stage or self._template
        return self._networks

    def _opening(
        self, plan: Plan, shows: Collection[str], template: Forks | None
    ) -> Opening | None:
        """Return what the submissions for an assignment begin with, if that is run once for all.

        Where what only shows something begins, the stage ends.
        """
        if template is None:
            return None
        key = tuple(plan.opening.values())
        if key not in self._openings:
            needed = list(itertools.takewhile(lambda cell: cell not in shows, plan.opening))
            self._openings[key] = open_assignment(
                [plan.opening[cell] for cell in needed],
                template,
                {FOLDER_VARIABLE: str(location().parent)},
                self.limits,
            )
        return self._openings[key]

    def stop(self) -> None:
        """Let no submission go on once its process has ended."""
        self.stopped = True

    def close(self) -> None:
        """End the template, with what is forked from it for more than one submission."""
        self.judges.close()
        for opening in filter(None, self._openings.values()):
            opening.stage.close()
        for started in (self._networks, self._template):
            if started is not None:
                started.close()


class _Run:
    """One submission on its way through kernel and judge."""

    def __init__(
        self,
        engine: Engine,
        plan: Plan,
        outcome: Outcome,
        limits: Limits,
        parameters: Mapping[str, float],
        template: Forks | None,
        opening: Opening | None,
    ) -> None:
        self._engine = engine
        self._template = template
        self._parameters = parameters
        self._opening = opening
        self._limits = limits
        self._plan = plan
        self._outcome = outcome
        self._end = time.monotonic() + limits.total_seconds
        self._done: list[tuple[str, float]] = []
        self._kernel: Kernel | None = None
        self._judge: Judge | None = None
        self._output_left = 2 * limits.output
        # All that a kernel lives in: with its end everything that it started ends as well.
        self._closing = ExitStack()

    def __enter__(self) -> "_Run":
        self._cache = location().parent
        self._environment = {FOLDER_VARIABLE: str(self._cache)}
        # What is not there from the start is never looked for again.
        Cache()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop_kernel()
        if self._judge is not None:
            if kind is None:
                self._engine.judges.give_back(self._judge)
            else:
                self._judge.close()

    def notebook(self, tests: Collection[str], shows: Collection[str]) -> None:
        """Run all cells but `shows`; if only some tests are wanted, up to the last of them."""
        left = set(tests) & set(self._plan.tests)
        cells = [cell for cell in self._outcome.notebook.cells if cell.cell_type == "code"]
        if self._opening is not None and not self._opening.length_in(cells):
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
        name = _name(cell)
        cell.outputs = []
        if not cell.source.strip():
            return
        seconds = self._seconds_left()
        if seconds <= 0 or not self._ready():
            cell.outputs = [
                error_output("OutOfTime", "this cell was not run: the time was used up")
            ]
            return
        assert self._kernel is not None
        self._watchdog.limit_exceeded = False
        seconds = min(seconds, self._limits.cell_seconds)
        answer = self._kernel.run(cell.source, seconds, self._output())
        cell.outputs = without_paths(answer.outputs)
        self._output_left -= answer.size
        reason = self._reason(answer, seconds)
        if reason is not None:
            self._outcome.incidents.append(f"{name}: {reason}")
            cell.outputs = [*answer.outputs, error_output("Stopped", reason)]
        if self._kernel.alive:
            # What had to be stopped would take as long the next time.
            long = self._limits.cell_seconds if reason is None else self._limits.grace_seconds
            self._done.append((cell.source, long))
            if reason is None and cell.id in self._plan.parameters:
                self._lower_parameters(cell)

    def _lower_parameters(self, cell: NotebookNode) -> None:
        """Let grading take less time: what is no larger number stays as the student has set it."""
        assert self._kernel is not None
        for name, most in self._parameters.items():
            larger = self._kernel.run(f"{name} > {most!r}", self._limits.grace_seconds)
            if [output.get("data") for output in larger.outputs] == [{"text/plain": "True"}]:
                lower = f"{name} = {most!r}"
                self._kernel.run(lower, self._limits.grace_seconds)
                self._done.append((lower, self._limits.grace_seconds))
                said = f"(For grading, {name} is {most:,}.)\n"
                cell.outputs.append(new_output("stream", text=said))

    def _test(self, cell: NotebookNode, identity: str) -> None:
        seconds = self._seconds_left()
        if seconds <= 0:
            self._leave(cell, identity, self._used_up())
            return
        if not self._ready():
            self._leave(cell, identity, "no kernel lived long enough to be asked")
            return
        assert self._kernel is not None and self._judge is not None
        self._watchdog.limit_exceeded = False
        self._judge.begin(identity, self._judges_end)
        seconds = min(self._seconds_left(), self._limits.cell_seconds)
        answer = self._kernel.run(ANSWER, seconds, self._output(), self._judge.program)
        printed = without_paths(
            [output for output in answer.outputs if output.output_type == "stream"]
        )
        self._output_left -= answer.size
        reason = self._reason(answer, seconds)
        if answer.ending != "done" or not self._judge.ready(_VERDICT_SECONDS):
            # In the middle of a question, kernel and judge would misunderstand each other.
            self._judges_end.shutdown(socket.SHUT_RDWR)
            self._stop_kernel()
        try:
            verdict = self._judge.end(_JUDGE_SECONDS)
        except NeedsReview as undecided:
            self._judge.close()
            self._judge = None
            self._stop_kernel()
            self._leave(cell, identity, str(undecided))
            return
        if self._kernel is not None and not _is_silent(self._judges_end):
            # The next test would take what is left over for its own answers.
            self._stop_kernel()
        if verdict.outcome == "broken":
            self._leave(cell, identity, verdict.message or "")
            return
        if answer.ending in ("interrupted", "hung") and seconds < self._limits.cell_seconds:
            # Other cells took the time that this one might have needed.
            self._leave(cell, identity, self._used_up())
            return
        if reason is not None:
            self._outcome.incidents.append(f"{identity}: {reason}")
            verdict = Verdict("failed", "Stopped", reason)
        cell.outputs = [*printed, *verdict_outputs(verdict)]

    def _output(self) -> int:
        """Return how much a cell may print: no more than the notebook has left."""
        return max(100_000, min(self._limits.output, self._output_left))

    def _used_up(self) -> str:
        return f"the notebook had used up its {self._limits.total_seconds:g} seconds"

    def _reason(self, answer: Answer, seconds: float) -> str | None:
        """Say in plain words why a cell did not end by itself, or None if it did."""
        limits = self._limits
        if self._watchdog.limit_exceeded:
            return f"it used more than {limits.memory / 1e9:g} GB of memory and was stopped"
        return {
            "done": None,
            "died": "it ended the notebook's Python (os._exit, a kill, or too little memory)",
            "interrupted": f"it ran longer than {seconds:.0f} seconds and was stopped",
            "hung": f"it ran longer than {seconds:.0f} seconds, ignored the interrupt "
            "and was killed",
            "flooded": f"it printed too much (a cell may print {limits.output / 1e6:g} MB, "
            "a notebook twice as much) and was stopped",
            "cut": "it ended the notebook's connection with the grader, and was stopped",
        }[answer.ending]

    def _leave(self, cell: NotebookNode, identity: str, reason: str) -> None:
        self._outcome.undecided[identity] = reason
        cell.outputs = [error_output("NeedsReview", f"not judged: {reason}")]

    def _seconds_left(self) -> float:
        return self._end - time.monotonic()

    def _ready(self) -> bool:
        """Have a kernel in the state of this place of the notebook, and a judge."""
        if self._engine.stopped:
            raise NeedsReview("the grading was stopped")
        if self._judge is not None and not self._judge.alive:
            self._judge.close()
            self._judge = None
        if self._judge is None:
            self._judge = self._engine.judges.take(self._plan, self._template, self._cache)
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
                Sandbox(self._limits, readable=[self._cache])
                if self._engine.sandboxed
                else Unsandboxed()
            )
            stack.callback(sandbox.close)
            self._judges_end, students_end = socket.socketpair()
            stack.callback(self._judges_end.close)
            with closing(students_end):
                template = self._opening.stage if self._opening else self._template
                self._kernel = Kernel(
                    sandbox, self._limits, template, students_end, self._environment
                )
            stack.callback(self._kernel.close)
            # It ends first, so that its last look finds all that there is.
            self._watchdog = stack.enter_context(Watchdog(sandbox, self._limits.memory))
            self._closing = stack.pop_all()
        self._outcome.warm = self._kernel.warm

    def _stop_kernel(self) -> None:
        if self._kernel is not None:
            self._kernel = None
            self._closing.close()
            self._outcome.memory = max(self._outcome.memory, self._watchdog.peak)

    def _replay(self) -> bool:
        """Run what went before again; drop a cell that kills the kernel this time."""
        assert self._kernel is not None
        for place, (source, long) in enumerate(self._done):
            self._kernel.run(source, min(self._seconds_left(), long))
            if not self._kernel.alive:
                del self._done[place]
                return False
        return True


def _is_silent(link: socket.socket) -> bool:
    """Tell whether a connection is open, and has nothing to be read."""
    try:
        link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {cell.get('id', '')}"
