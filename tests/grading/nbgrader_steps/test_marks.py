"""Marks are written as nbgrader's own autograding writes them, row by row and byte by byte."""

import copy
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.converters import Autograde

from helpers.errors import CourseError
from helpers.grading.cohort.assignment import read_assignment
from helpers.grading.course import Submission, open_course
from helpers.grading.nbgrader_steps.autograde import register
from helpers.grading.nbgrader_steps.convert import convert
from helpers.grading.nbgrader_steps.marks import Marks
from helpers.grading.review import NeedsReview
from helpers.grading.submission import align, read_notebook
from helpers.grading.submission.reference import ANSWER, WRITTEN
from tests.grading.builders import NAME, RIGHT, cell, fractions_course, submit

DUE, ON_TIME, LATE = (f"2026-11-{day} 12:00:00 UTC" for day in (10, 9, 12))
pytestmark = pytest.mark.slow

LATE_PENALTY = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
# For each student: the answer, what is shown by the two tests, and the time.
CLASS = {
    "right": (RIGHT, [], "4.0", ON_TIME),
    "half": (RIGHT, [], "2.0", None),
    "wrong": ("def answer(): pass", None, None, ON_TIME),
    "late": (RIGHT, [], "3.5", LATE),
    "late-and-wrong": ("def answer(): pass", None, None, LATE),
    "blank": (None, None, "0.0", ON_TIME),
    "prints": ("print(1)", [new_output("stream", text="a" * 3000 + "\rb\n" * 900)], "4", ON_TIME),
}
TABLES = {
    "student": "select * from student order by 1",
    "submission": "select s.student_id, s.timestamp, s.extension from submitted_assignment s "
    "order by 1",
    "notebook": "select a.student_id, n.late_submission_penalty from submitted_notebook n "
    "join submitted_assignment a on a.id = n.assignment_id order by 1",
    "grade": "select a.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, "
    "g.needs_manual_grade from grade g join base_cell b on b.id = g.cell_id "
    "join submitted_notebook n on n.id = g.notebook_id "
    "join submitted_assignment a on a.id = n.assignment_id order by 1, 2",
    "comment": "select a.student_id, b.name, c.auto_comment, c.manual_comment from comment c "
    "join base_cell b on b.id = c.cell_id join submitted_notebook n on n.id = c.notebook_id "
    "join submitted_assignment a on a.id = n.assignment_id order by 1, 2",
}


def make_course(folder, settings=""):
    root = fractions_course(folder)
    (root / "source" / NAME / "data.csv").write_text("1,2")
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    course = open_course(root)
    register(course, NAME)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
    return root, course


def executed(root, course, student):
    """The notebook of a submission as if it had been executed."""
    answer, first, second, _ = CLASS[student]
    path = submit(root, student, answer or "")
    reference = read_assignment(course, NAME).references[NAME]
    content, _ = align(read_notebook(NAME, path.read_bytes())[0], reference)
    if answer is None:
        for wanted in reference.labelled:
            if wanted.kind in (ANSWER, WRITTEN):
                cell(content, wanted.label).source = wanted.released
    lost = [new_output("error", ename="E", evalue="no", traceback=["no"] * 80)]
    result = [new_output("execute_result", data={"text/plain": second or ""})]
    cell(content, "warns").outputs = lost if first is None else first
    cell(content, "in_parts").outputs = lost if second is None else result
    return content


def by_nbgrader(course, notebooks):
    """Let nbgrader write the marks, without executing anything."""
    config = copy.deepcopy(course.config)
    config.Autograde.sanitize_preprocessors = []
    ours = ("ExecuteApart", "KeepUndecided")
    config.Autograde.autograde_preprocessors = [
        step for step in config.Autograde.autograde_preprocessors if not step.endswith(ours)
    ]
    for student, content in notebooks.items():
        folder = course.folder("submitted", Submission(NAME, student))
        shutil.rmtree(folder)
        folder.mkdir()
        nbformat.write(content, folder / f"{NAME}.ipynb")
        if (timestamp := CLASS[student][-1]) is not None:
            (folder / "timestamp.txt").write_text(timestamp)
        convert(Autograde, replace(course, config=config), NAME, student)


def by_us(course, notebooks, undecided=None):
    with course.gradebook() as gradebook:
        marks = Marks(course, gradebook)
        return {
            student: marks.write(
                Submission(NAME, student),
                {NAME: content},
                {NAME: undecided or {}},
                CLASS[student][-1],
            )[NAME]
            for student, content in notebooks.items()
        }


def rows(root):
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        return {name: database.execute(query).fetchall() for name, query in TABLES.items()}


def files(root):
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes())
        for path in sorted((root / "autograded").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("settings", ["", LATE_PENALTY, "c.BaseConverter.permissions = 640\n"])
def test_a_class_gets_what_nbgrader_would_write(tmp_path, settings):
    found = []
    for way, write in (("nbgrader", by_nbgrader), ("ours", by_us)):
        root, course = make_course(tmp_path / way, settings)
        notebooks = {student: executed(root, course, student) for student in CLASS}
        write(course, copy.deepcopy(notebooks))
        with course.gradebook() as gradebook:
            for student in ("right", "late"):
                grade = gradebook.find_grade("written", NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = 2, False
            gradebook.find_grade("warns", NAME, NAME, "wrong").manual_score = 1
            gradebook.find_comment("written", NAME, NAME, "blank").manual_comment = "Why?"
            gradebook.db.commit()
        first = rows(root)
        # Once more, after a person has graded.
        write(course, copy.deepcopy(notebooks))
        found.append((first, rows(root), files(root)))
    assert len(found[0][0]["grade"]) == 3 * len(CLASS)
    # nbgrader asks again for all points that a person gave, though nothing has changed.
    by_hand = {("right", "written"), ("late", "written"), ("wrong", "warns")}
    grades = found[1][1]["grade"]
    assert {row[:2] for row in grades if row[3] is not None and not row[5]} == by_hand
    found[1][1]["grade"] = [(*row[:5], int(row[5] or row[:2] in by_hand)) for row in grades]
    assert found[0] == found[1]


def _change(name, text):
    def change(content):
        cell(content, name).source = text

    return change


@pytest.mark.parametrize(
    ("change", "asked_again"),
    [
        (_change("written", "It is whole."), set()),
        (_change("written", "I have thought again."), {"written"}),
        (_change("in_parts", "4 * answer()"), set()),
        (_change("warns", "assert answer()"), {"warns"}),
        (_change("answer", "def answer(): return 2 / 2"), {"warns"}),
    ],
    ids=["nothing", "the text", "another test", "the test", "the code"],
)
def test_points_that_a_person_gave_stay_until_what_they_are_for_changes(
    change, asked_again, tmp_path
):
    root, course = make_course(tmp_path)
    content = executed(root, course, "right")
    by_us(course, {"right": copy.deepcopy(content)})
    with course.gradebook() as gradebook:
        for name, points in (("written", 2), ("warns", 1)):
            grade = gradebook.find_grade(name, NAME, NAME, "right")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("written", NAME, NAME, "right").manual_comment = "Why?"
        gradebook.db.commit()
    change(content)
    for _ in range(2):
        # A mark that waits goes on waiting, though nothing is new the second time.
        by_us(course, {"right": copy.deepcopy(content)})
        found = {row[1]: (row[3], row[5]) for row in rows(root)["grade"]}
        assert found == {
            "written": (2, int("written" in asked_again)),
            "warns": (1, int("warns" in asked_again)),
            "in_parts": (None, 0),
        }
        assert ("right", "written", None, "Why?") in rows(root)["comment"]


def test_what_is_undecided_is_left_to_a_person(tmp_path):
    root, course = make_course(tmp_path)
    scores = by_us(course, {"half": executed(root, course, "half")}, {"warns": "a reason"})
    assert scores == {"half": {"warns": None, "in_parts": 2, "written": None}}
    undecided = [row for row in rows(root)["grade"] if row[1] == "warns"]
    assert undecided == [("half", "warns", None, None, None, 1)]


def test_a_notebook_that_was_not_submitted_gets_nothing(tmp_path):
    _, course = make_course(tmp_path)
    with course.gradebook() as gradebook:
        scores = Marks(course, gradebook).write(Submission(NAME, "absent"), {}, {}, None)
    assert scores == {NAME: {"warns": 0, "in_parts": 0, "written": 0}}


def test_a_submission_that_cannot_be_written_changes_nothing(tmp_path):
    root, course = make_course(tmp_path)
    content = executed(root, course, "right")
    by_us(course, {"right": content})
    before = rows(root)
    for broken in ("right", "half"):
        other = executed(root, course, "wrong") if broken == "half" else copy.deepcopy(content)
        cell(other, "in_parts").metadata.nbgrader.grade_id = "unknown"
        with pytest.raises(NeedsReview, match="look at the notebook"):
            by_us(course, {broken: other})
        assert rows(root) == before
        assert not course.folder("autograded", Submission(NAME, broken)).exists()


def test_settings_that_would_execute_code_elsewhere_are_refused(tmp_path):
    _, course = make_course(tmp_path, "c.Autograde.autograde_preprocessors.pop(0)\n")
    with pytest.raises(CourseError, match="lacks ExecuteApart"):
        by_us(course, {})
