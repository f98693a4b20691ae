"""A kernel runs a little notebook from its file, as JupyterLab does."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert.filters import strip_ansi

from tests.builders import code_cell, markdown_cell, notebook, test_cell

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of each cell by its id."""
    folder = tmp_path_factory.mktemp("student")
    cells = [
        code_cell(
            "import os\nfrom helpers import checks\ndef double(x):\n    return 2 * x", "setup"
        ),
        markdown_cell("## Exercise 1: double (6 points)", "exercise"),
        test_cell("assert double(2) == 4", "passes", points=2),
        test_cell('assert double(2) == 5, f"`double(2)` is {double(2)}."', "fails"),
        test_cell('checks.number("double(2)", double(2), 5)', "fails_in_checks"),
        test_cell("assert double(2) == 5", "fails_without_a_word"),
        test_cell("double(2) / 8", "half"),
        code_cell('assert double(2) == 5, "my own"', "own"),
        test_cell("double([1][1])", "error"),
        code_cell("os.chdir('/')", "elsewhere"),
        code_cell("display(checks.points_so_far())", "points"),
    ]
    # What editors, JupyterLab and students leave beside it.
    (folder / ".#student.ipynb").symlink_to("nobody@nowhere:1")
    (folder / "gone.ipynb").symlink_to(folder / "nowhere.ipynb")
    (folder / "deep.ipynb").write_text("[" * 100_000)
    (folder / "strange.ipynb").write_text('{"cells": [{"source": 3}], "metadata": 1e999}')
    path = folder / "student.ipynb"
    path.write_text(json.dumps(notebook(cells)), encoding="utf-8")
    written = nbformat.read(path, as_version=4)
    client = NotebookClient(
        written, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return {cell.id: cell.outputs for cell in written.cells if cell.cell_type == "code"}


def shown(outputs):
    (output,) = outputs
    return "\n".join(output.traceback) if output.output_type == "error" else output.text


def test_a_check_that_passes_says_its_points(outputs):
    assert shown(outputs["passes"]) == "\x1b[1m\N{CHECK MARK} Passed:\x1b[0m 2 points.\n"


def test_checks_fail_in_one_line_whatever_they_were_written_with(outputs):
    assert shown(outputs["fails"]) == "\x1b[1mNot yet:\x1b[0m `double(2)` is 4."
    line = shown(outputs["fails_in_checks"])
    assert line.startswith("\x1b[1mNot yet:\x1b[0m `double(2)` is 4, expected 5")
    assert "\n" not in line


def test_an_assertion_without_a_message_shows_what_is_not_true(outputs):
    line = shown(outputs["fails_without_a_word"])
    assert line == "\x1b[1mNot yet:\x1b[0m `double(2) == 5` is not true."


def test_a_part_of_the_points_is_said(outputs):
    texts = [output.text for output in outputs["half"] if output.output_type == "stream"]
    assert texts == ["\x1b[1mNot yet:\x1b[0m 0.5 of 1 points.\n"]


def test_other_errors_and_the_students_own_assertions_keep_their_tracebacks(outputs):
    assert "IndexError" in shown(outputs["error"])
    assert "double([1][1])" in strip_ansi(shown(outputs["error"]))
    assert "AssertionError" in shown(outputs["own"])


def test_the_points_are_those_of_the_notebook_wherever_the_kernel_has_gone(outputs):
    (output,) = outputs["points"]
    text = output.data["text/plain"]
    assert "Exercise 1: double: 2.5 of 7" in text
    assert "not yet: fails, fails_in_checks, fails_without_a_word, half, error" in text
    assert "<table>" in output.data["text/html"]
