"""Judges that have done with a submission and wait for the next one of their assignment."""

import threading

from helpers.feature_cache import location
from helpers.grading.execution.judge import Judge
from helpers.grading.judging.plan import Plan
from helpers.grading.processes import Forks
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed
from helpers.processors import cores

__all__ = ["Judges"]

# Where each gets no copy of the judge, what tests and libraries forget to give back adds up.
_MOST_SUBMISSIONS, _MOST_WITH_NETWORKS = 1_000, 20


class Judges:
    """Lends judges; safe to use from many threads.

    Parameters
    ----------
    limits
        What each may use.
    kept
        Whether they are lent again; otherwise each has one submission.
    sandboxed
        Whether they live in sandboxes.
    """

    def __init__(self, limits: Limits, *, kept: bool, sandboxed: bool) -> None:
        self._limits = limits
        self._kept = kept
        self._sandboxed = sandboxed
        self._idle: list[Judge] = []
        self._lock = threading.Lock()

    def take(self, plan: Plan, template: Forks | None) -> Judge:
        """Return a judge that expects a submission.

        Parameters
        ----------
        plan
            The plan of the assignment.
        template
            What to fork a new one from, if none is idle.

        Raises
        ------
        OSError
            If none can be started.
        """
        with self._lock:
            judge = next((judge for judge in self._idle if judge.plan == plan), None)
            if judge is not None:
                self._idle.remove(judge)
        if judge is None:
            # It fills the cache of features with those that tests need.
            cache = location().parent
            sandbox = Sandbox(self._limits, writable=[cache]) if self._sandboxed else Unsandboxed()
            judge = Judge(plan, sandbox, self._limits, template)
        judge.next_submission()
        return judge

    def give_back(self, judge: Judge) -> None:
        """Keep a judge for another submission, or end it if it is of no more use."""
        most = _MOST_WITH_NETWORKS if judge.plan.uses_networks else _MOST_SUBMISSIONS
        if not self._kept or judge.submissions >= most or not judge.alive:
            judge.close()
            return
        with self._lock:
            self._idle.append(judge)
            # Those of an assignment that is done give way.
            ended, self._idle = self._idle[: -cores()], self._idle[-cores() :]
        for one in ended:
            one.close()

    def close(self) -> None:
        """End all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for judge in idle:
            judge.close()
