"""The report of `course check`: a table for the terminal and a page to look at."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpers.commands.check.odds import as_chance
from helpers.commands.check.runner import Outcome
from helpers.commands.check.thresholds import Threshold
from helpers.console import table
from helpers.page import fill
from helpers.processors import cores

__all__ = ["Row", "as_html", "as_text", "rows_of"]

_NOTHING = "-"


@dataclass(frozen=True)
class Row:
    """One result of one notebook, or the notebook itself if it has none.

    Attributes
    ----------
    notebook, result
        Their names; `result` is "-" for a notebook without results.
    value, threshold
        What was recorded and what it has to reach; None for what is missing.
    seconds
        How long the whole notebook ran.
    passed
        Whether this result is as it should be.
    unchanged
        Whether the notebook was not run, since nothing changed after it last passed.
    has_page
        Whether the executed notebook is there to look at.
    """

    notebook: str
    result: str
    value: float | None
    threshold: Threshold | None
    seconds: float
    passed: bool
    unchanged: bool
    has_page: bool

    @property
    def margin(self) -> float | None:
        """By how much the value passes, if there is one and a threshold for it."""
        if self.value is None or self.threshold is None:
            return None
        return self.threshold.margin(self.value)

    @property
    def chance(self) -> str:
        """How often an honest run falls short, by what was measured, as people say it."""
        if self.threshold is None or self.threshold.seeds < 2:
            return _NOTHING
        return as_chance(self.threshold.chance)

    @property
    def verdict(self) -> str:
        """The outcome in one word."""
        if not self.passed:
            return "FAILED"
        return "unchanged" if self.unchanged else "passed"

    @property
    def scale(self) -> dict[str, float] | None:
        """Where the value, limit and measured mean lie on a line from 0 to 100, if all are there.

        `low` and `high` are two standard deviations below and above the mean.
        """
        if self.value is None or self.threshold is None:
            return None
        measured = self.threshold
        points = {
            "value": self.value,
            "limit": measured.limit,
            "low": measured.mean - 2 * measured.spread,
            "high": measured.mean + 2 * measured.spread,
        }
        first, last = min(points.values()), max(points.values())
        width = (last - first) or 1.0
        return {name: 6 + 88 * (point - first) / width for name, point in points.items()}


def rows_of(
    notebook: str, outcome: Outcome, thresholds: Mapping[str, Threshold], unchanged: bool
) -> list[Row]:
    """List the results that a notebook recorded and those that it should have recorded."""
    names = list(dict.fromkeys([*outcome.values, *thresholds])) if not outcome.failure else []
    return [
        Row(
            notebook,
            name,
            value := outcome.values.get(name),
            threshold := thresholds.get(name),
            outcome.seconds,
            passed=not outcome.failure
            and (value is None) == (threshold is None)
            and (value is None or threshold is None or threshold.margin(value) >= 0),
            unchanged=unchanged,
            has_page=unchanged or bool(outcome.html),
        )
        for name in names or [_NOTHING]
    ]


def as_text(rows: Sequence[Row]) -> str:
    """Set the rows as a table for the terminal."""
    return table(
        [
            "notebook",
            "result",
            "value",
            "threshold",
            "margin",
            "chance to fail",
            "seconds",
            "verdict",
        ],
        [
            [
                row.notebook,
                row.result,
                _NOTHING if row.value is None else f"{row.value:.6g}",
                str(row.threshold or _NOTHING),
                _NOTHING if row.margin is None else f"{row.margin:+.3g}",
                row.chance,
                f"{row.seconds:.0f}",
                row.verdict,
            ]
            for row in rows
        ],
        "<<><>>><",
    )


def as_html(rows: Sequence[Row], problems: Mapping[str, Sequence[str]], isolated: bool) -> str:
    """Set the rows as a page, with a link to each executed notebook.

    Parameters
    ----------
    rows
        All of this run.
    problems
        What is wrong with each notebook.
    isolated
        Whether the notebooks ran in a network namespace of their own.
    """
    network = (
        "none: each notebook ran in a network namespace of its own"
        if isolated
        else "proxies that lead nowhere; this system permits no network namespace, so a program "
        "that ignores proxies could still have used the network"
    )
    return fill(
        Path(__file__).with_name("report.html"),
        rows=rows,
        problems=problems,
        failing=[notebook for notebook, found in problems.items() if found],
        facts={
            "Date": f"{datetime.now():%Y-%m-%d %H:%M}",
            "Network": network,
            "Processors": cores(),
            "Python": platform.python_version(),
        },
    )
