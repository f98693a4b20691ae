"""Things to play with in JupyterLab: moved with mouse and keyboard, in place of their figure."""

import re

import nbformat
import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from tests.browser.lab import Lab
from tests.samples.build import ROOT

pytestmark = pytest.mark.needs("chromium")

NOTEBOOK = "play/kernel.ipynb"
CONTROLS = ".cnn-course-play"
# What is visible in the output of the cell that plays.
VISIBLE = """
const area = document.querySelector('.cnn-course-play').closest('.jp-OutputArea');
return [...area.querySelectorAll('img')]
    .filter(image => image.offsetParent !== null).map(image => image.alt);
"""


@pytest.fixture(scope="module")
def lab(browser, students_server, students_course):
    """The cells of `convolution` that it takes to play with a kernel, run."""
    notebook = nbformat.read(ROOT / "release" / "convolution" / "convolution.ipynb", as_version=4)
    needed = ("setup", "picture", "kernel-play", "words", "kernel-text")
    notebook.cells = [cell for cell in notebook.cells if cell.id in needed]
    path = students_course / "release" / NOTEBOOK
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    lab = Lab(browser, students_server)
    lab.open(NOTEBOOK)
    cells = lab.run_all_cells()
    assert [cell.red for cell in cells if cell.red] == []
    lab.find(f"{CONTROLS} input[type=number]")
    return lab


def step(lab):
    """The text of the step: three tables, and the sum with its place."""
    return lab.browser.find_element(By.CSS_SELECTOR, CONTROLS).text


def numbers(lab):
    return lab.browser.find_elements(By.CSS_SELECTOR, f"{CONTROLS} input[type=number]")


def test_the_controls_take_the_place_of_the_figure(lab):
    lab.scroll_to(CONTROLS)
    lab.screenshot("play-kernel")
    alts = lab.browser.execute_script(VISIBLE)
    assert len(alts) == 2
    assert alts[0] == "The picture, and the window in it"
    assert alts[1].startswith("The feature map, ")


def test_each_field_has_a_name_for_those_who_cannot_see_it(lab):
    fields = lab.browser.find_elements(By.CSS_SELECTOR, f"{CONTROLS} :is(input, select)")
    names = [field.accessible_name for field in fields]
    assert len(set(names)) == len(names) == 12
    assert {"weight, middle centre", "kernel", "row", "column"} <= set(names)


def test_a_typed_weight_changes_the_feature_map_at_once(lab):
    before = lab.browser.execute_script(VISIBLE)[1]
    centre = numbers(lab)[4]
    centre.click()
    centre.send_keys(Keys.CONTROL, "a")
    centre.send_keys("7")
    lab.until("another feature map", lambda browser: browser.execute_script(VISIBLE)[1] != before)
    chosen = lab.browser.find_element(By.CSS_SELECTOR, f"{CONTROLS} select")
    lab.until("name of the kernel", lambda _: chosen.get_property("value") == "your own")
    assert "-1 7 1" in step(lab)


def test_an_arrow_key_moves_the_window(lab):
    row = int(re.search(r"in row (\d+)", step(lab))[1])
    lab.browser.execute_script("arguments[0].focus()", lab.find(f"{CONTROLS} [type=range]"))
    ActionChains(lab.browser).send_keys(Keys.ARROW_RIGHT).perform()
    moved = f"in row {row + 1}, column"
    lab.until(moved, lambda _: moved in step(lab))


def test_a_word_in_the_text_leads_to_its_explanation(lab):
    lab.scroll_to('a[href="#word-feature-map"]')
    lab.find('a[href="#word-feature-map"]').click()
    visible = """
        const words = [...document.querySelectorAll('.jp-RenderedMarkdown li')];
        const word = words.find(each => each.textContent.startsWith('feature map'));
        const {top, bottom} = word.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
    """
    lab.until("the explanation", lambda browser: browser.execute_script(visible))
