"""Each limit beside the limit of which an honest run falls short as rarely as it should."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.commands.calibrate.limits import Limit
from helpers.commands.calibrate.luck import FAILED
from helpers.commands.check.odds import CHANCE, Sample, as_chance, sample_of
from helpers.commands.check.thresholds import Threshold
from helpers.console import table

__all__ = ["Row", "as_text", "as_thresholds", "failures", "rows_of", "without_threshold"]

# A limit that is further away than so many times what the chance asks for is called loose.
_LOOSE = 3


@dataclass(frozen=True)
class Row:
    """A limit and what the runs say of it.

    Attributes
    ----------
    name
        The result's name, or the test's with the comparison in it.
    at_least
        Whether the limit is the smallest value that passes; it is the largest otherwise.
    limit
        It.
    sample
        What the runs gave.
    is_result
        Whether it is a result with a threshold, and not a test's own limit.
    """

    name: str
    at_least: bool
    limit: float
    sample: Sample
    is_result: bool

    @property
    def chance(self) -> float:
        """How probable it is that an honest run falls short of the limit."""
        return self.sample.chance(self.limit, self.at_least)

    @property
    def fitting(self) -> float:
        """The limit of which an honest run falls short as rarely as it should."""
        return self.sample.limit(CHANCE, self.at_least)

    @property
    def verdict(self) -> str:
        """What is to be thought of the limit, in a word or two."""
        if self.chance > CHANCE:
            return "tight"
        if not self.sample.spread:
            return "no luck in it"
        far = abs(self.limit - self.sample.mean) > _LOOSE * abs(self.fitting - self.sample.mean)
        return "loose" if far else "fits"


def rows_of(
    runs: Sequence[Mapping[str, float]],
    thresholds: Mapping[str, Threshold],
    limits: Sequence[Limit],
) -> list[Row]:
    """Make a row of each limit that was met in at least one run.

    Parameters
    ----------
    runs
        The results of each run, by name.
    thresholds
        Those of the notebook.
    limits
        Those of its tests.
    """
    wanted = [
        (name, threshold.kind == "at_least", threshold.limit, True)
        for name, threshold in thresholds.items()
    ]
    wanted += [(limit.name, limit.at_least, limit.limit, False) for limit in limits]
    rows = []
    for name, at_least, number, is_result in wanted:
        values = [values[name] for values in runs if name in values]
        if values:
            rows.append(Row(name, at_least, number, sample_of(values), is_result))
    return rows


def without_threshold(
    runs: Sequence[Mapping[str, float]],
    thresholds: Mapping[str, Threshold],
    limits: Sequence[Limit],
) -> dict[str, Sample]:
    """Return what the runs gave of each result that has no threshold yet, by name.

    Parameters
    ----------
    runs, thresholds, limits
        As for :func:`rows_of`.
    """
    known = {*thresholds, *(limit.name for limit in limits)}
    names = {name: None for values in runs for name in values if not name.startswith(FAILED)}
    return {
        name: sample_of([values[name] for values in runs if name in values])
        for name in names
        if name not in known
    }


def failures(runs: Sequence[Mapping[str, float]]) -> Counter[str]:
    """Count in how many runs each test failed; tests that never did are not in it."""
    return Counter(
        name.removeprefix(FAILED) for values in runs for name in values if name.startswith(FAILED)
    )


def as_text(rows: Sequence[Row], runs: Sequence[Mapping[str, float]]) -> str:
    """Set the rows as a table, and name the tests that failed in some runs."""
    header = ["what", "limit", "mean", "spread", "chance to fail", "limit for 1 in 10,000", "so"]
    luck = [row for row in rows if row.sample.spread or row.verdict == "tight"]
    lines = [
        table(
            header,
            [
                [
                    row.name,
                    f"{'≥' if row.at_least else '≤'} {row.limit:g}",
                    f"{row.sample.mean:.4g}",
                    f"{row.sample.spread:.2g}",
                    as_chance(row.chance),
                    f"{row.fitting:.4g}",
                    row.verdict,
                ]
                for row in luck
            ],
            "<>>>>><",
        )
    ]
    if steady := len(rows) - len(luck):
        lines.append(f"{steady} limits more, with no luck in what they are compared with.")
    lines += [
        f"{test} failed in {count} of {len(runs)} runs." for test, count in failures(runs).items()
    ]
    return "\n".join(lines)


def as_thresholds(notebook: str, rows: Sequence[Row], new: Mapping[str, Sample]) -> str:
    """Write what was measured of the results as the file of thresholds has it.

    Parameters
    ----------
    notebook
        Its name.
    rows
        Those of its limits; results with a threshold are among them.
    new
        Results without a threshold. The limits that they might get stand there as a comment.
    """
    entries = [
        _entry(f"{notebook}.{row.name}", _limit(row), row.sample) for row in rows if row.is_result
    ]
    for name, sample in new.items():
        lowest, highest = (sample.limit(CHANCE, at_least) for at_least in (True, False))
        limit = f"# at_least = {lowest:.4g} or at_most = {highest:.4g}: choose one"
        entries.append(_entry(f"{notebook}.{name}", limit, sample))
    return "\n\n".join(entries)


def _limit(row: Row) -> str:
    return f"{'at_least' if row.at_least else 'at_most'} = {row.limit:g}"


def _entry(name: str, limit: str, sample: Sample) -> str:
    return (
        f"[{name}]\n{limit}\nmean = {sample.mean:.4g}\n"
        f"spread = {sample.spread:.2g}\nseeds = {sample.runs}"
    )
