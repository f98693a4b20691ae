"""The names that code binds, and what of Python's own parser would take all memory."""

import json
import tracemalloc

import nbformat
import pytest

from helpers.grading.execution.parameters import lowered
from helpers.grading.judging.plan import Plan
from helpers.grading.judging.shows import find_shows
from helpers.grading.submission.names import LONGEST_CODE, bound_names, is_python
from tests.builders import code_cell, grading, notebook, test_cell

# Python keeps `a`, `a.a`, `a.a.a` and so on: 400 MB of names in 40 kB of code.
GROWS = "import a" + ".a" * 20_000


def find_shows_in(code):
    setup = code_cell("import a", "setup", grading("setup", locked=True))
    assignment, submitted = (
        nbformat.reads(json.dumps(notebook(cells)), as_version=4)
        for cells in ([setup, test_cell("assert a", "works")], [setup, code_cell(code, "own")])
    )
    return find_shows(submitted, Plan.of(assignment))


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (bound_names, frozenset()),
        (is_python, False),
        (find_shows_in, set()),
        (lambda code: lowered(code, {"a": 1}), (GROWS, [])),
    ],
    ids=["names", "python", "shows", "parameters"],
)
def test_no_code_takes_much_memory_to_be_read(read, found):
    tracemalloc.start()
    try:
        assert read(GROWS) == found
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 50_000_000


def test_a_long_answer_is_still_known_by_what_it_defines():
    data = "table = [\n" + "    0,\n" * LONGEST_CODE + "]\n"
    code = f"{data}\n\ndef look_up(place):\n    return table[place]"
    assert bound_names(code) == {"table", "look_up"}
