"""Students read in their feedback how late they were, and what that costs."""

import html
import re

import pytest

from helpers.grading.course import open_course
from tests.builders import run_course
from tests.classroom.builders import archive, work
from tests.classroom.graded import grade
from tests.samples.build import ROOT

pytestmark = pytest.mark.slow

DUE = (
    'timezone = "Europe/Berlin"\n[assignments.squares]\ndue = 2026-11-20T12:00:00\n'
    "extensions = {max = 2026-11-30}\n"
)


def feedback(root):
    """Run it as people do: its processes may take as much memory as a page needs, and no more."""
    made = run_course(root, "feedback", PYTHONPATH=str(ROOT))
    return made.returncode, made.stdout + made.stderr


@pytest.fixture
def pages(run, root, tmp_path):
    """Make the feedback for Ada, in time, and Bob, Eve and Max, late; return its text."""
    with (root / "nbgrader_config.py").open("a") as file:
        file.write("c.GenerateFeedback.preprocessors = settings.FEEDBACK\n")
    entries = {
        f"Week_{name}_attempt_2026-11-{when}-00_squares.ipynb": work()
        for name, when in {
            "ada": "20-12-00",
            "bob": "22-00-00",
            "eve": "20-12-05",
            "max": "25-12-00",
        }.items()
    }
    (root / "policy.toml").write_text(DUE)
    run("collect", archive(tmp_path / "a.zip", entries))
    grade(root, {"ada": 2, "bob": 2, "eve": 1, "max": 2}, waiting=["eve"])

    def pages(late=""):
        (root / "policy.toml").write_text(DUE + late)
        code, printed = feedback(root)
        assert code == 0, printed
        found = {}
        for path in root.glob("feedback/*/squares/squares.html"):
            body = path.read_text().partition("<body>")[2]
            text = html.unescape(re.sub(r"<[^>]+>", " ", body))
            found[path.parents[1].name] = " ".join(text.split())
        return found

    return pages


def test_time_rule_and_cost_are_shown_to_who_was_late(pages):
    found = pages('late = "10 % a day, at most 50 %"\n')
    assert (
        "Handed in 1.5 days late: on 2026-11-22 00:00, due 2026-11-20 12:00 (Europe/Berlin). "
        "This costs 0.4 of 2 points (10 % a day, at most 50 %)." in found["bob"]
    )
    assert "squares: feedback 1.6 of 2 points." in found["bob"]
    assert "Handed in 5 minutes late" in found["eve"]
    assert "This costs 0.1 of 1 points so far" in found["eve"]
    for name in ("ada", "max"):
        assert "late" not in found[name].casefold()
        assert "squares: feedback 2 of 2 points." in found[name]


def test_where_lateness_costs_nothing_the_page_says_so(pages):
    found = pages()
    assert "Handed in 1.5 days late" in found["bob"]
    assert "This costs no points." in found["bob"]
    assert "squares: feedback 2 of 2 points." in found["bob"]


def test_the_words_of_a_plugin_are_not_shown(pages):
    found = pages('late = "tests.classroom.test_policy.HalfForAll"\n')
    assert "This costs 1 of 2 points." in found["bob"]
    assert "HalfForAll" not in found["bob"]


def test_an_extension_for_nobody_is_named(pages, root):
    pages()
    (root / "policy.toml").write_text(DUE.replace("max =", "maxi ="))
    code, printed = feedback(root)
    assert code == 1
    assert "the extension for maxi in squares is nobody's; did you mean max?" in printed


def _mark(root, student):
    """Change a mark as a person does in formgrader."""
    with open_course(root).gradebook() as gradebook:
        [grade] = gradebook.find_submission("squares", student).notebooks[0].grades
        grade.manual_score, grade.needs_manual_grade = 1, False
        gradebook.db.commit()


def _comment(root, student):
    with open_course(root).gradebook() as gradebook:
        [comment] = gradebook.find_submission("squares", student).notebooks[0].comments
        comment.manual_comment = "Well done"
        gradebook.db.commit()


def _extend(root, student):
    policy = (root / "policy.toml").read_text()
    (root / "policy.toml").write_text(policy.replace("{max", f"{{{student} = 2026-11-29, max"))


@pytest.mark.parametrize("change", [_mark, _comment, _extend])
def test_a_page_that_shows_other_marks_than_those_of_today_is_not_returned(
    change, pages, run, root
):
    pages('late = "10 % a day"\n')
    code, printed = run("return", "squares", "--format", "folder")
    assert (code, "feedback for 4 people" in printed) == (0, True), printed
    change(root, "bob")
    code, printed = run("return", "squares", "--format", "folder")
    assert code == 1
    assert "feedback for 3 people" in printed
    assert "Bob gets none: the feedback is older than the marks" in printed.replace("bob", "Bob")
    assert feedback(root)[0] == 0
    assert run("return", "squares", "--format", "folder")[0] == 0
