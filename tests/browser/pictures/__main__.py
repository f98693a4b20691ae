"""Make the pictures of README.md again: `course check`, then `python -m tests.browser.pictures`."""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.chromium import REMEDY, is_installed, open_chromium
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.samples.build import ROOT, basic_samples
from tests.samples.grading import course_copy

ASSIGNMENT = "convolution"
FIGURE = "picture"  # the id of the cell whose figure is in the picture
REPORT = ROOT / "tests" / "output" / "check" / "index.html"
COLOURS = 128


def main() -> int:
    """Write notebook.png and report.png; return 1 if something is missing for them."""
    if not is_installed():
        print(REMEDY, file=sys.stderr)
        return 1
    if not REPORT.is_file():
        print(f"There is no {REPORT.relative_to(ROOT)}: run `course check`.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_chromium(folder / "small", 1200, 800) as browser:
            _save("notebook", _notebook(browser, folder))
        with open_chromium(folder / "wide", 1300, 1000) as browser:
            _save("report", _report(browser))
    return 0


def _notebook(browser: Chrome, folder: Path) -> bytes:
    course = course_copy(folder / "course", ASSIGNMENT, {})
    shutil.copytree(ROOT / "release", course / "release")
    cells = basic_samples(ASSIGNMENT)["untouched"].cells
    with serve(course, folder / "home") as server:
        lab = Lab(browser, server)
        lab.open(f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb")
        lab.run_all_cells()
        lab.show([cell.get("id") for cell in cells].index(FIGURE))
        return browser.get_screenshot_as_png()


def _report(browser: Chrome) -> bytes:
    browser.get(REPORT.as_uri())
    return browser.find_element(By.TAG_NAME, "main").screenshot_as_png


def _save(name: str, png: bytes) -> None:
    """Write a picture with few colours: a repository keeps every version of it."""
    path = Path(__file__).with_name(f"{name}.png")
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS).save(path, optimize=True)
    kilobytes = path.stat().st_size / 1000
    print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}, {kilobytes:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
