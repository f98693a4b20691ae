"""The report finds a bad test, and its numbers are SciPy's."""

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pointbiserialr

from helpers.classroom.items import analyse, discrimination
from helpers.grading.course import Submission, open_course
from helpers.grading.records import Record, write_record
from tests.classroom.builders import archive, work
from tests.classroom.graded import grade

GOOD = [f"test_{number}" for number in range(8)]


def planted(people=60):
    """A class that solves each test the more likely the better it is, and a test that is broken."""
    chance = random.Random(4)
    points = {}
    for number in range(people):
        able = number / people
        own = {name: float(chance.random() < able) for name in GOOD}
        own["bad"] = float(chance.random() > able)
        points[f"student{number}"] = own
    return points


def test_a_planted_bad_test_is_found_and_no_other_one():
    items = analyse(planted(), dict.fromkeys([*GOOD, "bad"], 1.0))
    assert {item.name: item.doubt for item in items if item.doubt} == {
        "bad": "those who are good at the rest fail it"
    }


def test_a_test_that_nobody_solves_is_found():
    points = {name: own | {"impossible": 0.0} for name, own in planted().items()}
    items = analyse(points, dict.fromkeys([*GOOD, "impossible"], 1.0))
    assert [item.doubt for item in items if item.name == "impossible"] == ["nobody solved it"]


def test_few_people_are_not_enough_to_doubt_a_test():
    assert not any(item.doubt for item in analyse(planted(7), {"bad": 1.0, "test_0": 1.0}))


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=3, max_size=40))
def test_discrimination_is_the_point_biserial_coefficient(people):
    solved, rest = (np.array(column, float) for column in zip(*people, strict=True))
    found = discrimination(solved, rest)
    if np.ptp(solved) == 0 or np.ptp(rest) == 0:
        assert found is None
    else:
        assert found == pytest.approx(pointbiserialr(solved.astype(bool), rest).statistic)


def test_the_report_has_names_reasons_and_no_outside(run, root, tmp_path):
    entries = {
        "Ada <b>L_1_assignsubmission_file/squares.ipynb": work(),
        "Bob R_2_assignsubmission_file/squares.ipynb": work("2"),
        "Eve M_3_assignsubmission_file/essay.pdf": b"%PDF",
    }
    run("collect", archive(tmp_path / "a.zip", entries))
    grade(root, {"ada-b-l": 2, "bob-r": 0}, waiting=["bob-r"])
    code, printed = run("report", "squares")
    assert code == 0
    assert "squares: 2 of 3 people have points, on average 1.0 of 2" in printed
    assert "Eve M: handed in essay.pdf, a PDF; ask for the notebook itself (.ipynb)" in printed
    page = (root / "returned/squares-report.html").read_text()
    assert "squares-test" in page
    few = "Which tests look broken is only said with 8 people or more."
    assert few in printed
    assert few in page
    assert "http" not in page
    assert "<script" not in page


def test_what_holds_for_the_whole_class_is_said_once(run, root, tmp_path):
    people = [f"student{number}" for number in range(9)]
    run("collect", archive(tmp_path / "a.zip", {f"{name}.ipynb": work() for name in people}))
    grade(root, dict.fromkeys(people, 2))
    course = open_course(root)
    for name in people:
        own = [f"{name} had lost a label"] if name == "student4" else []
        record = Record(repairs=["the test `t` differs", *own])
        write_record(course, Submission("squares", name), record)
    _, printed = run("report", "squares")
    names = ", ".join(people[:6])
    assert printed.partition("Repaired:")[2].splitlines()[1:3] == [
        f"  {names}, 3 more: the test `t` differs",
        "  student4: student4 had lost a label",
    ]


def test_an_extension_for_nobody_is_named_below_the_report(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", {"ada.ipynb": work()}))
    grade(root, {"ada": 2})
    policy = "[assignments.squares]\ndue = 2026-11-20\nextensions = {NAME = 2026-11-28}\n"
    (root / "policy.toml").write_text(policy.replace("NAME", "adda"))
    code, printed = run("report", "squares")
    assert code == 1
    assert "the extension for adda in squares is nobody's; did you mean ada?" in printed
    assert (root / "returned/squares-report.html").is_file()
    (root / "policy.toml").write_text(policy.replace("NAME", "ada"))
    code, printed = run("report", "squares")
    assert code == 0
    assert "nobody's" not in printed


def test_messages_of_students_stay_text_in_the_page(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", {"ada.ipynb": work()}))
    grade(root, {"ada": 0})
    path = root / "autograded/ada/squares/squares.ipynb"
    content = json.loads(path.read_text())
    content["cells"][2]["outputs"] = [
        {"output_type": "error", "ename": "E", "evalue": "<img src=x>", "traceback": []}
    ]
    path.write_text(json.dumps(content))
    run("report", "squares")
    page = (root / "returned/squares-report.html").read_text()
    assert "1 \u00d7 &lt;img src=x&gt;" in page


def test_without_marks_the_report_says_what_to_do(run):
    code, printed = run("report", "squares")
    assert code == 1
    assert "run `course grade" in printed
