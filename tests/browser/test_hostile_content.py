"""What instructors and students open shows a hostile submission, and nothing of it runs."""

import json
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from nbgrader.api import Gradebook
from selenium.webdriver.common.by import By

from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.builders import markdown_cell, run_course
from tests.grading.builders import NAME, cell, fractions_course, register_unexecuted, submit
from tests.grading.hostile import html_attacks, metadata, places

pytestmark = pytest.mark.needs("chromium", "sandbox")

RAN = "return document.documentElement.dataset.ran"


class Listener(BaseHTTPRequestHandler):
    """Notes what is asked for, and says that there is nothing."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(404)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def listener():
    """A server that attacks report to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def course(listener, tmp_path_factory):
    """A graded course with a harmless submission, and one that is hostile wherever it can."""
    root = fractions_course(tmp_path_factory.mktemp("hostile") / "course")
    for student in ("ada", "eve"):
        submit(root, student)
    # What executing cells could leave in the notebook is put into it below.
    register_unexecuted(root)
    folder = root / "autograded" / "eve" / NAME
    path = folder / f"{NAME}.ipynb"
    content = json.loads(path.read_text())
    for cells in places(listener.url).values():
        content["cells"] += [
            {**cell, "id": f"{cell['id']}-{place}"} for place, cell in enumerate(cells)
        ]
    content["cells"].append(markdown_cell("The end.", "the-end"))
    cell(content, "written")["source"] = "\n\n".join(html_attacks(listener.url))
    content["metadata"] |= metadata(listener.url)
    path.chmod(0o644)
    path.write_text(json.dumps(content))
    (folder / "answer.html").write_text(_unprotected(listener.url))
    return root


@pytest.fixture(scope="module")
def lab(browser, course, tmp_path_factory):
    with serve(course, tmp_path_factory.mktemp("home"), "--source") as server:
        lab = Lab(browser, server)
        # Who comes with a token is logged in here, though not on formgrader's pages.
        lab.open()
        yield lab


@pytest.fixture(autouse=True)
def nothing_before(browser, listener):
    browser.get("about:blank")
    browser.get_log("browser")
    listener.asked.clear()


def _unprotected(url):
    """A page of single attacks, each with a document of its own where it can't stop the others."""
    frames = "".join(f'<iframe srcdoc="{escape(attack)}"></iframe>' for attack in html_attacks(url))
    return f'<!DOCTYPE html><body>{frames}<img src="x" onerror="{_mark(url)}"></body>'


def _mark(url):
    return f"document.documentElement.dataset.ran=1;fetch('{url}/ran')"


def _formgrader(lab, course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student).id
    return f"{lab.server.url}/formgrader/submissions/{found}/"


def _points(lab):
    return lab.until("points", lambda _: (points := lab.points()).keys() >= {"warns"} and points)


def _feedback(lab, course, student):
    made = run_course(course, "feedback", NAME, f"--student={student}")
    assert made.returncode == 0, made.stdout + made.stderr
    path = course / "feedback" / student / NAME / f"{NAME}.html"
    lab.browser.get(path.as_uri())
    return path


def _open(lab, course, page, student):
    if page == "feedback":
        _feedback(lab, course, student)
    else:
        lab.browser.get(_formgrader(lab, course, student))
        _points(lab)


def _violations(lab):
    """List what the browser refused, apart from a font that nbgrader's feedback always lacks."""
    messages = [entry["message"] for entry in lab.browser.get_log("browser")]
    return [text for text in messages if "Security Policy" in text and "glyphicons" not in text]


def test_the_attacks_are_real(lab, listener, tmp_path):
    (tmp_path / "page.html").write_text(_unprotected(listener.url))
    lab.browser.get((tmp_path / "page.html").as_uri())
    expected = {"/ran", "/script.js", "/image.png", "/style.css", "/frame.html"}
    lab.until("attacks", lambda _: expected <= set(listener.asked))
    assert lab.browser.execute_script(RAN) == "1"


@pytest.mark.parametrize("page", ["feedback", "formgrader"])
def test_a_hostile_submission_is_shown_and_nothing_of_it_runs(lab, course, listener, page):
    _open(lab, course, page, "eve")
    lab.screenshot(f"hostile-{page}")
    body = lab.browser.find_element(By.TAG_NAME, "body").text
    assert "The end." in body
    assert "<script>" in body
    assert lab.browser.execute_script(RAN) is None
    assert listener.asked == []
    # Nothing was left for the policy to forbid.
    assert _violations(lab) == []
    links = lab.browser.execute_script(
        "return [...document.links].map(link => link.protocol)"
        ".filter(protocol => !['http:', 'https:', 'file:', 'mailto:'].includes(protocol))"
    )
    assert links == []


@pytest.mark.parametrize("page", ["feedback", "formgrader"])
def test_the_policy_alone_would_stop_a_script_too(lab, course, listener, page):
    _open(lab, course, page, "ada")
    lab.browser.execute_script(
        "document.body.insertAdjacentHTML('beforeend', arguments[0])",
        f'<iframe src="{listener.url}/frame"></iframe><img src="{listener.url}/image">'
        f'<img id="attack" src="data:," onerror="{_mark(listener.url)}">',
    )
    lab.until("violation", lambda _: any("inline event handler" in v for v in _violations(lab)))
    assert lab.browser.execute_script(RAN) is None
    assert listener.asked == []


def test_a_page_that_a_student_handed_in_runs_nothing_in_formgrader(lab, course, listener):
    lab.browser.get(f"{_formgrader(lab, course, 'eve')}answer.html")
    assert lab.browser.find_elements(By.TAG_NAME, "iframe")
    assert lab.browser.execute_script(RAN) is None
    assert listener.asked == []


def test_formgrader_takes_scores_and_comments_on_a_hostile_answer(lab, course):
    address = _formgrader(lab, course, "eve")
    lab.browser.get(address)
    assert _points(lab)["warns"] == 2
    lab.scroll_to("#written")
    score = lab.browser.find_element(By.ID, "written")
    score.send_keys("1.5")
    lab.scroll_to("#written-comment")
    lab.find("#written-comment").send_keys("Is $a < b$?\t")
    saved = "return [...document.querySelectorAll('#written, #written-comment')].map(e => e.value)"

    def both_saved(browser):
        with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
            grade = gradebook.find_grade("written", NAME, NAME, "eve")
            comment = gradebook.find_comment("written", NAME, NAME, "eve")
            return (grade.manual_score, comment.manual_comment) == (1.5, "Is $a < b$?")

    lab.until("score and comment in the gradebook", both_saved)
    lab.browser.get(address)
    lab.until("score", lambda browser: browser.execute_script(saved) == ["1.5", "Is $a < b$?"])


def test_formgrader_is_ready_for_the_keyboard_and_shows_names_without_a_complaint(lab, course):
    lab.browser.get(_formgrader(lab, course, "ada"))
    _points(lab)
    lab.until("keyboard", lambda browser: browser.execute_script("return MathJax.loaded === true"))
    lab.screenshot("formgrader-harmless")
    lab.find("span.name-hidden").click()
    assert lab.find("a.name-shown").text == "ada"
    assert lab.complaints() == []
