"""Comments that an instructor wrote before are there to be chosen."""

import pytest
from nbgrader.api import Gradebook
from selenium.webdriver.support.ui import Select

from tests.browser.accessible import barriers
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.grading.builders import NAME, fractions_course, register_unexecuted, submit

pytestmark = pytest.mark.needs("chromium")

OFTEN = "See the lecture on halves."
ONCE = "Well done. </script><script>document.documentElement.dataset.ran = 1</script>"
COMMENTS = {"ada": OFTEN, "bob": ONCE, "cyd": OFTEN, "dan": None, "eve": ""}
BELOW_WRITTEN = "#written-comment + select"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course that is graded by hand alone."""
    root = fractions_course(tmp_path_factory.mktemp("comments") / "course")
    for student in COMMENTS:
        submit(root, student)
    register_unexecuted(root)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for student, text in COMMENTS.items():
            gradebook.find_comment("written", NAME, NAME, student).manual_comment = text
        gradebook.db.commit()
    return root


@pytest.fixture(scope="module")
def lab(browser, root, tmp_path_factory):
    with serve(root, tmp_path_factory.mktemp("home"), "--source") as server:
        lab = Lab(browser, server)
        lab.open()
        yield lab


def comment_of(root, student):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return gradebook.find_comment("written", NAME, NAME, student).manual_comment


def open_page(lab, root, student):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student).id
    lab.browser.get(f"{lab.server.url}/formgrader/submissions/{found}/")
    script = "return formgrader.loaded && formgrader.comments.loaded"
    lab.until("comments", lambda browser: browser.execute_script(script))


def test_earlier_comments_are_offered_the_most_frequent_first_and_saved(lab, root):
    open_page(lab, root, "dan")
    lab.scroll_to(BELOW_WRITTEN)
    offered = Select(lab.find(BELOW_WRITTEN))
    assert [option.get_attribute("value") for option in offered.options] == ["", OFTEN, ONCE]
    offered.select_by_value(OFTEN)
    lab.until("comment", lambda _: comment_of(root, "dan") == OFTEN)
    # A second one comes below the first.
    offered.select_by_value(ONCE)
    lab.until("comments", lambda _: comment_of(root, "dan") == f"{OFTEN}\n\n{ONCE}")
    lab.screenshot("formgrader-earlier-comments")
    assert lab.browser.execute_script("return document.documentElement.dataset.ran") is None
    assert lab.complaints() == []


def test_below_another_answer_there_are_none(lab, root):
    open_page(lab, root, "ada")
    options = Select(lab.find("#answer-comment + select")).options
    assert [option.text for option in options] == ["No earlier comments"]


def test_the_tab_key_leads_to_them_and_axe_finds_no_barrier(lab, root):
    open_page(lab, root, "eve")
    lab.scroll_to("#written-comment")
    lab.find("#written-comment").send_keys("\t")
    assert lab.browser.execute_script(
        f"return document.activeElement === document.querySelector({BELOW_WRITTEN!r})"
    )
    assert barriers(lab.browser, ".earlier-comments") == []
