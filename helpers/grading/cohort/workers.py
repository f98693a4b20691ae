"""Workers for the submissions: threads of this process, or those of a Dask cluster."""

import logging
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeVar

import dask
import psutil
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from distributed.comm import CommClosedError

from helpers.errors import CourseError
from helpers.grading.cohort.task import Manner, Result, Task, execute
from helpers.grading.cohort.version import grader_version
from helpers.grading.sandbox import find_bubblewrap
from helpers.processors import cores

__all__ = ["execute_all", "workers"]

K = TypeVar("K", bound=Hashable)

# So many for each thread are sent off: one is executed, and the next is at hand.
_OUTSTANDING = 2
_CONNECT_SECONDS = 30
_LOST = (
    "the connection with the Dask scheduler is lost; what was graded is kept, so run the command "
    "again"
)
_QUIET = {
    # Nothing but this process talks to it.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.logging": {"distributed": "critical"},
    # Notebooks may come with large outputs.
    "distributed.admin.large-graph-warning-threshold": "1 TB",
}


@contextmanager
def workers(scheduler: str | None, manner: Manner, grader: str) -> Iterator[Client]:
    """Have workers; when the context is left, everything that they have started here is gone.

    Parameters
    ----------
    scheduler
        The address of a Dask scheduler; by default there is a worker in this process, with a thread
        for each processor.
    manner
        How they are going to execute.
    grader
        The version of the grader, which they must have as well; from `version.grader_version`.

    Raises
    ------
    CourseError
        If there are no workers, or not the right ones.
    """
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_QUIET))
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        client = stack.enter_context(_own() if scheduler is None else _connect(scheduler))
        stack.callback(_end_descendants)
        try:
            if scheduler is not None:
                _inspect(client, manner, grader)
            yield client
        except CommClosedError as error:
            raise CourseError(_LOST) from error


def _inspect(client: Client, manner: Manner, grader: str) -> None:
    if manner.sandboxed:
        _ask(client, find_bubblewrap)
    for address, version in _ask(client, grader_version).items():
        if version != grader:
            raise CourseError(
                f"the worker at {address} has another version of the course or of its packages; "
                "install the same there, and start the worker again"
            )


def _ask(client: Client, function: Callable[[], str]) -> dict[str, str]:
    """Call a function on all workers; return their answers by the addresses."""
    answers = client.run(function, on_error="return")
    for address, answer in answers.items():
        if isinstance(answer, CourseError):
            raise CourseError(f"the worker at {address}: {answer}")
        if isinstance(answer, Exception) and not isinstance(answer, OSError):
            raise CourseError(
                f"the worker at {address} can't grade ({type(answer).__name__}: {answer}); "
                "install the same version of the course there, and start it again"
            )
    # An OSError is what the scheduler has from a worker that died meanwhile: others have its work.
    return {
        address: answer for address, answer in answers.items() if not isinstance(answer, Exception)
    }


def _end_descendants() -> None:
    """End what was started here, so that threads in the middle of a submission end as well."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            process.kill()


def _own() -> Client:
    cluster = LocalCluster(
        n_workers=1,
        threads_per_worker=cores(),
        processes=False,
        # Students' code has its own limits, outside of this process.
        memory_limit=0,
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )
    return Client(cluster)


def _connect(scheduler: str) -> Client:
    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"no Dask scheduler answers at {scheduler}; start one with `dask scheduler`, and give "
            "the address that it prints"
        ) from error
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError as error:
        client.close()
        raise CourseError(
            f"the Dask scheduler at {scheduler} has no workers; start some with "
            f"`dask worker {scheduler}`"
        ) from error
    return client


def execute_all(client: Client, tasks: Iterator[tuple[K, Task]]) -> Iterator[tuple[K, Result]]:
    """Let the workers execute submissions.

    Parameters
    ----------
    client
        From :func:`workers`.
    tasks
        By any key; taken one after another when workers have room, not all at once.

    Yields
    ------
    A key and its result, in the order in which they are done.

    Raises
    ------
    CourseError
        If the connection with the scheduler is lost.
    """
    waiting: dict[Future, K] = {}
    completed = as_completed()
    while True:
        most = _OUTSTANDING * max(1, sum(client.nthreads().values()))
        while len(waiting) < most and (entry := next(tasks, None)) is not None:
            key, task = entry
            future = client.submit(execute, task, pure=False)
            waiting[future] = key
            completed.add(future)
            # It holds the bytes of the notebooks, and Dask has them now.
            del entry, task
        if not waiting:
            return
        future = next(completed)
        yield waiting.pop(future), _result(future)
        future.release()


def _result(future: Future) -> Result:
    try:
        return future.result()
    except KilledWorker as error:
        attempts = error.allowed_failures + 1
        return Result(
            f"{attempts} workers died while they had it; look at their memory, and grade it again"
        )
    except CancelledError as error:
        raise CourseError(_LOST) from error
    except Exception as error:
        return Result(f"a worker fails with {type(error).__name__}: {error}; grade it again")
