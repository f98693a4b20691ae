"""The chance to fall short is what it says: found again in simulated runs."""

import numpy as np
import pytest

from helpers.commands.check.odds import Sample, as_chance, sample_of


@pytest.mark.parametrize("at_least", [True, False])
@pytest.mark.parametrize("runs", [3, 20])
def test_another_run_falls_short_as_often_as_the_limit_says(runs, at_least):
    rng = np.random.default_rng(runs)
    chance, trials = 0.05, 4000
    short = 0
    for *seen, another in rng.normal(0.9, 0.02, size=(trials, runs + 1)):
        limit = sample_of(seen).limit(chance, at_least)
        short += another < limit if at_least else another > limit
    # Three standard deviations of a share of 4,000.
    assert abs(short / trials - chance) < 3 * np.sqrt(chance * (1 - chance) / trials)


def test_the_chance_of_a_limit_is_the_one_that_it_was_made_for():
    sample = sample_of([0.91, 0.93, 0.9, 0.95])
    for at_least in (True, False):
        assert sample.chance(sample.limit(1e-4, at_least), at_least) == pytest.approx(1e-4)


def test_few_runs_promise_less_than_many():
    few, many = Sample(0.9, 0.01, 3), Sample(0.9, 0.01, 30)
    assert few.chance(0.85, True) > 10 * many.chance(0.85, True)


def test_what_does_not_spread_passes_or_fails_for_certain():
    same = sample_of([0.1 + 0.2, 0.3, 0.3])
    assert [same.chance(limit, True) for limit in (0.2, 0.4)] == [0, 1]
    assert [same.chance(limit, False) for limit in (0.2, 0.4)] == [1, 0]


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0, "none"),
        (1, "100%"),
        (0.25, "25%"),
        (1 / 40, "1 in 40"),
        (1 / 19_870, "1 in 20,000"),
        (1e-12, "under 1 in"),
    ],
)
def test_a_chance_is_written_as_people_say_it(chance, text):
    assert as_chance(chance).startswith(text)
