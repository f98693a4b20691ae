"""Files beside a notebook: what fails because they are not there is left to a person."""

import json

import nbformat
import pytest

from helpers.grading.cohort.extra_files import find_undecided
from helpers.grading.execution.outputs import error_output
from tests.builders import code_cell, notebook, solution_cell, test_cell


def executed(answer):
    """A notebook with one test that failed, and one that did not."""
    cells = [
        code_cell("import numpy as np", "setup"),
        solution_cell(answer, "answer"),
        test_cell("assert False", "failed"),
        test_cell("assert True", "passed"),
    ]
    content = nbformat.reads(json.dumps(notebook(cells)), as_version=4)
    content.cells[2].outputs = [error_output("AssertionError", "no")]
    return content


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("from mine import square", "mine.py"),
        ("if True:\n    import os, mine as m", "mine.py"),
        ("from mine.shapes import square", "mine"),
        ("open('table.csv')", "table.csv"),
    ],
)
def test_a_notebook_that_uses_a_file_is_not_to_blame_for_what_fails(answer, name):
    assert find_undecided(executed(answer), ["notes.txt", name]) == {
        "failed": f"the notebook uses {name}, which grading does not take along"
    }


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("mine = 3", "mine.py"),
        ("# import nothing of mine", "mine.py"),
        ("import numpy", "numpy.py"),
        ("from helpers import checks", "helpers"),
        ("import sys", "sys.py"),
        ("x = 1", "table.csv"),
        ("import a.b", "a.b.py"),
    ],
)
def test_files_that_a_notebook_does_not_use_change_nothing(answer, name):
    assert find_undecided(executed(answer), [name]) == {}
