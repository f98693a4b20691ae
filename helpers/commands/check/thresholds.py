"""What the results of the notebooks have to reach: the reviewed file source/thresholds.toml."""

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.commands.check.odds import Sample
from helpers.errors import CourseError

__all__ = ["THRESHOLDS", "Threshold", "load", "shortcomings"]

THRESHOLDS = Path("source", "thresholds.toml")
"""Where they stand, in the course."""

_MEASURED = {"mean", "spread", "seeds"}
_LIMITS = {"at_least", "at_most"}


@dataclass(frozen=True)
class Threshold:
    """The limit of one result, and what was measured to choose it.

    Attributes
    ----------
    kind
        `at_least` or `at_most`.
    limit
        The smallest or largest value that passes.
    mean, spread
        Mean and standard deviation of the result over several seeds.
    seeds
        How many seeds that were.
    """

    kind: str
    limit: float
    mean: float
    spread: float
    seeds: int

    def margin(self, value: float) -> float:
        """Return by how much a value passes; negative if it falls short."""
        return value - self.limit if self.kind == "at_least" else self.limit - value

    @property
    def chance(self) -> float:
        """How probable it is that an honest run falls short, by what was measured."""
        sample = Sample(self.mean, self.spread, self.seeds)
        return sample.chance(self.limit, self.kind == "at_least")

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.limit:g}"


def load(path: Path, notebooks: Collection[str]) -> dict[str, dict[str, Threshold]]:
    """Read the thresholds of each notebook by the names of its results.

    Parameters
    ----------
    path
        A TOML file with a table `[notebook.result]` for each result. Where no notebook records
        results, there need not be one.
    notebooks
        The names of all notebooks; those without results have no threshold.

    Raises
    ------
    CourseError
        If the file is damaged, names another notebook, or if a threshold is incomplete,
        is no finite number, or is one that the measured mean itself would not pass.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = {}
    except ValueError as error:
        raise CourseError(f"{path} is damaged: {error}; mend it") from error
    for notebook in content:
        if notebook not in notebooks:
            raise CourseError(
                f"{path} has thresholds for {notebook}, but there is no notebook "
                f"source/{notebook}/{notebook}.ipynb; delete them or correct the name"
            )
    return {
        notebook: {
            name: _threshold(f"{path}: [{notebook}.{name}]", entry)
            for name, entry in content.get(notebook, {}).items()
        }
        for notebook in notebooks
    }


def shortcomings(values: Mapping[str, float], thresholds: Mapping[str, Threshold]) -> list[str]:
    """Say in one line each what is missing, unexpected or not good enough in a notebook."""
    return [
        *(
            f"{name} = {value:.6g} falls short of its threshold, {thresholds[name]}"
            for name, value in values.items()
            if name in thresholds and thresholds[name].margin(value) < 0
        ),
        *(
            f"{name} = {value:.6g} is recorded but has no threshold; add one to "
            "source/thresholds.toml, as `course calibrate` measures it"
            for name, value in values.items()
            if name not in thresholds
        ),
        *(
            f"{name} is not recorded, but has a threshold; record it or delete the threshold"
            for name in thresholds
            if name not in values
        ),
    ]


def _threshold(place: str, entry: Any) -> Threshold:
    if not isinstance(entry, dict):
        raise CourseError(f"{place} is {entry!r}; make it a table with at_least or at_most")
    kinds = sorted(_LIMITS & entry.keys())
    if len(kinds) != 1 or entry.keys() != {*_MEASURED, *kinds}:
        raise CourseError(
            f"{place} has {', '.join(entry) or 'nothing'}; it needs at_least or at_most, "
            "and mean, spread, seeds, as `course calibrate` measures them"
        )
    for key, value in entry.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise CourseError(f"{place} {key} is {value!r}; give a finite number")
    kind = kinds[0]
    threshold = Threshold(kind, entry[kind], entry["mean"], entry["spread"], entry["seeds"])
    if threshold.margin(threshold.mean) < 0:
        raise CourseError(
            f"{place} is {threshold}, which the measured mean, {threshold.mean:g}, does not pass; "
            "correct one of them"
        )
    return threshold
