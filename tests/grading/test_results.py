"""Grading results: of several notebooks, and of an earlier grading of which a part is kept."""

import json
from dataclasses import asdict

from helpers.grading.results import GradingResult

CRASHED = GradingResult(
    repairs=["the test `f` differs from the assignment's and was replaced"],
    incidents={"one": {"f": "it crashed", "answer": "it hung"}, "two": {"f": "it printed"}},
    undecided={"one": {"g": "no time was left"}},
    seconds=2.5,
    memory=3_000,
    warm=False,
)


def test_the_notebooks_of_a_submission_have_one_result():
    other = GradingResult(
        incidents={"two": {"g": "it slept"}}, seconds=1.25, memory=1_000, sandboxed=False
    )
    both = GradingResult.combined([CRASHED, other])
    assert both.incidents["two"] == {"f": "it printed", "g": "it slept"}
    assert (both.repairs, both.undecided) == (CRASHED.repairs, CRASHED.undecided)
    assert (both.seconds, both.memory) == (3.75, 3_000)
    assert (both.warm, both.sandboxed) == (False, False)
    # Those that were put together are as before.
    assert CRASHED.incidents["two"] == {"f": "it printed"}


def test_of_tests_that_are_kept_only_what_happened_in_them_is_known():
    kept = CRASHED.of_tests("one", {"f", "g"})
    assert kept.incidents == {"one": {"f": "it crashed"}}
    assert kept.undecided == {"one": {"g": "no time was left"}}
    assert CRASHED.of_tests("two", {"g"}).incidents == {"two": {}}
    now = GradingResult(seconds=1, memory=10)
    # The time and memory of an earlier grading are none of this one's.
    assert asdict(GradingResult.combined([kept, now])) == {
        **asdict(now),
        "incidents": kept.incidents,
        "undecided": kept.undecided,
    }


def test_a_result_is_plain_data_and_shown_in_lines():
    assert GradingResult(**json.loads(json.dumps(asdict(CRASHED)))) == CRASHED
    assert CRASHED.incident_lines == ["f: it crashed", "answer: it hung", "f: it printed"]
