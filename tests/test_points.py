import json

import pytest

from helpers.points import Points, read_parts
from tests.builders import code_cell, grading, markdown_cell, notebook, test_cell
from tests.samples.build import ROOT, exercises

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("release/*/*.ipynb"))


@pytest.fixture
def parts():
    written = grading("own_words", grade=True, solution=True, points=4)
    cells = [
        markdown_cell("# Title\n\n## Exercise 1: rows (2.5 points)\n\nText.", "exercise-1"),
        code_cell("rows = 1", "rows", grading("rows", solution=True)),
        markdown_cell("**Check 1.1** (1 point): one.", "text-1"),
        test_cell("assert rows == 1", "one"),
        markdown_cell("**Check 1.2** (1.5 points): two.", "text-2"),
        code_cell("print(rows)", "between"),
        test_cell("assert rows == 2", "two", points=1.5),
        markdown_cell("## Exercise 2: in your own words (4 points, graded by a person)", "e2"),
        markdown_cell("Because.", "own_words", written),
    ]
    return tuple(read_parts(notebook(cells)))


def test_parts_have_the_names_of_the_headings_above_them(parts):
    assert [(part.identity, part.name, part.exercise) for part in parts] == [
        ("one", "Check 1.1", "Exercise 1: rows"),
        ("two", "Check 1.2", "Exercise 1: rows"),
        ("own_words", "own_words", "Exercise 2: in your own words"),
    ]
    assert [part.tested for part in parts] == [True, True, False]
    assert [part.points for part in parts] == [1, 1.5, 4]


def test_a_name_is_for_one_test_only():
    cells = [
        markdown_cell("**Check 1.1** (1 point): one.", "text"),
        test_cell("assert True", "first"),
        test_cell("assert True", "second"),
    ]
    assert [part.name for part in read_parts(notebook(cells))] == ["Check 1.1", "second"]


def test_each_exercise_says_its_points_and_what_is_still_to_do(parts):
    points = Points(parts, {"one": 1, "two": 0.5})
    assert points.rows() == [
        ("Exercise 1: rows", "1.5 of 2.5", "not yet: Check 1.2"),
        ("Exercise 2: in your own words", "a person gives up to 4", ""),
    ]
    assert points.summary().startswith("1.5 of 2.5 points so far; a person gives up to 4 more.")
    assert Points(parts, {}).rows()[0][1:] == ("0 of 2.5", "not run: Check 1.1, Check 1.2")


def test_the_table_shows_every_row_and_no_markup_of_names(parts):
    points = Points(parts, {"one": 1})
    page = points._repr_html_()
    assert page.count("<tr>") == 3
    assert "not run: Check 1.2" in page
    assert points.summary() in page
    cells = [markdown_cell("## Exercise 1: a < b (1 point)", "e"), test_cell("assert 1", "t")]
    assert "a &lt; b" in Points(tuple(read_parts(notebook(cells))), {})._repr_html_()


def test_where_there_are_no_checks_it_says_so():
    assert "no checks here" in repr(Points((), {}))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_all_tests_of_the_course_are_found_and_named(assignment):
    path = ROOT / "release" / assignment / f"{assignment}.ipynb"
    tests = [part for part in read_parts(json.loads(path.read_bytes())) if part.tested]
    expected = {
        name: points for tests in exercises(assignment).values() for name, points in tests.items()
    }
    assert {test.identity: test.points for test in tests} == expected
    for test in tests:
        exercise, check = test.exercise.split()[1], test.name.removeprefix("Check ")
        assert exercise == check.partition(".")[0] + ":"
