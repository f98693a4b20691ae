"""Scribblers answer wrongly, and write on what they are given or leave it alone."""

import numpy as np
import pytest

from helpers.proving.scribblers import forgetful, scribblers

SOURCE = """
def total(rows, others=(), *, weight=1):
    return weight * rows[0] + sum(other[0] for other in others)

def constant():
    return 3
"""


def run(source):
    names = {}
    exec(compile(source, "answer", "exec"), names)
    return names


def call(source):
    """What `total` answers, and what its arrays are afterwards."""
    rows, others = np.array([1.0, 2, 3]), [np.array([5, 6])]
    return run(source)["total"](rows, others, weight=10), [rows.tolist(), others[0].tolist()]


UNCHANGED = [[1, 2, 3], [5, 6]]


@pytest.mark.parametrize(
    ("number", "written"), [(0, [[3, 3, 3], [6, 6]]), (1, [[3, 2, 1], [6, 5]])]
)
def test_both_of_a_pair_answer_for_other_arrays_and_one_writes_them(number, written):
    pair = scribblers(SOURCE)[number]
    assert call(SOURCE) == (15, UNCHANGED)
    assert call(pair.plain.source) == (36, UNCHANGED)
    assert call(pair.writing.source) == (36, written)


def test_arrays_that_nobody_may_write_to_stay_and_get_the_same_wrong_answer():
    for pair in scribblers(SOURCE):
        for variant in (pair.plain, pair.writing):
            rows = np.array([1.0, 2])
            rows.flags.writeable = False
            assert run(variant.source)["total"](rows) == 2
            assert rows.tolist() == [1, 2]


def test_the_first_answer_is_given_again():
    [variant] = forgetful(SOURCE)
    total = run(variant.source)["total"]
    assert total(np.array([1.0, 2])) == 1
    assert total(np.array([4.0, 2])) == 1


def test_code_without_a_function_that_is_given_something_has_none():
    for source in ("answer = 4", "def constant():\n    return 3"):
        assert scribblers(source) == []
        assert forgetful(source) == []
