"""A digit is drawn in JupyterLab, and read while it is drawn."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from helpers.commands.lint import KERNELSPEC
from tests.browser.lab import Lab

pytestmark = pytest.mark.needs("chromium")

NOTEBOOK = "play/digit.ipynb"
PAD = ".cnn-course-play canvas"
WIPE = ".cnn-course-play button"
# A network that knows nothing reads as well as any other for this.
CELL = "import numpy as np\nfrom helpers import cnn, play\n\nplay.digit(cnn.build(), np.eye(28))"
SEEN = """
return document.querySelector('.cnn-course-play img[alt="what the network sees"]').src;
"""
# From the middle of the pad, and then on: a seven.
STROKES = (((-50, -70), (80, 0)), ((30, -70), (-50, 130)))


def test_a_digit_is_read_while_it_is_drawn_and_can_be_wiped(
    browser, students_server, students_course
):
    path = students_course / "release" / NOTEBOOK
    path.parent.mkdir(exist_ok=True)
    notebook = new_notebook(cells=[new_code_cell(CELL)], metadata={"kernelspec": KERNELSPEC})
    nbformat.write(notebook, path)
    lab = Lab(browser, students_server)
    lab.open(NOTEBOOK)
    (cell,) = lab.run_all_cells()
    assert cell.red == ""
    pad = lab.find(PAD)
    lab.show(0)
    for start, way in STROKES:
        before = browser.execute_script(SEEN)
        pen = ActionChains(browser).move_to_element_with_offset(pad, *start).click_and_hold()
        pen.move_by_offset(*way).release().perform()
        lab.until("a stroke", lambda _, old=before: browser.execute_script(SEEN) != old)
    lab.screenshot("play-digit")
    lab.scroll_to(WIPE)
    lab.find(WIPE).click()
    blank = f"""
        const pad = document.querySelector({PAD!r});
        const pixels = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data;
        return pixels.every((value, place) => place % 4 == 3 || value == 0);
    """
    lab.until("an empty pad", lambda _: browser.execute_script(blank))
    assert browser.find_element(By.CSS_SELECTOR, PAD).get_attribute("aria-label")
    assert lab.complaints() == []
