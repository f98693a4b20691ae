"""How the grading of a submission went: made by workers, kept in records, shown in reports."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["GradingResult"]

Cells = dict[str, dict[str, str]]
"""For each notebook, a reason for some of its cells, by their ids."""


@dataclass(frozen=True)
class GradingResult:
    """How the grading of a submission went, or of a part of it; plain data, as it stands in JSON.

    Parameters
    ----------
    reason
        Why all of it needs review, with what to do; empty if it could be graded.
    repairs
        What was repaired, a line each.
    incidents
        For each notebook, the cells that crashed or hit a limit, with what happened.
    undecided
        For each notebook, the tests that need review, with the reasons.
    seconds
        Wall time.
    memory
        Most bytes that the student's processes had together.
    warm, sandboxed
        Whether its kernels came from a template, and whether they were sandboxed.
    """

    reason: str = ""
    repairs: list[str] = field(default_factory=list)
    incidents: Cells = field(default_factory=dict)
    undecided: Cells = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0
    warm: bool = True
    sandboxed: bool = True

    @classmethod
    def combined(cls, parts: Iterable["GradingResult"]) -> "GradingResult":
        """Put the results of the parts of a submission together."""
        parts = list(parts)
        return cls(
            repairs=[line for part in parts for line in part.repairs],
            incidents=_merged(part.incidents for part in parts),
            undecided=_merged(part.undecided for part in parts),
            seconds=round(sum(part.seconds for part in parts), 3),
            memory=max((part.memory for part in parts), default=0),
            warm=all(part.warm for part in parts),
            sandboxed=all(part.sandboxed for part in parts),
        )

    def of_tests(self, notebook: str, tests: Collection[str]) -> "GradingResult":
        """Return what is known of some tests of a notebook, without time and memory."""
        incidents, undecided = (
            {test: reason for test, reason in cells.get(notebook, {}).items() if test in tests}
            for cells in (self.incidents, self.undecided)
        )
        return GradingResult(incidents={notebook: incidents}, undecided={notebook: undecided})

    @property
    def incident_lines(self) -> list[str]:
        """The incidents, a line each."""
        return [
            f"{cell}: {what}" for cells in self.incidents.values() for cell, what in cells.items()
        ]


def _merged(parts: Iterable[Mapping[str, Mapping[str, str]]]) -> Cells:
    """Join what is known of the cells of notebooks; of one cell, what comes last holds."""
    merged: Cells = {}
    for part in parts:
        for notebook, cells in part.items():
            merged.setdefault(notebook, {}).update(cells)
    return merged
