"""A kernel in a sandbox, asked to run one cell after another."""

import json
import select
import socket
import time
from dataclasses import dataclass, field
from typing import Literal

from nbformat import NotebookNode

from helpers.grading.execution.lines import Lines
from helpers.grading.execution.outputs import OutputCollector
from helpers.grading.processes import DONE, READY, Forks, Program
from helpers.grading.sandbox import Limits, Sandbox, Unsandboxed

__all__ = ["CellResult", "Kernel"]

_START_SECONDS = 180
# After the kernel's end, what was printed may still be on its way.
_LAST_OUTPUT_SECONDS = 2
_NEARLY_DONE_SECONDS = 0.5
# Bytes of a line besides what it shows.
_OVERHEAD = 5_000_000

Ending = Literal["done", "died", "interrupted", "flooded", "cut", "hung"]


@dataclass
class CellResult:
    """A cell that was run.

    Attributes
    ----------
    ending
        ``done``, with an error or without; ``died``: the kernel ended; ``interrupted``: the time
        was up; ``flooded``: it printed too much, and was interrupted; ``cut``: its connection
        ended, and it was killed; ``hung``: it did not heed the interrupt, and was killed.
    outputs
        As they stand in a notebook.
    size
        How much it printed, roughly in bytes.
    """

    ending: Ending = "done"
    outputs: list[NotebookNode] = field(default_factory=list)
    size: int = 0

    def reason(self, limits: Limits, seconds: float, too_large: bool) -> str | None:
        """Say in plain words why the cell did not end by itself, or None if it did.

        Parameters
        ----------
        limits
            What the submission may use.
        seconds
            What the cell had.
        too_large
            Whether it was stopped because of its memory.
        """
        if too_large:
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
        }[self.ending]


class Kernel:
    """A kernel for one submission.

    Whatever it sends is believed to be of its student: malformed messages are dropped, and invented
    ones change nothing but the outputs of the student's own cells.

    Parameters
    ----------
    sandbox, limits, template, channel, trusted
        As for :class:`helpers.grading.processes.Program`.

    Raises
    ------
    OSError
        If it does not start.
    """

    def __init__(
        self,
        sandbox: Sandbox | Unsandboxed,
        limits: Limits,
        template: Forks | None,
        channel: socket.socket | None = None,
        trusted: bool = False,
    ) -> None:
        self._limits = limits
        self._program = Program("kernel", sandbox, limits, template, channel, trusted)
        self._lines = Lines(self._program.link, limits.output + _OVERHEAD)
        try:
            if self._follow(time.monotonic() + _START_SECONDS, READY) != "done":
                raise OSError("a kernel for the sandbox does not answer; see `course doctor`")
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether cells can be run."""
        return self._program.alive

    def run(
        self,
        code: str,
        seconds: float,
        output: int | None = None,
        partner: Program | None = None,
    ) -> CellResult:
        """Run a cell.

        Parameters
        ----------
        code
            Its source.
        seconds
            Wall time until it is interrupted, and soon killed if that does not help.
        output
            How much it may print, roughly in bytes; by default, as the limits say.
        partner
            A process that the cell talks with: if it ends, the cell is interrupted.
        """
        result = CellResult()
        grace = self._limits.grace_seconds
        self._busy = True
        if self._lines.send(json.dumps(code).encode(), grace):
            collector = OutputCollector(
                result.outputs, self._limits.output if output is None else output
            )
            result.ending = self._follow(time.monotonic() + seconds, DONE, collector, partner)
            result.size = collector.size
        else:
            result.ending = "cut"
        if result.ending == "flooded" and self._busy:
            # Most print and end: the interrupt would come too late, and hit the kernel itself.
            self._follow(time.monotonic() + _NEARLY_DONE_SECONDS, DONE)
        if result.ending in ("interrupted", "flooded") and self._busy:
            self._program.interrupt()
            if self._follow(time.monotonic() + grace, DONE) in ("interrupted", "cut"):
                self._program.kill()
                result.ending = "flooded" if result.ending == "flooded" else "hung"
        elif result.ending == "cut":
            self._program.kill()
        return result

    def _follow(
        self,
        end: float,
        last: bytes,
        collector: OutputCollector | None = None,
        partner: Program | None = None,
    ) -> Ending:
        """Show what a cell sends, if it is to be shown, up to the last line, or until a stop."""
        poller = select.poll()
        for source in (self._program.link, self._program, partner):
            if source is not None:
                poller.register(source, select.POLLIN)
        while (left := end - time.monotonic()) > 0:
            ready = [descriptor for descriptor, _ in poller.poll(1000 * left)]
            if self._program.fileno() in ready:
                poller.unregister(self._program)
                end = min(end, time.monotonic() + _LAST_OUTPUT_SECONDS)
            if self._program.link.fileno() in ready:
                try:
                    lines = self._lines.receive()
                except OSError:
                    # The process that sends them ends a moment before, or after.
                    return "died" if self._program.ends(_LAST_OUTPUT_SECONDS) else "cut"
                self._busy = last not in lines
                if collector is not None:
                    for line in lines:
                        if line != last:
                            collector.show(line)
                    if collector.size + self._lines.dropped > collector.most:
                        return "flooded"
                if not self._busy:
                    return "done"
            elif partner is not None and partner.fileno() in ready:
                break
        return "interrupted" if self._program.alive else "died"

    def close(self) -> None:
        """End the kernel."""
        self._program.close()
