"""Workers for the submissions: threads of this process, or those of a Dask cluster."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import psutil

from helpers.grading.cohort.task import Executed, Task, execute
from helpers.grading.execution.engine import Options, engine, stopping
from helpers.grading.results import GradingResult
from helpers.processors import cores

__all__ = ["Workers", "workers"]

K = TypeVar("K", bound=Hashable)

# So many for each thread are sent off: one is executed, and the next is at hand.
_OUTSTANDING = 2
_PATIENCE_SECONDS = 30
_END_AGAIN_SECONDS = 0.1


@contextmanager
def workers(scheduler: str | None, options: Options, grader: str) -> Iterator["Workers"]:
    """Have workers; when the context is left, everything that they have started here is gone.

    Parameters
    ----------
    scheduler
        The address of a Dask scheduler; by default the workers are threads of this process, one for
        each processor.
    options
        How they are going to execute.
    grader
        The version of the grader, which they must have as well; from `version.grader_version`.

    Raises
    ------
    CourseError
        If there are no workers, or not the right ones.
    """
    if scheduler is None:
        engine(options)
        with _threads() as executor:
            yield Workers(executor, cores)
    else:
        # Most courses are graded on one machine, and Dask takes a second to be imported.
        from helpers.grading.cohort.cluster import connect, explain

        with connect(scheduler, options, grader) as client:
            executor = client.get_executor(pure=False)
            yield Workers(executor, lambda: sum(client.nthreads().values()), explain)


@dataclass(frozen=True)
class Workers:
    """Workers, wherever they are.

    Parameters
    ----------
    executor
        Runs functions on them.
    threads
        Tells how many submissions they grade at a time, now.
    explain
        Says why a worker gave no result, if that is of a kind that it knows; or raises an error if
        no worker can give any.
    """

    executor: Executor
    threads: Callable[[], int]
    explain: Callable[[Exception], str | None] = lambda error: None

    def execute_all(
        self, tasks: Iterator[tuple[K, Task | None]], tell: Callable[[K, float], None]
    ) -> Iterator[tuple[K, Executed | None]]:
        """Execute submissions.

        Parameters
        ----------
        tasks
            By any key; taken one after another when workers have room, not all at once. None needs
            no worker.
        tell
            Called now and then with what takes long, and how many seconds it has taken so far.

        Yields
        ------
        A key and its submission, in the order in which they are done; None for None.

        Raises
        ------
        CourseError
            If the connection with a cluster is lost.
        """
        waiting: dict[Future[Executed], K] = {}
        begun: dict[Future[Executed], float] = {}
        while True:
            most = _OUTSTANDING * max(1, self.threads())
            while len(waiting) < most and (entry := next(tasks, None)) is not None:
                key, task = entry
                if task is None:
                    yield key, None
                    continue
                waiting[self.executor.submit(execute, task)] = key
                # It holds the bytes of the notebooks, and the workers have them now.
                del entry, task
            if not waiting:
                return
            done, _ = wait(waiting, _PATIENCE_SECONDS, FIRST_COMPLETED)
            now = time.monotonic()
            begun = {future: begun.get(future, now) for future in waiting if future.running()}
            for future, since in begun.items():
                if not done and now - since >= _PATIENCE_SECONDS:
                    tell(waiting[future], now - since)
            for future in done:
                yield waiting.pop(future), self._result(future)

    def _result(self, future: Future[Executed]) -> Executed:
        try:
            return future.result()
        except Exception as error:
            reason = f"a worker fails with {type(error).__name__}: {error}; grade it again"
            return Executed(GradingResult(self.explain(error) or reason))


@contextmanager
def _threads() -> Iterator[Executor]:
    executor = ThreadPoolExecutor(cores())
    try:
        yield executor
    finally:
        with stopping(), _end_descendants():
            executor.shutdown(cancel_futures=True)


@contextmanager
def _end_descendants() -> Iterator[None]:
    """End what was started here, again and again: threads may be about to start more."""
    done = threading.Event()

    def end() -> None:
        last = False
        while not last:
            last = done.wait(_END_AGAIN_SECONDS)
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    process.kill()

    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
