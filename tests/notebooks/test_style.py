"""The notebooks keep the rhythm and the rules that README and CONTRIBUTING promise."""

import pytest

from helpers.commands.folder import assignments, source_notebook
from helpers.commands.lint import read_notebook
from helpers.commands.promises import wrong_points
from helpers.commands.style import advice
from tests.samples.build import ROOT

ASSIGNMENTS = assignments(ROOT)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_points_in_the_text_are_those_of_the_cells(assignment):
    assert wrong_points(source_notebook(ROOT, assignment)) == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_it_is_easy_to_read(assignment):
    source = source_notebook(ROOT, assignment)
    release = ROOT / "release" / assignment / source.name
    assert advice(read_notebook(source), read_notebook(release)) == []
