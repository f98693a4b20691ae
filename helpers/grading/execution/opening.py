"""The first cells of an assignment, run once for all submissions that begin with them."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.grading.execution.screen import Screen
from helpers.grading.judging.plan import Plan
from helpers.grading.processes import Stage, Template, open_stage
from helpers.grading.sandbox import Limits

__all__ = ["Opening", "open_assignment"]


@dataclass(frozen=True)
class Opening:
    """The first cells of an assignment, and what comes of them.

    Parameters
    ----------
    stage
        The process that has run them.
    sources
        The cells.
    outputs
        What each of them shows.
    """

    stage: Stage
    sources: tuple[str, ...]
    outputs: tuple[list[NotebookNode], ...]

    def begin(self, cells: list[NotebookNode]) -> bool:
        """Show the outputs, if the code cells of a notebook begin with this; tell whether."""
        first = cells[: len(self.sources)]
        if tuple(cell.source for cell in first) != self.sources:
            return False
        for cell, outputs in zip(first, self.outputs, strict=True):
            cell.outputs = copy.deepcopy(outputs)
        return True


def open_assignment(
    plan: Plan, template: Template, environment: Mapping[str, str], limits: Limits
) -> Opening | None:
    """Run the opening of an assignment, as far as it can be run once for all.

    Parameters
    ----------
    plan
        Of the assignment.
    template, environment
        As for :func:`helpers.grading.processes.open_stage`.
    limits
        What a submission may use.

    Raises
    ------
    OSError
        If the template has died.
    """
    stage = open_stage(template, plan.opening, environment, limits.cell_seconds)
    if stage is None:
        return None
    shown: list[list[NotebookNode]] = []
    for lines in stage.shown:
        shown.append([])
        screen = Screen(shown[-1], limits.output)
        for line in lines:
            screen.show(line)
    return Opening(stage, plan.opening[: len(shown)], tuple(shown))
