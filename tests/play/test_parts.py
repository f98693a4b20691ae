"""A figure comes first, then the controls, and each page shows what it can."""

import re

import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from helpers.play import parts
from tests.plots.shown import AltTexts

WIDGET = "application/vnd.jupyter.widget-view+json"
CELLS = {
    "digit": (
        "from helpers import cnn, play\nimport numpy as np\n"
        "play.digit(cnn.build(filters=[2]), np.eye(28))",
        "What each picture is taken for. 0: a ",
    ),
    "kernel_grid": (
        "from helpers import play\nimport numpy as np\nplay.kernel_grid(np.eye(9))",
        "What kernels make of the picture: right minus left, below minus above, mean (blur), "
        "outline.",
    ),
    "occlusion": (
        "from helpers import checks, play\nimport numpy as np\n"
        "play.occlusion(np.zeros((80, 80, 3), 'uint8'), checks.stand_in(64), 0, 0)",
        "What each picture is taken for. 0: ",
    ),
    "training_pictures": (
        "from helpers import play\nimport numpy as np\n"
        "play.training_pictures(np.eye(4)[:, :3], [0, 1, 0, 1], np.zeros((4, 5, 5, 3), 'uint8'),"
        " ['a', 'b'])",
        "Points of two classes, 2 a; 2 b, and the line between them.",
    ),
}


@pytest.fixture(scope="module")
def executed():
    notebook = new_notebook(cells=[new_code_cell(source) for source, _ in CELLS.values()])
    return NotebookClient(notebook, kernel_name="python3").execute()


def test_every_public_function_is_tested_here():
    from helpers import play

    assert set(CELLS) == set(play.__all__)


@pytest.mark.parametrize("name", CELLS)
def test_a_figure_comes_first_and_then_the_controls(executed, name):
    figure, controls = executed.cells[list(CELLS).index(name)].outputs
    assert figure.metadata["image/png"]["alt"].startswith(CELLS[name][1])
    assert set(controls.data) == {WIDGET, "text/plain"}
    assert controls.data["text/plain"] == "Run this cell in JupyterLab: there you can play with it."


def test_a_page_made_of_the_notebook_shows_the_figures(executed):
    page, _ = HTMLExporter().from_notebook_node(executed)
    found = AltTexts(page).found
    assert len(found) == len(CELLS)
    for alt, (_, expected) in zip(found, CELLS.values(), strict=True):
        assert alt.startswith(expected)


def test_a_description_cannot_leave_its_tag():
    tag = parts.img(np.zeros((2, 2), np.uint8), 'a "<b>" & more')
    assert AltTexts(tag).found == ['a "<b>" & more']
    assert re.fullmatch("<[^<>]*>", tag)
