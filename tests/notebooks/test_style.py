"""The notebooks keep the rhythm and the rules that README and CONTRIBUTING promise."""

import re
import statistics

import nbformat
import pytest

from tests.samples.build import ROOT

ASSIGNMENTS = sorted(place.stem for place in (ROOT / "source").glob("*/*.ipynb"))


def notebook(step, assignment):
    return nbformat.read(ROOT / step / assignment / f"{assignment}.ipynb", as_version=4)


def mark(cell):
    return cell.metadata.get("nbgrader", {})


@pytest.fixture(params=ASSIGNMENTS)
def source(request):
    return notebook("source", request.param)


@pytest.fixture(params=ASSIGNMENTS)
def release(request):
    return notebook("release", request.param)


def test_students_see_short_cells(release):
    lengths = sorted(len(cell.source.splitlines()) for cell in release.cells if is_code(cell))
    assert statistics.median(lengths) <= 6
    assert lengths[int(len(lengths) * 0.9)] <= 16


def is_code(cell):
    return cell.cell_type == "code"


def test_no_more_than_two_code_cells_stand_in_a_row(release):
    kinds = "".join("c" if is_code(cell) else "m" for cell in release.cells)
    assert "ccc" not in kinds


def test_the_first_cell_says_what_one_learns_and_how_long_it_takes(release):
    first = release.cells[0].source
    assert "you will be able to" in first
    assert "**Time:**" in first


def test_the_points_in_the_text_are_those_of_the_tests(source):
    graded = [mark(cell) for cell in source.cells if mark(cell).get("grade")]
    manual = sum(cell["points"] for cell in graded if cell["solution"])
    total = sum(cell["points"] for cell in graded)
    promised = re.search(
        r"\*\*Points:\*\* (\d+), of which a person grades (\d+)", source.cells[0].source
    )
    assert (int(promised[1]), int(promised[2])) == (total, manual)


def test_each_exercise_promises_the_points_that_its_cells_have(source):
    promised, given = [], []
    for cell in source.cells:
        heading = re.search(r"^## Exercise \d+.*\((\d+) points", cell.source, re.MULTILINE)
        if heading and not is_code(cell):
            promised.append(int(heading[1]))
            given.append(0)
        if mark(cell).get("grade"):
            given[-1] += mark(cell)["points"]
    assert promised
    assert given == promised


def test_the_line_above_each_check_names_its_points(source):
    for before, cell in zip(source.cells, source.cells[1:], strict=False):
        if is_code(cell) and mark(cell).get("grade"):
            points = re.match(r"\*\*Check \d\.\d\*\* \((\d+) points?\)", before.source)
            assert points, before.source
            assert int(points[1]) == mark(cell)["points"]


def test_each_check_says_what_it_checks(source):
    for cell in source.cells:
        if is_code(cell) and mark(cell).get("grade"):
            assert cell.source.startswith('"""Check that ')


def test_no_source_line_is_too_long_to_read_in_jupyterlab(source):
    long = [line for cell in source.cells if is_code(cell) for line in cell.source.splitlines()]
    assert not [line for line in long if len(line) > 100]


def test_each_exercise_says_why_it_matters_and_has_a_cell_to_try_it(source):
    texts = [cell.source for cell in source.cells if not is_code(cell)]
    autograded = [cell for cell in source.cells if is_code(cell) and mark(cell).get("solution")]
    assert sum("*Why it matters:*" in text for text in texts) == len(autograded)
    assert sum(text.startswith("Try it") for text in texts) == len(autograded)


def test_the_text_links_to_each_word_of_the_list_and_to_no_other(release):
    texts = [cell.source for cell in release.cells if not is_code(cell)]
    (words,) = [text for text in texts if text.startswith("## Words\n")]
    defined = re.findall(r'^- <a id="(word-[a-z-]+)"></a>\*\*(.+?)\*\*', words, re.MULTILINE)
    linked = re.findall(r"\]\(#(word-[a-z-]+)\)", "\n".join(texts))
    assert {anchor for anchor, _ in defined} == set(linked)
    names = [name.lower() for _, name in defined]
    assert names == sorted(names)
