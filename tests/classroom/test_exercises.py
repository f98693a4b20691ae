"""Exercises are those that students know, by their headings."""

import json

import pytest

from helpers.classroom.exercises import read_exercises
from helpers.errors import CourseError
from tests.builders import course, markdown_cell, notebook, write_source
from tests.builders import grading as mark
from tests.samples.build import ROOT

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("source/*/*.ipynb"))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_graded_cell_is_in_one_exercise_and_titles_are_unique(assignment):
    content = json.loads((ROOT / "source" / assignment / f"{assignment}.ipynb").read_bytes())
    marks = [cell["metadata"].get("nbgrader", {}) for cell in content["cells"]]
    graded = [mark["grade_id"] for mark in marks if mark.get("grade")]
    exercises = read_exercises(ROOT, assignment)
    assert [cell for exercise in exercises for cell in exercise.cells] == graded
    assert len({exercise.title for exercise in exercises}) == len(exercises)
    assert len({exercise.name for exercise in exercises}) == len(exercises)


def test_written_answers_below_one_heading_are_one_exercise(tmp_path):
    cells = [markdown_cell("## Exercise 1: in your own words (4 points)", "heading")]
    cells += [
        markdown_cell("Because.", name, mark(name, grade=True, solution=True, points=2))
        for name in ("first", "second")
    ]
    root = course(tmp_path, {"words": notebook(cells)})
    [exercise] = read_exercises(root, "words")
    assert (exercise.title, exercise.cells) == (
        "Exercise 1: in your own words",
        ("first", "second"),
    )


def test_a_notebook_that_is_none_is_named(tmp_path):
    root = course(tmp_path, {})
    write_source(root, "words", b"[]")
    with pytest.raises(CourseError, match=r"words\.ipynb can't be read .*; run `course build`"):
        read_exercises(root, "words")
