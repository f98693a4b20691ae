"""The chance that an honest run falls short of a limit, from the runs that were made.

Runs are few, and none of them comes near a chance of one in thousands: a distribution has to
carry us there. It is the normal one, with mean and spread known from `runs` runs alone, so that the
next run follows Student's t with `runs - 1` degrees of freedom around the mean (Hahn and Meeker,
*Statistical Intervals*, 1991, section 4.7). For shares near 1 that is cautious, since they can't
spread upwards.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CHANCE", "Sample", "as_chance", "sample_of"]

CHANCE = 1e-4
"""How often an honest run may fall short of a limit."""


@dataclass(frozen=True)
class Sample:
    """What several runs gave.

    Attributes
    ----------
    mean, spread
        Mean and standard deviation.
    runs
        How many runs that were.
    """

    mean: float
    spread: float
    runs: int

    def chance(self, limit: float, at_least: bool) -> float:
        """Return how probable it is, 0 to 1, that another run falls short of a limit.

        Parameters
        ----------
        limit
            The smallest value that passes, or the largest.
        at_least
            Whether it is the smallest.

        Returns
        -------
        float
            0 or 1 if nothing spreads; not a number if a single run was made of what may spread.
        """
        distance = self.mean - limit if at_least else limit - self.mean
        if not self.spread:
            return float(distance < 0)
        # Only here: `course grade` reads what was checked, without a need for SciPy.
        from scipy.special import stdtr

        return float(stdtr(self.runs - 1, -distance / self._next_spread))

    def limit(self, chance: float, at_least: bool) -> float:
        """Return the limit of which another run falls short with this chance."""
        if not self.spread:
            return self.mean
        from scipy.special import stdtrit

        distance = float(stdtrit(self.runs - 1, chance)) * self._next_spread
        return self.mean + distance if at_least else self.mean - distance

    @property
    def _next_spread(self) -> float:
        """The spread of another run, around a mean that is itself uncertain."""
        return self.spread * math.sqrt(1 + 1 / self.runs)


def sample_of(values: Sequence[float]) -> Sample:
    """Summarise the values of at least one run.

    Values that differ by rounding alone have no spread.
    """
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    rounding = 1e-9 * max(1.0, *map(abs, values))
    return Sample(statistics.fmean(values), spread if spread > rounding else 0.0, len(values))


def as_chance(chance: float) -> str:
    """Write a chance as people say it, such as "1 in 20,000"."""
    if chance <= 0:
        return "none"
    if chance > 0.05:
        return f"{chance:.0%}"
    if chance < 1e-9:
        return "under 1 in 10^9"
    return f"1 in {float(f'{1 / chance:.2g}'):,.0f}"
