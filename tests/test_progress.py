"""Points so far come from what a notebook was saved with."""

import pytest

from helpers.progress import Exercise, exercises
from tests.builders import code_cell, grading, markdown_cell, notebook, solution_cell, test_cell
from tests.samples.build import basic_samples

ERROR = {"output_type": "error", "ename": "CheckFailed", "evalue": "Not yet.", "traceback": []}
WARNING = {"output_type": "stream", "name": "stderr", "text": "WARNING: slow"}


def check(name, points=1, count=None, outputs=()):
    cell = test_cell("assert square(3) == 9", name, points)
    return {**cell, "execution_count": count, "outputs": list(outputs)}


def only(*cells):
    (exercise,) = exercises(notebook([markdown_cell("## Exercise 1: squares", "title"), *cells]))
    return exercise


@pytest.mark.parametrize(
    ("count", "outputs", "passed"),
    [(3, [], 2), (3, [WARNING], 2), (3, [ERROR], 0), (None, [], 0)],
    ids=["ran", "ran-with-a-warning", "failed", "has-not-run"],
)
def test_a_check_has_passed_if_it_has_run_without_an_error(count, outputs, passed):
    assert only(check("small", 2, count, outputs)) == Exercise("Exercise 1: squares", passed, 2, 0)


def test_points_are_added_up_by_exercise_in_the_order_of_the_notebook():
    cells = [
        markdown_cell("# Squares", "title"),
        markdown_cell("Why it matters: …\n\n## Exercise 2: squares (3 points)", "squares"),
        solution_cell("def square(number): ...", "square"),
        markdown_cell("**Check 2.1** (2 points)", "prose"),
        check("small", 2, 1),
        check("large", 1, 2, [ERROR]),
        markdown_cell("## Exercise 1: roots (1 point)", "roots"),
        check("root", 1, 3),
    ]
    assert exercises(notebook(cells)) == [
        Exercise("Exercise 2: squares", 2, 3, 0),
        Exercise("Exercise 1: roots", 1, 1, 0),
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


def test_without_a_heading_points_are_counted_all_the_same():
    assert exercises(notebook([check("small", 2, 1)])) == [Exercise("Exercises", 2, 2, 0)]


def test_written_answers_and_tasks_are_for_a_person():
    answer = grading("why", grade=True, solution=True, points=4)
    by_hand = code_cell("plot()", "figure", grading("figure", grade=True, solution=True, points=1))
    task = markdown_cell("Draw it.", "task", grading("task", grade=True, task=True, points=2))
    cells = [markdown_cell("Because …", "why", answer), {**by_hand, "execution_count": 1}, task]
    assert only(*cells) == Exercise("Exercise 1: squares", 0, 0, 7)


def test_cells_that_give_no_points_are_left_out():
    locked = code_cell("import numpy", "setup", grading("setup", locked=True))
    assert exercises(notebook([locked, code_cell("1 + 1", "own")])) == []


def test_the_real_notebooks_are_counted_in_full():
    untouched = basic_samples("convolution")["untouched"]
    graded = [cell.metadata.nbgrader for cell in untouched.cells if "nbgrader" in cell.metadata]
    every = exercises(untouched)
    assert sum(each.checks + each.written for each in every) == sum(
        cell.points for cell in graded if cell.grade
    )
    assert [each.passed for each in every] == [0] * len(every)
    assert all(each.title.startswith("Exercise ") for each in every)
