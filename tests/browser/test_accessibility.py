"""Pages for people who see, hear or point otherwise: axe-core finds no serious barrier in ours."""

import pytest

from tests.browser.accessible import barriers
from tests.browser.lab import THEMES
from tests.builders import (
    code_cell,
    course,
    markdown_cell,
    notebook,
    run_course,
    solution_cell,
    test_cell,
)
from tests.grading.builders import NAME, fractions_course, submit
from tests.samples.build import ROOT

pytestmark = pytest.mark.needs("chromium")

START_PAGE = ".jp-MarkdownViewer .jp-RenderedMarkdown"


def test_a_barrier_is_found(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<!DOCTYPE html><html><body><img src="a.png"><button></button></body></html>')
    browser.get(page.as_uri())
    found = {barrier.split(":")[0] for barrier in barriers(browser, "html")}
    assert {"button-name", "html-has-lang", "image-alt"} <= found


@pytest.mark.parametrize("theme", THEMES)
def test_the_start_page(students_lab, theme):
    students_lab.open("START.md")
    students_lab.find(f"{START_PAGE} h1")
    with students_lab.theme(theme):
        assert barriers(students_lab.browser, START_PAGE) == []


@pytest.fixture(params=["light", "dark"])
def pages(browser, request):
    """The browser of someone who wants pages to be light, or dark."""
    media = {"features": [{"name": "prefers-color-scheme", "value": request.param}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    yield browser
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course with two submissions that are graded, feedback, and the report on the class."""
    root = fractions_course(tmp_path_factory.mktemp("graded") / "course")
    for student in ("ada", "eve"):
        submit(root, student)
    for command in ("build", "grade", "feedback", "report"):
        made = run_course(root, command, NAME)
        assert made.returncode == 0, made.stdout + made.stderr
    return root


@pytest.mark.needs("sandbox")
@pytest.mark.parametrize(
    "page", [f"feedback/ada/{NAME}/{NAME}.html", f"returned/{NAME}-report.html"]
)
def test_what_comes_of_grading(pages, graded, page):
    pages.get((graded / page).as_uri())
    assert barriers(pages, "html") == []


def test_similar_submissions(pages, tmp_path):
    root = fractions_course(tmp_path / "course")
    copied = "\n".join(f"number_{line} = answer_of(part={line}, of=total)" for line in range(9))
    for student in ("ada", "eve"):
        submit(root, student, copied)
    assert run_course(root, "similar", NAME).returncode == 0
    pages.get((root / f"returned/{NAME}-similar.html").as_uri())
    assert pages.find_elements("css selector", "mark")
    assert barriers(pages, "html") == []


@pytest.mark.needs("sandbox")
def test_what_a_proof_found(pages, tmp_path):
    cells = [
        markdown_cell("Give the height of *a line*.", "task"),
        solution_cell("def line(x, slope=2):\n    return slope * x", "line"),
        test_cell("assert line(1) == 2", "line_test", 1),
    ]
    settings = (ROOT / "nbgrader_config.py").read_text()
    root = course(tmp_path / "course", {"lines": notebook(cells)}, config=settings)
    assert run_course(root, "prove", "lines").returncode == 1
    pages.get((root / "tests/output/proof/lines.html").as_uri())
    assert pages.find_elements("css selector", "ins")
    assert barriers(pages, "html") == []


@pytest.mark.parametrize("page", ["index", "squares"])
def test_the_report_of_a_check(browser, tmp_path, page):
    cells = [
        markdown_cell("# Squares\n\nWith [a link](https://example.org).", "title"),
        code_cell("from helpers import results\nprint(2**2)  # a comment", "setup"),
        code_cell('results.record("accuracy", 0.94)', "record"),
    ]
    limits = "[squares.accuracy]\nat_least = 0.9\nmean = 0.95\nspread = 0.01\nseeds = 5\n"
    root = course(tmp_path / "course", {"squares": notebook(cells)}, thresholds=limits)
    assert run_course(root, "check").returncode == 0
    browser.get((root / "tests" / "output" / "check" / f"{page}.html").as_uri())
    assert barriers(browser, "html") == []
