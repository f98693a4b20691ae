import re

import nbformat.v4 as v4
import pytest

from helpers.grading.nbgrader_steps.hidden import HideHiddenTests
from tests.builders import grading

SECRET = "assert measure(answer) == 42"
HIDDEN = f"visible = 1\n### BEGIN HIDDEN TESTS\n{SECRET}\nelse_\n### END HIDDEN TESTS\n"


def test_cell(source=HIDDEN, outputs=()):
    metadata = {"nbgrader": grading("test", grade=True, locked=True, points=1)}
    return v4.new_code_cell(source, metadata=metadata, outputs=list(outputs))


test_cell.__test__ = False


def hide(*cells):
    content, _ = HideHiddenTests().preprocess(v4.new_notebook(cells=list(cells)), {})
    return content.cells


def text_of(cell):
    (output,) = cell.outputs
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "\n".join(output.traceback)
    return output.data["text/plain"]


QUOTES = {
    "warning": v4.new_output(
        "stream", name="stderr", text=f"1.py:3: UserWarning: too large\n  {SECRET}\n"
    ),
    "traceback": v4.new_output(
        "error",
        traceback=[
            "one frame",
            f"----> 3 \x1b[32massert\x1b[39m{SECRET.removeprefix('assert')}",
            "ValueError: too large",
        ],
    ),
    "result": v4.new_output("display_data", {"text/plain": f"too large\n{SECRET}"}),
}


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("place", ["the test itself", "another cell"])
def test_no_output_quotes_a_line_of_a_hidden_test(quote, place):
    if (quote, place) == ("warning", "the test itself"):
        assert hide(test_cell(outputs=[QUOTES[quote]]))[0].outputs == []
        return
    cells = (
        [test_cell(outputs=[QUOTES[quote]])]
        if place == "the test itself"
        else [test_cell(), v4.new_code_cell("measure(1)", outputs=[QUOTES[quote]])]
    )
    shown = text_of(hide(*cells)[-1])
    assert "too large" in shown
    assert "measure(answer)" not in re.sub(r"\x1b\[\d+m", "", shown)


def test_outputs_keep_lines_that_are_in_sight_anyway_and_short_ones():
    output = v4.new_output("stream", text=f"{SECRET}\nelse_\n")
    (_, cell) = hide(test_cell(), v4.new_code_cell(SECRET, outputs=[output]))
    assert text_of(cell) == f"{SECRET}\nelse_\n"


@pytest.mark.parametrize("cell_type", ["code", "markdown"])
@pytest.mark.parametrize("solution", [True, False])
def test_a_student_may_write_the_markers_of_hidden_tests(cell_type, solution):
    new_cell = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}[cell_type]
    written = grading("written", grade=True, solution=True, points=1)
    metadata = {"nbgrader": written} if solution else {}
    (cell,) = hide(new_cell("### BEGIN HIDDEN TESTS\nmine", metadata=metadata))
    assert cell.source == "### BEGIN HIDDEN TESTS\nmine"
