"""The notebooks keep the rhythm and the rules that README and CONTRIBUTING promise."""

import re

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


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_text_links_to_each_word_of_the_list_and_to_no_other(assignment):
    cells = read_notebook(ROOT / "release" / assignment / f"{assignment}.ipynb")["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    # An assignment may do without a list.
    words = "\n".join(text for text in texts if text.startswith("## Words\n"))
    defined = re.findall(r'^- <a id="(word-[a-z-]+)"></a>\*\*(.+?)\*\*', words, re.MULTILINE)
    linked = re.findall(r"\]\(#(word-[a-z-]+)\)", "\n".join(texts))
    assert {anchor for anchor, _ in defined} == set(linked)
    names = [name.lower() for _, name in defined]
    assert names == sorted(names)
