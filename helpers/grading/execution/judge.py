"""The grader's side of the judge: start it, and ask it for verdicts."""

import json
import select
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from helpers.grading.judging import messages
from helpers.grading.judging.plan import Plan
from helpers.grading.processes import Forks, Program
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed

__all__ = ["Judge", "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What the judge says of a test.

    Attributes
    ----------
    outcome
        ``passed``; ``failed``; or ``broken``, if the assignment itself is at fault.
    kind
        The name of the error.
    message
        What the error says to the student; or the points that a test which passed ends with.
    detail
        What a student must not read: what went wrong in the hidden part.
    """

    outcome: Literal["passed", "failed", "broken"]
    kind: str = ""
    message: str | None = None
    detail: str | None = None


class Judge:
    """A judge for one submission after another of the same assignment.

    Parameters
    ----------
    plan
        The plan of the assignment.
    sandbox
        Its own, closed with it.
    limits, template
        As for :class:`helpers.grading.processes.Program`.

    Attributes
    ----------
    plan : Plan
        As given.
    program : Program
        Its process.
    submissions : int
        How many it has had.

    Raises
    ------
    OSError
        If it does not start.
    """

    def __init__(
        self,
        plan: Plan,
        sandbox: Sandbox | Unsandboxed,
        limits: Limits,
        template: Forks | None,
    ) -> None:
        self.plan = plan
        self.submissions = 0
        self._sandbox = sandbox
        try:
            self.program = Program("judge", sandbox, limits, template, trusted=True)
        except OSError:
            sandbox.close()
            raise
        cells = {"sources": plan.sources, "tests": plan.tests, "set_up": plan.set_up}
        self._send(cells)

    def _send(self, value: object) -> None:
        # If it has gone, `end` says so.
        with suppress(messages.Closed):
            messages.send(self.program.link, json.dumps(value).encode())

    def next_submission(self) -> None:
        """Forget the submission before, and expect tests of another."""
        if self.submissions:
            self._send(None)
        self.submissions += 1
        self._send(True)

    def begin(self, test: str, channel: socket.socket) -> None:
        """Let it judge a test.

        Parameters
        ----------
        test
            The ``grade_id``.
        channel
            The connection with the student's kernel.
        """
        self._send({"cell": test, "needs": self.plan.needs(test)})
        with suppress(OSError):
            socket.send_fds(self.program.link, [b"c"], [channel.fileno()])

    def ready(self, seconds: float) -> bool:
        """Wait for the verdict; tell whether it is known.

        Parameters
        ----------
        seconds
            How long to wait.
        """
        return bool(select.select([self.program.link], [], [], seconds)[0])

    def end(self, seconds: float) -> Verdict:
        """Return the verdict.

        Parameters
        ----------
        seconds
            How long to wait for it.

        Raises
        ------
        NeedsReview
            If the judge itself is too slow or ends.
        """
        if not self.ready(seconds):
            raise NeedsReview("the test itself takes too long; judge it by hand")
        try:
            text, _ = messages.receive(self.program.link)
        except messages.Closed:
            raise NeedsReview("the judge's process ended; judge the test by hand") from None
        return Verdict(**json.loads(text))

    @property
    def alive(self) -> bool:
        """Whether it can judge."""
        return self.program.alive

    def close(self) -> None:
        """End it, with its sandbox."""
        self.program.close()
        self._sandbox.close()
