"""What lies under the mouse in JupyterLab: a square on a photo, a point in the plane."""

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from selenium.webdriver import ActionChains, Keys

from helpers.commands.lint import KERNELSPEC
from helpers.play.margin_slider import MarginSlider
from tests.browser.lab import Lab

pytestmark = pytest.mark.needs("chromium")

NOTEBOOK = "play/pointer.ipynb"
PHOTO = '.cnn-course-play img[alt^="The picture, hidden"]'
PLANE = '.cnn-course-play img[alt^="Points of two classes"]'
PICTURE = '.cnn-course-play img[alt^="Picture "]'
# The stand-in knows nothing about badgers, but answers at once.
OCCLUSION = """
from helpers import checks, play
from helpers.datasets import photos

play.occlusion(photos.load().images[0], checks.stand_in(112), row=28, column=28)
"""
POINTS = np.array([[0, 0], [5, 1], [1, 4], [6, 5]])
LABELS = [0, 1, 0, 1]
IMAGES = np.zeros((4, 9, 9, 3), np.uint8)
MARGIN = f"""
import numpy as np
from helpers import play

images = np.zeros({IMAGES.shape}, np.uint8)
play.training_pictures({POINTS.tolist()}, {LABELS}, images, ["cat", "dog"])
"""


@pytest.fixture(scope="module")
def lab(browser, students_server, students_course):
    path = students_course / "release" / NOTEBOOK
    path.parent.mkdir(exist_ok=True)
    cells = [new_code_cell(code.strip()) for code in (OCCLUSION, MARGIN)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC}), path)
    lab = Lab(browser, students_server)
    lab.open(NOTEBOOK)
    assert [cell.red for cell in lab.run_all_cells()] == ["", ""]
    return lab


def point(lab, selector, across, down):
    """Move the mouse to a place on a picture: across and down, from 0 to 1."""
    picture = lab.find(selector)
    width, height = (picture.size[side] for side in ("width", "height"))
    # Selenium counts from the middle.
    offset = round((across - 0.5) * width), round((down - 0.5) * height)
    ActionChains(lab.browser).move_to_element_with_offset(picture, *offset).perform()


def alt(lab, selector):
    # In one go: an element that was found may have given way to a new one before it is asked.
    return lab.browser.execute_script(
        "return document.querySelector(arguments[0])?.alt ?? ''", selector
    )


def text(lab, place):
    return lab.browser.execute_script(
        "return document.querySelectorAll('.cnn-course-play')[arguments[0]].innerText", place
    )


def test_the_square_follows_the_mouse_and_the_answers_follow_the_square(lab):
    lab.scroll_to(PHOTO)
    lab.until("answers of the network", lambda _: "One moment" not in text(lab, 0))
    seen = set()
    # The square of 56 pixels on 112 begins at 0, 14, 28, 42 or 56.
    for place, corner in (((0.1, 0.9), (56, 0)), ((0.5, 0.5), (28, 28)), ((0.9, 0.3), (0, 56))):
        point(lab, PHOTO, *place)
        expected = "The picture, hidden from row {} and column {} on".format(*corner)
        lab.until(expected, lambda _, alt_text=expected: alt(lab, PHOTO) == alt_text)
        answers = lab.until("answers", lambda _: (now := text(lab, 0)) not in seen and now)
        seen.add(answers)
    lab.screenshot("play-occlusion")


def test_the_arrow_keys_move_the_square_as_well(lab):
    lab.scroll_to(PHOTO)
    point(lab, PHOTO, 0.5, 0.5)
    lab.until("square in the middle", lambda _: "row 28 and column 28" in alt(lab, PHOTO))
    row = lab.find(".cnn-course-play [type=range]")
    lab.browser.execute_script("arguments[0].focus()", row)
    ActionChains(lab.browser).send_keys(Keys.ARROW_RIGHT).perform()
    lab.until("square one step lower", lambda _: "row 42 and column 28" in alt(lab, PHOTO))


def test_the_point_under_the_mouse_shows_its_picture(lab):
    lab.scroll_to(PLANE)
    places = MarginSlider(POINTS, LABELS, IMAGES, ["cat", "dog"]).places
    for number in (4, 2, 3):
        point(lab, PLANE, *places[number - 1])
        lab.until(f"picture {number}", lambda _, n=number: f"Picture {n}," in alt(lab, PICTURE))
    lab.screenshot("play-margin")
    assert lab.complaints() == []
