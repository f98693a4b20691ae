"""Feedback goes back in the platform's form, each page to its owner alone."""

import json
import os

import pytest

from tests.classroom.builders import archive, moodle, work
from tests.classroom.graded import grade
from tests.classroom.importers import canvas_feedback, moodle_feedback


def page(root, student, words, assignment="squares"):
    """A page of feedback, newer than the grading."""
    folder = root / "feedback" / student / assignment
    folder.mkdir(parents=True)
    path = folder / f"{assignment}.html"
    path.write_text(f"<html><body class='x'><p>{words}</p></body></html>")
    return path


@pytest.mark.parametrize("end", ["file", "file_"])
def test_moodle_gives_each_person_their_own_page(end, run, root, tmp_path):
    people = {("Zoë O'Neil", 1): work("1"), ("王 小明", 2): work("2")}
    run("collect", archive(tmp_path / "a.zip", moodle(people, end=end)))
    grade(root, {"zoe-oneil": 1, "王-小明": 2})
    page(root, "zoe-oneil", "for Zoë")
    page(root, "王-小明", "for 王")
    code, printed = run("return", "squares", "--format", "moodle")
    content = (root / "returned/squares-moodle.zip").read_bytes()
    found = moodle_feedback(content, {"1", "2"})
    assert {number: list(files) for number, files in found.items()} == {
        "1": ["squares-feedback.html"],
        "2": ["squares-feedback.html"],
    }
    assert "for Zoë" in found["1"]["squares-feedback.html"].decode()
    assert "for 王" in found["2"]["squares-feedback.html"].decode()
    assert (code, "feedback for 2 people" in printed) == (0, True)
    run("return", "squares", "--format", "moodle")
    assert (root / "returned/squares-moodle.zip").read_bytes() == content


def test_a_team_gets_one_page(run, root, tmp_path):
    (root / "roster.csv").write_text("folder,last_name,team\nada,Ada,Blue\nbob,Bob,Blue\n")
    run("collect", archive(tmp_path / "a.zip", moodle({("Blue", 7): work()})))
    grade(root, {"ada": 1, "bob": 1})
    page(root, "ada", "for all")
    page(root, "bob", "for all")
    assert run("return", "squares", "--format", "moodle")[0] == 0
    content = (root / "returned/squares-moodle.zip").read_bytes()
    assert list(moodle_feedback(content, {"7"})["7"]) == ["squares-feedback.html"]


def test_canvas_shows_the_page_as_the_notebook_that_was_submitted(run, root, tmp_path):
    name = "lovelaceada_LATE_1_70_squares.ipynb"
    run("collect", archive(tmp_path / "a.zip", {name: work()}))
    grade(root, {"lovelaceada": 1})
    page(root, "lovelaceada", "for Ada")
    assert run("return", "squares", "--format", "canvas")[0] == 0
    found = canvas_feedback((root / "returned/squares-canvas.zip").read_bytes())
    notebook = json.loads(found["1", "70"])
    assert notebook["cells"][0]["outputs"][0]["data"]["text/html"] == "<p>for Ada</p>"


def test_whatever_cannot_go_back_is_named_with_the_reason(run, root, tmp_path):
    people = {
        (name, key): work()
        for key, name in enumerate(("Ada L", "Bob R", "Eve M", "Max K", "Zoe O"))
    }
    run("collect", archive(tmp_path / "a.zip", moodle(people)))
    run("collect", archive(tmp_path / "b.zip", {"otto.ipynb": work()}))
    grade(root, {"ada-l": 1, "bob-r": 1, "eve-m": 1, "otto": 1, "zoe-o": 1})
    old = page(root, "ada-l", "old")
    page(root, "otto", "for Otto")
    page(root, "zoe-o", "for Zoe")
    secret = page(root, "secret", "of somebody else")
    (root / "feedback/eve-m/squares").mkdir(parents=True)
    (root / "feedback/eve-m/squares/squares.html").symlink_to(secret)
    # As if the grading were of the day after.
    graded = root / "autograded/ada-l/squares/squares.ipynb"
    moment = old.stat().st_mtime + 86_400
    os.utime(graded, (moment, moment))
    code, printed = run("return", "squares", "--format", "moodle")
    assert code == 1
    assert "Ada L gets none: the feedback is older than the marks; run `course feedback" in printed
    assert "Bob R has no feedback; run `course feedback squares`" in printed
    assert "Max K is not graded; `course grade squares` says why" in printed
    assert "Eve M has no feedback" in printed
    assert "otto gets none: the work was collected from plain files, not moodle" in printed
    content = (root / "returned/squares-moodle.zip").read_bytes()
    # What is out of date would tell a student marks that do not hold.
    assert list(moodle_feedback(content, set("01234"))) == ["4"]
    assert run("return", "squares", "--format", "folder")[0] == 1
    assert (root / "returned/squares/otto/squares-feedback.html").is_file()


@pytest.mark.parametrize("count", [3, 4])
def test_after_a_class_is_graded_again_one_line_asks_for_its_feedback(count, run, root, tmp_path):
    people = {(f"Eve {letter}", key): work() for key, letter in enumerate("ABCD"[:count])}
    run("collect", archive(tmp_path / "a.zip", moodle(people)))
    folders = [f"eve-{letter}" for letter in "abcd"[:count]]
    grade(root, dict.fromkeys(folders, 1))
    for folder in folders:
        moment = page(root, folder, "old").stat().st_mtime + 86_400
        os.utime(root / f"autograded/{folder}/squares/squares.ipynb", (moment, moment))
    code, printed = run("return", "squares", "--format", "moodle")
    assert code == 1
    together = (
        "4 people get none: their feedback is older than the marks; run `course feedback squares` "
        "and return it again (Eve A, Eve B, Eve C, Eve D)"
    )
    assert (together in printed, printed.count("--student")) == ((count == 4), count % 4)
    assert "there is no feedback for squares that can go back to moodle" in printed


def test_without_any_feedback_nothing_is_written(run, root):
    code, printed = run("return", "squares", "--format", "moodle")
    assert code == 1
    assert printed.startswith(
        "course: there is no gradebook gradebook.db; run `course grade` first"
    )
    assert not (root / "returned").exists()
