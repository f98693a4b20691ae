import json

import pytest

from helpers.points import Exercise, Points, read_parts, saved_points
from tests.builders import code_cell, grading, markdown_cell, notebook, solution_cell, test_cell
from tests.samples.build import ROOT, basic_samples, exercises

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("release/*/*.ipynb"))

ERROR = {"output_type": "error", "ename": "CheckFailed", "evalue": "Not yet.", "traceback": []}
WARNING = {"output_type": "stream", "name": "stderr", "text": "WARNING: slow"}


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


def test_without_exercises_by_name_every_heading_is_one():
    task = grading("essay", task=True, locked=True, points=3)
    cells = [
        markdown_cell("# Squares", "title"),
        markdown_cell("## Warm up (2 points)", "warm-up", grading("warm-up", locked=True)),
        solution_cell("def square(number): ...", "square"),
        test_cell("assert square(1) == 1", "one"),
        test_cell("assert square(2) == 4", "two"),
        markdown_cell("## An essay", "heading"),
        markdown_cell("# My essay\n\nWrite it below.", "essay", task),
    ]
    found = read_parts(notebook(cells))
    assert [(part.identity, part.exercise, part.tested) for part in found] == [
        ("one", "Warm up", True),
        ("two", "Warm up", True),
        ("essay", "An essay", False),
    ]
    exercise = markdown_cell("## Exercise 1: squares", "exercise")
    found = read_parts(notebook([*cells[:1], exercise, *cells[1:]]))
    assert {part.exercise for part in found} == {"Exercise 1: squares"}


def test_each_exercise_says_its_points_and_what_is_still_to_do(parts):
    points = Points(parts, {"one": 1, "two": 0.5})
    assert points.exercises() == [
        Exercise("Exercise 1: rows", 1.5, 2.5, 0, ["Check 1.2"], []),
        Exercise("Exercise 2: in your own words", 0, 0, 4, [], []),
    ]
    assert repr(points).startswith(
        "Exercise 1: rows: 1.5 of 2.5  not yet: Check 1.2\n"
        "Exercise 2: in your own words: a person gives up to 4\n"
    )
    assert points.summary().startswith("1.5 of 2.5 points so far; a person gives up to 4 more.")
    assert "0 of 2.5  not run: Check 1.1, Check 1.2" in repr(Points(parts, {}))


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


def check(name, points=1, count=None, outputs=()):
    cell = test_cell("assert square(3) == 9", name, points)
    return {**cell, "execution_count": count, "outputs": list(outputs)}


def only(*cells):
    cells = [markdown_cell("## Exercise 1: squares", "title"), *cells]
    (exercise,) = saved_points(notebook(cells)).exercises()
    return exercise


@pytest.mark.parametrize(
    ("count", "outputs", "passed"),
    [(3, [], 2), (3, [WARNING], 2), (3, [ERROR], 0), (None, [], 0)],
    ids=["ran", "ran-with-a-warning", "failed", "has-not-run"],
)
def test_a_check_has_passed_if_it_has_run_without_an_error(count, outputs, passed):
    exercise = only(check("small", 2, count, outputs))
    assert (exercise.passed, exercise.checks) == (passed, 2)
    assert exercise.waiting == ([] if count else ["small"])
    assert exercise.failed == (["small"] if ERROR in outputs else [])


def test_points_are_added_up_by_exercise_in_the_order_of_the_notebook():
    cells = [
        markdown_cell("# Squares", "title"),
        markdown_cell("Why it matters: …\n\n## Exercise 2: squares (3 points)", "squares"),
        solution_cell("def square(number): ...", "square"),
        markdown_cell("**Check 2.1** (2 points)\n\n### A hint", "prose"),
        check("small", 2, 1),
        check("large", 1, 2, [ERROR]),
        markdown_cell("## Exercise 1: roots (1 point)", "roots"),
        check("root", 1, 3),
    ]
    assert [exercise[:4] for exercise in saved_points(notebook(cells)).exercises()] == [
        ("Exercise 2: squares", 2, 3, 0),
        ("Exercise 1: roots", 1, 1, 0),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "## Exercise 2: f(x) (by hand) (3 points, graded by a person)",
            "Exercise 2: f(x) (by hand)",
        ),
        ("## Exercise 2: squares", "Exercise 2: squares"),
        ("## My notes", "Exercise 1: squares"),
        ("```\n# a comment\n```", "Exercise 1: squares"),
    ],
)
def test_exercises_are_told_by_their_headings_whatever_students_add(text, title):
    assert only(markdown_cell(text, "own"), check("small")).title == title


def test_a_copy_of_a_check_gives_no_points_of_its_own():
    assert only(check("small", 2, 1), check("small", 2, 2))[1:3] == (2, 2)


def test_without_a_heading_points_are_counted_all_the_same():
    (exercise,) = saved_points(notebook([check("small", 2, 1)])).exercises()
    assert exercise[:4] == ("Exercises", 2, 2, 0)


def test_written_answers_and_tasks_are_for_a_person():
    answer = grading("why", grade=True, solution=True, points=4)
    by_hand = code_cell("plot()", "figure", grading("figure", grade=True, solution=True, points=1))
    task = markdown_cell("Draw it.", "task", grading("task", grade=True, task=True, points=2))
    cells = [markdown_cell("Because …", "why", answer), {**by_hand, "execution_count": 1}, task]
    assert only(*cells)[:4] == ("Exercise 1: squares", 0, 0, 7)


def test_cells_that_give_no_points_are_left_out():
    locked = code_cell("import numpy", "setup", grading("setup", locked=True))
    assert saved_points(notebook([locked, code_cell("1 + 1", "own")])).exercises() == []


def test_the_real_notebooks_are_counted_in_full():
    untouched = basic_samples("convolution")["untouched"]
    graded = [cell.metadata.nbgrader for cell in untouched.cells if "nbgrader" in cell.metadata]
    every = saved_points(untouched).exercises()
    assert sum(each.checks + each.written for each in every) == sum(
        cell.points for cell in graded if cell.grade
    )
    assert [each.passed for each in every] == [0] * len(every)
    assert all(each.title.startswith("Exercise ") for each in every)
