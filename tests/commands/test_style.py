"""`course build` refuses points that the text gets wrong, and advises on what is hard to read."""

import json
from collections.abc import Callable

import pytest

from helpers.commands.promises import wrong_points
from helpers.commands.style import advice
from helpers.commands.templates import assignment_files
from tests.builders import code_cell, course, files, run_course, write_source

PATH = "source/first-steps/first-steps.ipynb"
ONE_LINE = [code_cell(f"{number}", f"extra-{number}") for number in range(2)]


@pytest.fixture
def notebook():
    """A notebook without a fault: what `course new` begins with."""
    (content,) = assignment_files("first-steps").values()
    return json.loads(content)


def cell(notebook, cell_id):
    return next(each for each in notebook["cells"] if each["id"] == cell_id)


def replace(cell_id: str, old: str, new: str) -> Callable[[dict], None]:
    """Return a change of a notebook: other words in a cell."""

    def change(notebook):
        one = cell(notebook, cell_id)
        text = "".join(one["source"])
        assert old in text
        one["source"] = text.replace(old, new).splitlines(keepends=True)

    return change


def give(cell_id: str, points: float) -> Callable[[dict], None]:
    """Return a change of a notebook: other points for a cell."""
    return lambda notebook: cell(notebook, cell_id)["metadata"]["nbgrader"].update(points=points)


def insert(*cells: dict) -> Callable[[dict], None]:
    """Return a change of a notebook: cells below the second one."""
    return lambda notebook: notebook["cells"].__setitem__(slice(2, 2), cells)


def drop(cell_id: str) -> Callable[[dict], None]:
    """Return a change of a notebook: a cell less."""
    return lambda notebook: notebook["cells"].remove(cell(notebook, cell_id))


def test_a_notebook_without_a_fault_has_none(notebook, tmp_path):
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    assert wrong_points(path) == []
    assert advice(notebook, notebook) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            replace("title", "**Points:** 6,", "**Points:** 7,"),
            'cell 1 (title) says "**Points:** 7", but the notebook gives 6',
        ),
        (
            replace("title", "person grades 2", "person grades 3"),
            'cell 1 (title) says "a person grades 3", but a person grades 2',
        ),
        (
            replace("title", ", of which a person grades 2", ""),
            'cell 1 (title) says "**Points:** 6", but a person grades 2',
        ),
        (
            replace("moving_mean-text", "(4 points)", "(3 points)"),
            'cell 5 (moving_mean-text) says "Exercise 1: a moving mean (3 points)", but the cells '
            "below give 4",
        ),
        (
            replace("written-text", "(2 points,", "(2.5 points,"),
            'cell 13 (written-text) says "Exercise 2: in your own words (2.5 points, graded by a '
            'person)", but the cells below give 2',
        ),
        (
            replace("check-1-2", "(2 points)", "(1 point)"),
            'cell 11 (check-1-2) says "Check 1.2 (1 point)", but the cell below gives 2',
        ),
        (
            replace("title", "# First steps", "# First steps (9 points)"),
            'cell 1 (title) says "First steps (9 points)", but the cells below give 6',
        ),
    ],
    ids=["total", "by a person", "by nobody", "exercise", "half", "check", "title"],
)
def test_points_that_the_text_gets_wrong_are_named_with_the_place(
    notebook, tmp_path, change, expected
):
    change(notebook)
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    assert wrong_points(path) == [f"{path}: {expected}; correct one of them"]


def test_points_that_a_cell_gets_wrong_are_named_wherever_they_are_promised(notebook, tmp_path):
    give("moving_mean_widths", 3)(notebook)
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    promises = [problem.partition(" says ")[2] for problem in wrong_points(path)]
    assert promises == [
        '"**Points:** 6", but the notebook gives 7; correct one of them',
        '"Exercise 1: a moving mean (4 points)", but the cells below give 5; correct one of them',
        '"Check 1.2 (2 points)", but the cell below gives 3; correct one of them',
    ]


def test_text_that_promises_no_points_is_not_wrong(notebook, tmp_path):
    replace("title", " **Points:** 6, of which a person grades 2.", "")(notebook)
    replace("moving_mean-text", " (4 points)", "")(notebook)
    replace("check-1-1", " (2 points)", "")(notebook)
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    assert wrong_points(path) == []


def test_headings_in_an_answer_belong_to_it(notebook, tmp_path):
    replace("written_width", "The season", "## Exercise 9 (3 points)\n\nThe season")(notebook)
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    assert wrong_points(path) == []


def test_a_comment_in_a_block_of_code_is_no_heading(notebook, tmp_path):
    replace("check-1-1", "an example", "\n```\n# three (9 points)\n```\n")(notebook)
    path = write_source(course(tmp_path, {}), "first-steps", notebook)
    assert wrong_points(path) == []


def test_a_notebook_without_exercises_is_no_trouble():
    assert advice({"cells": ONE_LINE}, {"cells": ONE_LINE})
    assert advice({"cells": []}, {"cells": []}) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replace("title", "you will be able to", "you can"), "cell 1 (title) does not say what "),
        (replace("title", "**Time:** about 20 minutes.", ""), "cell 1 (title) does not say how "),
        (
            insert(*ONE_LINE),
            "cell 4 (extra-1) is code after two cells of code; say why in between",
        ),
        (
            replace("setup", "checks", "checks" + " " * 90 + "# far"),
            "cell 2 (setup), line 1 has 121 characters; 100 fit into JupyterLab",
        ),
        (
            replace("moving_mean-text", "*Why it matters:* a mean", "A mean"),
            "cell 5 (moving_mean-text) begins an exercise without a reason",
        ),
        (
            drop("moving_mean-try-text"),
            'cell 5 (moving_mean-text) begins an exercise without a cell "Try it: …"',
        ),
        (
            replace("moving_mean-text", "## Exercise 1", "## Task"),
            "cell 6 (moving_mean) is an answer without a heading",
        ),
        (
            drop("check-1-1"),
            'cell 9 (moving_mean_small_example) is a test without a line "**Check 1.1**',
        ),
        (
            replace("moving_mean_widths", '"""Check that', '"""See whether'),
            "cell 12 (moving_mean_widths) is a test that does not begin with",
        ),
        (
            replace("moving_mean_widths", "checks.array", "\n" * 14 + "checks.array"),
            "cell 12 (moving_mean_widths) has 55 lines in the release",
        ),
    ],
    ids=[
        *("aim", "time", "in a row", "long line", "reason", "trial", "heading", "check"),
        *("docstring", "long cells"),
    ],
)
def test_what_is_hard_to_read_is_named_with_the_place(notebook, change, expected):
    change(notebook)
    found = advice(notebook, notebook)
    assert any(line.startswith(expected) for line in found), found


def test_cells_that_are_long_on_the_whole_are_named(notebook):
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one["source"] = [*one["source"], "\n", *["\n"] * 6]
    (median, *_) = advice(notebook, notebook)
    assert median.startswith("half of the code cells have ")


@pytest.mark.slow
class TestBuild:
    @pytest.fixture
    def root(self, tmp_path):
        return course(tmp_path / "course", {})

    def test_wrong_points_stop_it(self, root, notebook):
        give("written_width", 3)(notebook)
        write_source(root, "first-steps", notebook)
        before = files(root)
        result = run_course(root, "build")
        assert result.returncode == 1
        assert result.stderr.splitlines() == [
            "course: 3 problems; mend source/ and run `course build` again; nothing was built",
            f'  {PATH}: cell 1 (title) says "**Points:** 6", but the notebook gives 7; correct one '
            "of them",
            f'  {PATH}: cell 1 (title) says "a person grades 2", but a person grades 3; correct '
            "one of them",
            f'  {PATH}: cell 13 (written-text) says "Exercise 2: in your own words (2 points, '
            'graded by a person)", but the cells below give 3; correct one of them',
        ]
        assert files(root) == before

    def test_advice_is_given_above_the_table_and_stops_nothing(self, root, notebook):
        drop("moving_mean-try-text")(notebook)
        write_source(root, "first-steps", notebook)
        result = run_course(root, "build")
        assert result.returncode == 0
        assert result.stdout.startswith(
            "It could be easier to read:\n"
            f"  {PATH}: cell 5 (moving_mean-text) begins an exercise without a cell"
        )
        assert run_course(root, "build", "--check").returncode == 0
