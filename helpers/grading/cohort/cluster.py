"""The workers of a Dask cluster."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

import dask
from distributed import Client, KilledWorker
from distributed.comm import CommClosedError

from helpers.errors import CourseError
from helpers.grading.cohort.version import grader_version
from helpers.grading.execution.engine import Options
from helpers.grading.sandbox import find_bubblewrap

__all__ = ["connect", "explain"]

_LOST = (
    "the connection with the Dask scheduler is lost; what was graded is kept, so run the command "
    "again"
)

_CONNECT_SECONDS = 30
_QUIET = {
    "distributed.logging": {"distributed": "critical"},
    # Notebooks may come with large outputs.
    "distributed.admin.large-graph-warning-threshold": "1 TB",
}


@contextmanager
def connect(scheduler: str, options: Options, grader: str) -> Iterator[Client]:
    """Have the workers of a scheduler.

    Parameters
    ----------
    scheduler, options, grader
        As for :func:`helpers.grading.cohort.workers.workers`.

    Raises
    ------
    CourseError
        If there are no workers, or not the right ones; or if the connection is lost later.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(_QUIET), _client(scheduler) as client:
        try:
            _inspect(client, options, grader)
            yield client
        except CommClosedError as error:
            raise CourseError(_LOST) from error


def explain(error: Exception) -> str | None:
    """Say why there is no result, if workers died; None for other reasons.

    Raises
    ------
    CourseError
        If the connection with the scheduler is lost.
    """
    if isinstance(error, CancelledError):
        raise CourseError(_LOST) from error
    if isinstance(error, KilledWorker):
        attempts = error.allowed_failures + 1
        return (
            f"{attempts} workers died while they had it; look at their memory, and grade it again"
        )
    return None


def _client(scheduler: str) -> Client:
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


def _inspect(client: Client, options: Options, grader: str) -> None:
    if options.sandboxed:
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
