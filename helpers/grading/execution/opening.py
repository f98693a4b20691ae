"""The first cells of an assignment, run once for all submissions that begin with them."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.grading.execution.outputs import OutputCollector
from helpers.grading.processes import Forks, Stage, open_stage
from helpers.grading.sandbox import Limits

__all__ = ["Opening", "open_assignment"]


@dataclass(frozen=True)
class Opening:
    """The first cells of an assignment, and what they show.

    Parameters
    ----------
    stage
        The process that has run them.
    sources
        The cells.
    shown
        What each of them shows.
    """

    stage: Stage
    sources: tuple[str, ...]
    shown: tuple[list[NotebookNode], ...]

    def begins(self, cells: Sequence[NotebookNode]) -> bool:
        """Tell whether a notebook with these code cells begins with it."""
        return tuple(cell.source for cell in cells[: len(self.sources)]) == self.sources

    def outputs(self, place: int) -> list[NotebookNode]:
        """Return the outputs of a cell, to keep."""
        return copy.deepcopy(self.shown[place])


def open_assignment(sources: Sequence[str], template: Forks, limits: Limits) -> Opening | None:
    """Run the first cells of an assignment, as far as they can be run once for all.

    Parameters
    ----------
    sources
        The cells.
    template
        As for :func:`helpers.grading.processes.open_stage`.
    limits
        What a submission may use.

    Raises
    ------
    OSError
        If the template has died.
    """
    if not sources:
        return None
    stage = open_stage(template, limits.cell_seconds, cells=sources)
    if stage is None:
        return None
    shown: list[list[NotebookNode]] = []
    for lines in stage.shown:
        shown.append([])
        collector = OutputCollector(shown[-1], limits.output)
        for line in lines:
            collector.show(line)
    return Opening(stage, tuple(sources[: len(shown)]), tuple(shown))
