"""A class of 60 from the platform's zip archive to the one that goes back."""

import csv
import json

import pytest
from nbgrader.api import Gradebook

from helpers.commands.build import generate
from tests.builders import run_course
from tests.classroom.builders import archive, moodle
from tests.classroom.importers import moodle_feedback, moodle_grades
from tests.grading.builders import HALF, NAME, RIGHT, WRONG, cell, fractions_course

HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)
NAMES = ["Zoë Müller-Weiß", "Ross, Bob", "Eve 'E' O'Neil", 'Al "Big" Smith', "王 小明", "محمد علي"]


def hand_in(root, code):
    """What a student hands in for the little assignment: the written answer is left out."""
    content = json.loads(generate(root, NAME).files[f"{NAME}.ipynb"])
    cell(content, "answer")["source"] = code
    return json.dumps(content).encode()


@pytest.mark.slow
@pytest.mark.needs("sandbox")
def test_a_class_of_60_from_zip_to_returned_zip(tmp_path):
    root = fractions_course(tmp_path / "course")
    people = {str(4000 + n): f"{NAMES[n % len(NAMES)]} {n // len(NAMES)}" for n in range(60)}
    answers = dict(zip(people, [RIGHT, HALF, WRONG] * 20, strict=True))
    notebooks = {code: hand_in(root, code) for code in (RIGHT, HALF, WRONG)}
    absent = "4059"
    download = archive(
        tmp_path / f"Course-{NAME}-77.zip",
        moodle(
            {(name, key): notebooks[answers[key]] for key, name in people.items() if key != absent},
            file="my work.ipynb",
        ),
    )
    sheet = tmp_path / "Grades.csv"
    with sheet.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for key, name in people.items():
            row = [f"Participant {key}", name, f"{key}@x.org", "Submitted", "", "9.00", "Yes"]
            writer.writerow([*row, "Friday, 20 November 2026, 9:26 PM", "-", ""])

    collected = run_course(root, "collect", str(download), str(sheet))
    assert (collected.returncode, collected.stderr) == (0, "")
    assert "59 collected" in collected.stdout
    # The written answer waits for a person; it is graded by hand below.
    assert run_course(root, "grade").returncode == 0
    assert name_of(root, "zoe-muller-weiss-0") == ("Zoë Müller-Weiß", "0", "4000@x.org")
    mark_by_hand(root, 3)
    assert run_course(root, "feedback").returncode == 0
    exported = run_course(root, "export", NAME, "--format", "moodle", "--into", str(sheet))
    assert (exported.returncode, exported.stderr) == (0, "")
    returned = run_course(root, "return", NAME, "--format", "moodle")
    assert (returned.returncode, returned.stderr) == (0, "")

    points = {RIGHT: 9, HALF: 5, WRONG: 3}
    grades, skipped = moodle_grades((root / f"returned/{NAME}-moodle.csv").read_bytes())
    assert skipped == []
    assert grades == {key: points[answers[key]] for key in people if key != absent}
    pages = moodle_feedback((root / f"returned/{NAME}-moodle.zip").read_bytes(), people)
    assert pages.keys() == people.keys() - {absent}
    for key, files in pages.items():
        [page] = files.values()
        assert f">{points[answers[key]]} of 9 points" in page.decode()


def name_of(root, student):
    """What formgrader shows of somebody."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        person = gradebook.find_student(student)
        return person.first_name, person.last_name, person.email


def mark_by_hand(root, points):
    """Do as formgrader does with every written answer."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            for grade in submission.notebooks[0].grades:
                if grade.name == "written":
                    grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
