import nbformat.v4 as v4
import pytest
from nbgrader.utils import determine_grade

from helpers.grading.nbgrader_steps.credit import PartialCredit
from helpers.grading.nbgrader_steps.hidden import HideHiddenTests
from helpers.grading.nbgrader_steps.stderr import StderrAsOutput
from tests.builders import grading


def executed_test(*outputs, points=4, source="answer()"):
    metadata = {"nbgrader": grading("test", grade=True, locked=True, points=points)}
    return v4.new_code_cell(source, metadata=metadata, outputs=list(outputs))


def run(preprocessor, *cells):
    content, _ = preprocessor().preprocess(v4.new_notebook(cells=list(cells)), {})
    return content.cells


def result(text):
    return v4.new_output("execute_result", {"text/plain": text}, execution_count=1)


def stderr(text="UserWarning: old"):
    return v4.new_output("stream", name="stderr", text=text)


def failure():
    return v4.new_output(
        "error", ename="AssertionError", evalue="no", traceback=["2 assert secret", "no"]
    )


def test_a_warning_costs_no_points_and_stays_readable():
    (cell,) = run(StderrAsOutput, executed_test(stderr()))
    assert determine_grade(cell) == (4, 4)
    assert cell.outputs[0].text == "UserWarning: old"


def test_a_failure_costs_the_points_with_or_without_a_warning():
    (cell,) = run(StderrAsOutput, executed_test(stderr(), failure()))
    assert determine_grade(cell) == (0, 4)


def test_stderr_of_ordinary_cells_and_prose_are_left_alone():
    cells = run(
        StderrAsOutput, v4.new_code_cell("1", outputs=[stderr()]), v4.new_markdown_cell("# A")
    )
    assert cells[0].outputs[0].name == "stderr"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("np.float64(0.5)", 0.5),
        ("np.float32(0.25)", 0.25),
        ("numpy.float64(3.0)", 3),
        ("np.int64(2)", 2),
        ("np.uint8(1)", 1),
        ("np.float64(1e-05)", 1e-5),
        ("np.longdouble('0.5')", 0.5),
        ("np.float64(0.0)", 0),
        ("np.float64(nan)", 0),
        ("nan", 0),
        ("-1", 0),
        ("np.float64(-0.5)", 0),
        ("0.5", 0.5),
        ("4", 4),
        ("'a text'", 4),
        ("np.True_", 4),
        ("None", 4),
    ],
)
def test_the_last_value_of_a_test_counts_as_the_number_that_it_is(text, points):
    (cell,) = run(PartialCredit, executed_test(result(text)))
    assert determine_grade(cell) == (points, 4)


@pytest.mark.parametrize("value", ["np.float64(5.0)", "inf", "1e400"])
def test_more_credit_than_there_are_points_is_all_of_them(value):
    (cell,) = run(PartialCredit, executed_test(result(value)))
    assert determine_grade(cell) == (4, 4)


def test_values_of_ordinary_cells_are_shown_as_they_are():
    (cell,) = run(PartialCredit, v4.new_code_cell("1", outputs=[result("np.float64(0.5)")]))
    assert cell.outputs[0].data["text/plain"] == "np.float64(0.5)"


HIDDEN = "a = 1\n### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS"


def test_feedback_shows_the_message_but_not_the_hidden_test():
    (cell,) = run(HideHiddenTests, executed_test(failure(), source=HIDDEN))
    assert cell.source == "a = 1"
    assert cell.outputs[0].traceback == ["no"]


def test_feedback_on_a_visible_test_shows_the_whole_traceback():
    (cell,) = run(HideHiddenTests, executed_test(failure(), source="assert open_secret"))
    assert cell.outputs[0].traceback == ["2 assert secret", "no"]
