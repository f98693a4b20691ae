"""What executes submissions: the processes that are forked from, and who lends judges."""

import atexit
import itertools
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from nbformat import NotebookNode

from helpers.grading.execution.feature_warming import warm_feature_cache
from helpers.grading.execution.judges import Judges
from helpers.grading.execution.opening import Opening, open_assignment
from helpers.grading.execution.run import Means, Run
from helpers.grading.judging.plan import Plan
from helpers.grading.judging.shows import find_shows
from helpers.grading.processes import Forks, Template, open_stage
from helpers.grading.results import GradingResult
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits

__all__ = ["Engine", "Options", "engine", "stopping"]

_NO_PARAMETERS: Mapping[str, float] = MappingProxyType({})
# What notebooks with arrays and figures use, students' own imports included: it takes seconds.
_LIBRARIES = (
    *("numpy", "scipy.ndimage", "scipy.optimize", "scipy.stats", "PIL.Image", "matplotlib.pyplot"),
    *("sklearn.datasets", "sklearn.svm", "sklearn.model_selection", "sklearn.decomposition"),
    *("sklearn.manifold", "matplotlib_inline"),
    *("helpers.checks", "helpers.convolution", "helpers.datasets", "helpers.pictures"),
    *("helpers.plots", "helpers.svm"),
)
_NETWORKS = ("helpers.quiet", "helpers.cnn", "helpers.features", "helpers.networks")
_IMPORT_SECONDS = 120


@dataclass(frozen=True)
class Options:
    """How to execute.

    Parameters
    ----------
    limits
        What a submission may use, unless something else is said for it.
    warm
        Whether to fork kernels from a template, which has imported all that they need.
    sandboxed
        Whether to sandbox students' code.
    all_cells
        Whether to run cells that only show something, too.
    """

    limits: Limits
    warm: bool = True
    sandboxed: bool = True
    all_cells: bool = False


class Engine:
    """Executes submissions; safe to use from many threads.

    Parameters
    ----------
    options
        How it does so.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._limits = options.limits
        self._stopped = threading.Event()
        # It needs some seconds, in which others have other things to do.
        self._template = Template() if options.warm else None
        # What has imported these modules as well, from when they are needed for the first time.
        self._stages: dict[tuple[str, ...], Forks] = {}
        self._openings: dict[tuple[str, ...], Opening | None] = {}
        self._lock = threading.Lock()
        self._judges = Judges(self._limits, kept=options.warm, sandboxed=options.sandboxed)

    def execute(
        self,
        name: str,
        notebook: NotebookNode,
        plan: Plan,
        only: Collection[str] | None = None,
        limits: Limits | None = None,
        parameters: Mapping[str, float] = _NO_PARAMETERS,
    ) -> GradingResult:
        """Execute a notebook of a submission, and judge its tests.

        Parameters
        ----------
        name
            The notebook's name without `.ipynb`.
        notebook
            Aligned with the assignment; it gets the outputs of the student's cells, and those of
            tests as nbgrader reads them.
        plan
            The plan of the assignment.
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
        options = self._options
        shows = set() if options.all_cells else find_shows(notebook, plan)
        try:
            with self._lock:
                template = self._forks(plan)
                warm_feature_cache(plan, self._limits, template, sandboxed=options.sandboxed)
                opening = self._opening(plan, shows, template)
            start = time.monotonic()
            means = Means(self._judges, template, opening, options.sandboxed, self._stopped)
            with Run(means, notebook, plan, limits or self._limits, parameters) as run:
                run.cells(plan.tests if only is None else only, shows)
        except OSError as error:
            raise NeedsReview(f"it can't be executed here: {error}") from error
        return GradingResult(
            incidents={name: run.incidents},
            undecided={name: run.undecided},
            seconds=time.monotonic() - start,
            memory=run.memory,
            warm=template is not None,
            sandboxed=options.sandboxed,
        )

    def _forks(self, plan: Plan) -> Forks | None:
        """Return what warm kernels of an assignment are forked from, if there is one that lives."""
        if self._template is None:
            return None
        self._template.wait()
        if not self._template.ready:
            return None
        forks: Forks = self._template
        if plan.uses_libraries:
            forks = self._with_modules(forks, _LIBRARIES)
        if plan.uses_networks:
            forks = self._with_modules(forks, _NETWORKS)
        return forks

    def _with_modules(self, forks: Forks, modules: tuple[str, ...]) -> Forks:
        """Return a process, forked from another, that has imported modules, too."""
        known = self._stages.get(modules)
        if known is None or not known.alive:
            # What can't be imported there is for the assignment's own cells to say.
            stage = open_stage(forks, _IMPORT_SECONDS, modules=modules)
            known = self._stages[modules] = stage or forks
        return known

    def _opening(
        self, plan: Plan, shows: Collection[str], template: Forks | None
    ) -> Opening | None:
        """Return what the submissions for an assignment begin with, if that is run once for all.

        Where what only shows something begins, the stage ends.
        """
        if template is None:
            return None
        needed = itertools.takewhile(lambda cell: cell not in shows, plan.opening)
        sources = tuple(plan.opening[cell] for cell in needed)
        known = self._openings.get(sources)
        if sources not in self._openings or (known is not None and not known.stage.alive):
            known = open_assignment(sources, template, self._limits)
            self._openings[sources] = known
        return known

    def stop(self) -> None:
        """Let no submission go on once its process has ended."""
        self._stopped.set()

    def close(self) -> None:
        """End the template, with what is forked from it for more than one submission."""
        self._judges.close()
        for opening in filter(None, self._openings.values()):
            opening.stage.close()
        for stage in self._stages.values():
            stage.close()
        if self._template is not None:
            self._template.close()


# One engine for each process, as its template is large; tasks of many threads share it.
_engines: dict[Options, Engine] = {}
_lock = threading.Lock()


def engine(options: Options) -> Engine:
    """Return the engine of this process; the first time, it begins to get ready."""
    with _lock:
        if options not in _engines:
            _engines[options] = Engine(options)
            atexit.register(_engines[options].close)
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
