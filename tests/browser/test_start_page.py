"""What a student sees first, in a home without any settings."""

import shutil
import subprocess

import nbformat
import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers.commands.start import read
from tests.browser.chromium import resize
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.builders import files
from tests.samples.build import ROOT, basic_samples, exercises
from tests.samples.grading import course_copy

pytestmark = pytest.mark.needs("chromium")

NAMES = [assignment.name for assignment in read(ROOT / "release").assignments]
PAGE = ".jp-MarkdownViewer .jp-RenderedMarkdown"
LINKS = f"{PAGE} td a[href]"
SIZE = (1400, 900)

# The lowest contrast of a text with what is behind it, as WCAG computes it, with that text.
CONTRAST = """
const channels = color => color.match(/[\\d.]+/g).map(Number);
const light = color => {
    const linear = channels(color).slice(0, 3).map(value => value / 255).map(
        value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const behind = element => {
    const color = getComputedStyle(element).backgroundColor;
    return (channels(color)[3] ?? 1) === 1 ? color : behind(element.parentElement);
};
const page = document.querySelector(arguments[0]);
const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
let lowest = [21, ''];
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [low, high] = [light(getComputedStyle(element).color), light(behind(element))].sort(
        (one, other) => one - other);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < lowest[0]) lowest = [contrast, walker.currentNode.data];
}
return lowest;
"""

HIDDEN_PIXELS = """
const page = document.querySelector(arguments[0]);
return page.scrollWidth - page.clientWidth;
"""


@pytest.fixture
def small(browser):
    resize(browser, 900, 700)
    yield
    resize(browser, *SIZE)


@pytest.fixture
def theme(request, students_lab):
    """JupyterLab's theme, as a student sets it."""
    students_lab.open()
    students_lab.set("apputils-extension:themes", theme=request.param)
    yield request.param
    students_lab.set("apputils-extension:themes", theme="JupyterLab Light")


def _open(lab):
    """Open the start page as at the first start: nothing else is open yet."""
    lab.open("START.md")
    lab.find(f"{PAGE} h1")


def _row(lab, name):
    script = "return document.querySelector(arguments[0])?.closest('tr').innerText ?? ''"
    return lab.browser.execute_script(script, f'{LINKS}[href*="{name}.ipynb"]')


def test_course_lab_opens_on_the_assignments_in_order(students_lab):
    # The address that `course lab` opens.
    students_lab.browser.get(f"{students_lab.server.url}/?token={students_lab.server.token}")
    students_lab.find(f"{PAGE} h1")
    students_lab.screenshot("start-page")
    links = students_lab.browser.find_elements(By.CSS_SELECTOR, LINKS)
    assert [link.get_attribute("href").split("/")[-1].split("?")[0] for link in links] == [
        f"{name}.ipynb" for name in NAMES
    ]


def test_the_first_start_asks_nothing_and_has_nothing_for_instructors(students_lab):
    _open(students_lab)
    # JupyterLab's question would come before a kernel does.
    students_lab.find(LINKS).click()
    students_lab.wait_for_kernel()
    students_lab.find(".validate-button")
    students_lab.screenshot("start-page-notebook")
    text = students_lab.browser.find_element(By.TAG_NAME, "body").text.lower()
    assert [word for word in ("nbgrader", "formgrader", "create assignment") if word in text] == []
    titles = students_lab.browser.execute_script(
        "return [...document.querySelectorAll('.jp-SideBar [title], .jp-LauncherCard')]"
        ".map(tab => tab.title || tab.textContent)"
    )
    assert titles
    assert [title for title in titles if "assignment" in title.lower()] == []
    assert students_lab.complaints() == []


def test_the_files_of_the_course_itself_are_not_in_the_way(students_lab):
    _open(students_lab)
    students_lab.find('.jp-DirListing-item[title^="Name: START.md"]')
    shown = students_lab.browser.find_elements(By.CSS_SELECTOR, ".jp-DirListing-itemName")
    assert {item.text for item in shown} == {*NAMES, "solved", "START.md"}


def test_an_assignment_is_opened_with_the_keyboard_alone(students_lab):
    _open(students_lab)
    students_lab.find(f"{PAGE} h1").click()
    focus = "return document.activeElement.getAttribute('href') ?? ''"

    def focused(browser):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        return "convolution.ipynb" in browser.execute_script(focus)

    students_lab.until("focus on the first assignment", focused)
    students_lab.screenshot("start-page-focus")
    ActionChains(students_lab.browser).send_keys(Keys.ENTER).perform()
    students_lab.wait_for_kernel()


def test_points_are_counted_again_when_the_page_is_reloaded(students_lab, students_course):
    notebook = students_course / "release" / "convolution" / "convolution.ipynb"
    nbformat.write(basic_samples("convolution")["perfect"], notebook)
    _open(students_lab)
    most = sum(sum(tests.values()) for tests in exercises("convolution").values())
    assert f"0 of {most:g}" in _row(students_lab, "convolution")
    students_lab.find(LINKS).click()
    students_lab.wait_for_kernel()
    students_lab.run_all_cells()
    students_lab.menu("File", "docmanager:save")
    students_lab.until("saved notebook", lambda _: '"execution_count": 1' in notebook.read_text())
    students_lab.find('.lm-TabBar-tab[title^="Name: START.md"]').click()
    students_lab.menu("File", "docmanager:reload")
    students_lab.until(
        "points", lambda _: f"{most:g} of {most:g}" in _row(students_lab, "convolution")
    )
    students_lab.find(f"{PAGE} summary").click()
    students_lab.screenshot("start-page-points")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"], indirect=True)
def test_everything_can_be_read_on_a_small_page(students_lab, theme, small):
    _open(students_lab)
    body = f'body[data-jp-theme-name="{theme}"]'
    students_lab.find(body)
    students_lab.screenshot(f"start-page-{theme.split()[-1].lower()}")
    assert students_lab.browser.execute_script(HIDDEN_PIXELS, PAGE) <= 0
    contrast, text = students_lab.browser.execute_script(CONTRAST, PAGE)
    assert contrast >= 4.5, text


def test_on_a_read_only_disk_beside_a_file_of_the_students_own(browser, tmp_path):
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
        pytest.skip("this system permits no mount namespace")
    course = course_copy(tmp_path / "course", "convolution", {})
    shutil.copytree(ROOT / "release", course / "release")
    (course / "release" / "START.md").write_text("Mine.")
    before = files(course)
    script = 'mount --bind release release; mount -o remount,bind,ro release; exec "$@"'
    prefix = ("unshare", "-rm", "sh", "-ec", script, "sh")
    with serve(course, tmp_path / "home", prefix=prefix) as server:
        lab = Lab(browser, server)
        browser.get(f"{server.url}/?token={server.token}")
        lab.find(f"{PAGE} h1")
        assert len(browser.find_elements(By.CSS_SELECTOR, LINKS)) == len(NAMES)
        assert lab.complaints() == []
        lab.screenshot("start-page-read-only")
    assert files(course) == before
