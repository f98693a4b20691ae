"""What a student reads about each graded part at the top of the page of feedback."""

import re

import pytest
from nbgrader.api import Gradebook

from tests.builders import markdown_cell, run_course, write_source
from tests.grading.builders import HALF, NAME, cell, fractions_course, fractions_notebook, submit

pytestmark = [pytest.mark.slow, pytest.mark.needs("sandbox")]

TITLES = {
    "warns": "## Exercise 1: <b>one</b> (6 points)\n\n**Check 1.1** (2 points)",
    "in_parts": "**Check 1.2** (4 points)",
    "written": "## Exercise 2: why? (3 points)",
}


def answer_nothing(content):
    cell(content, "written")["source"] = "*Your answer here.*"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Of two answers one is half right; nobody has marked what stands below it."""
    root = fractions_course(tmp_path_factory.mktemp("feedback") / "course")
    content = fractions_notebook()
    for name, text in TITLES.items():
        place = content["cells"].index(cell(content, name))
        content["cells"].insert(place, markdown_cell(text, f"{name}-text"))
    write_source(root, NAME, content)
    submit(root, "half", HALF)
    submit(root, "open", "def answer():\n    return 0", answer_nothing)
    for command in ("build", "grade"):
        made = run_course(root, command, NAME)
        assert made.returncode == 0, made.stdout + made.stderr
    return root


def feedback(root, student):
    made = run_course(root, "feedback", NAME)
    assert made.returncode == 0, made.stdout + made.stderr
    return (root / "feedback" / student / NAME / f"{NAME}.html").read_text()


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def overview(html):
    """The parts by exercise, as lines of text."""
    (nav,) = re.findall(r"<nav.*?</nav>", html, re.DOTALL)
    return [text_of(line) for line in re.findall(r"<(?:h2|li)\b.*?</(?:h2|li)>", nav, re.DOTALL)]


def test_each_part_has_its_name_sign_word_and_points(root):
    html = feedback(root, "half")
    assert overview(html) == [
        "Exercise 1: &lt;b&gt;one&lt;/b&gt;",
        "✗ Check 1.1 : not passed (hidden test), 0 of 2 points",
        "◐ Check 1.2 : in part, 2 of 4 points",
        "Exercise 2: why?",
        "… Your answer : not marked yet, up to 3 points",
    ]
    assert ">2 of 9 points so far; a person still has to decide on 3." in html


def test_what_a_hidden_test_says_does_not_stand_under_the_visible_code_without_a_word(root):
    note = "A hidden test has tried the same with other numbers."
    assert feedback(root, "half").count(note) == 1


def test_every_part_of_the_overview_leads_to_its_cell(root):
    html = feedback(root, "half")
    led_to = re.findall(r'href="#(part-\w+)"', html)
    assert led_to == [f"part-{name}" for name in TITLES]
    assert all(html.count(f'id="{name}"') == 1 for name in led_to)


def test_the_page_has_one_title_and_the_notebook_is_below_it(root):
    html = feedback(root, "half")
    assert re.findall(r"<h1>(.*?)</h1>", html) == [f"{NAME}: feedback"]
    assert "<h3" in html


def test_who_wrote_nothing_does_not_wait_for_marks(root):
    html = feedback(root, "open")
    assert overview(html)[-1] == "✗ Your answer : not answered, 0 of 3 points"
    assert ">0 of 9 points." in html


def test_a_mark_and_a_comment_of_a_person_are_shown(root):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("written", NAME, NAME, "half")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment("written", NAME, NAME, "half").manual_comment = "Say **why**."
        gradebook.db.commit()
    html = feedback(root, "half")
    assert overview(html)[-1] == "◐ Your answer : marked by a person, 1.5 of 3 points"
    assert ">3.5 of 9 points." in html
    assert "<strong>why</strong>" in html
