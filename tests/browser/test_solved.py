"""Each assignment, solved, in JupyterLab: it runs to its end, and shuts nobody out."""

import nbformat
import pytest

from tests.browser.accessible import barriers
from tests.browser.lab import THEMES, Lab
from tests.samples.build import ROOT, basic_samples

pytestmark = pytest.mark.needs("chromium")

ASSIGNMENTS = sorted(path.stem for path in (ROOT / "source").glob("*/*.ipynb"))
OURS = (".jp-MarkdownOutput", ".jp-OutputArea-output")


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def lab(request, browser, students_server, students_course):
    """JupyterLab on a solved notebook that has run, with all cells on the page."""
    path = students_course / "release" / "solved" / f"{request.param}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(basic_samples(request.param)["perfect"], path)
    lab = Lab(browser, students_server)
    lab.set("notebook-extension:tracker", windowingMode="none")
    lab.open(f"solved/{path.name}")
    lab.run_all_cells()
    yield lab
    lab.set("notebook-extension:tracker")


def test_it_runs_to_its_end_with_figures_and_nothing_in_red(lab):
    cells = lab.cells()
    figures = [place for place, cell in enumerate(cells) if cell.alts]
    assert [cell.red for cell in cells if cell.red] == []
    assert all(alt for cell in cells for alt in cell.alts)
    assert len(figures) >= 5
    assert "[ ]:" not in [cell.prompt for cell in cells]


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_that_it_shows_is_a_barrier(lab, theme):
    lab.find(".cnn-course-play input")
    with lab.theme(theme):
        assert barriers(lab.browser, *OURS) == []
