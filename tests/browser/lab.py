"""JupyterLab in a browser, as a person uses it: open, run, validate, look."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import element_to_be_clickable
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.server import Server
from tests.samples.build import ROOT

__all__ = ["SCREENSHOTS", "THEMES", "Cell", "Lab"]

SCREENSHOTS = ROOT / "tests" / "output" / "screenshots"
WAIT_SECONDS = 300
THEMES = ("JupyterLab Light", "JupyterLab Dark")

CELLS = """
return [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(cell => ({
    prompt: cell.querySelector('.jp-InputPrompt')?.textContent ?? '',
    alts: [...cell.querySelectorAll('.jp-OutputArea-output img')]
        .filter(image => image.complete && image.naturalWidth > 0)
        .map(image => image.alt),
    red: [...cell.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]')]
        .map(output => output.textContent).join(''),
}))
"""


SCROLL = """
const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[arguments[0]];
const end = cell.querySelector('.jp-OutputArea-output:last-child') ?? cell;
const before = end.getBoundingClientRect().top;
end.scrollIntoView({block: 'center'});
return Math.abs(end.getBoundingClientRect().top - before) < 2;
"""

# Formgrader shows what was autograded as placeholder, and what a person decided as value.
POINTS = """
return [...document.querySelectorAll('input.score')]
    .map(field => [field.id, field.value || field.placeholder])
    .filter(([_, points]) => points !== '')
"""


class Cell(NamedTuple):
    """What a cell shows.

    Attributes
    ----------
    prompt
        `[3]:` after it ran, `[*]:` while it runs, `[ ]:` before; empty for Markdown.
    alts
        The alt texts of the figures that are really shown.
    red
        The text of errors and of everything else on stderr.
    """

    prompt: str
    alts: list[str]
    red: str


class Lab:
    """JupyterLab in a browser.

    Parameters
    ----------
    browser
        An open browser.
    server
        A running server.
    """

    def __init__(self, browser: Chrome, server: Server) -> None:
        self.browser = browser
        self.server = server

    def open(self, path: str = "") -> None:
        """Open JupyterLab afresh, with a file if its path is given; notebooks are ready to run."""
        # What the browser says about leaving the page before is not about this one.
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        tree = f"/tree/{path}" if path else ""
        self.browser.get(f"{self.server.url}/lab{tree}?token={self.server.token}&reset")
        self.find(".lm-MenuBar-item")
        if path.endswith(".ipynb"):
            self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook is open and its kernel is ready to run cells."""
        # The circle in the toolbar says so even before there is a kernel, but not the status bar.
        status = '//*[starts-with(@title, "Change kernel for")][contains(., "| Idle")]'
        self.until("kernel that is ready", element_to_be_clickable((By.XPATH, status)))

    def set(self, plugin: str, **settings: Any) -> None:
        """Change settings of JupyterLab, as a person does in its editor of settings."""
        request = Request(
            f"{self.server.url}/lab/api/settings/@jupyterlab/{plugin}",
            json.dumps({"raw": json.dumps(settings)}).encode(),
            {"Authorization": f"token {self.server.token}"},
            method="PUT",
        )
        urlopen(request).close()

    def until(self, what: str, condition: Callable[[Chrome], Any]) -> Any:
        """Wait for a condition; if it does not come true, show what there was instead."""
        try:
            return WebDriverWait(self.browser, WAIT_SECONDS).until(condition)
        except TimeoutException:
            picture = self.screenshot("failed")
            raise AssertionError(f"no {what} after {WAIT_SECONDS} s, see {picture}") from None

    def find(self, selector: str) -> WebElement:
        """Wait until something that a person could click is there."""
        return self.until(selector, element_to_be_clickable((By.CSS_SELECTOR, selector)))

    def open_in_file_browser(self, name: str) -> None:
        """Double-click on a file or folder."""
        item = self.find(f'.jp-DirListing-item[title^="Name: {name}"]')
        ActionChains(self.browser).double_click(item).perform()

    def menu(self, title: str, command: str) -> None:
        """Choose from the menu bar."""
        by_title = (By.XPATH, f'//li[contains(@class, "lm-MenuBar-item")][.="{title}"]')
        self.until(f"menu {title}", element_to_be_clickable(by_title)).click()
        self.find(f'.lm-Menu-item[data-command="{command}"]').click()

    @contextmanager
    def theme(self, name: str) -> Iterator[None]:
        """Choose one of `THEMES` from the menu for a while; what is open stays open."""
        self._choose_theme(name)
        try:
            yield
        finally:
            self._choose_theme(THEMES[0])

    def _choose_theme(self, name: str) -> None:
        title = (By.XPATH, '//li[contains(@class, "lm-MenuBar-item")][.="Settings"]')
        self.until("menu Settings", element_to_be_clickable(title)).click()
        for label in ("Theme", name):
            item = (By.XPATH, f'//li[contains(@class, "lm-Menu-item")][div[.="{label}"]]')
            self.until(label, element_to_be_clickable(item)).click()
        self.find(f'body[data-jp-theme-name="{name}"]')

    def cells(self) -> list[Cell]:
        """Look at all cells of the notebook."""
        return [Cell(**cell) for cell in self.browser.execute_script(CELLS)]

    def run_all_cells(self) -> list[Cell]:
        """Run the notebook and wait until it has come to its end."""

        def finished(_: Chrome) -> list[Cell]:
            cells = self.cells()
            code = [cell for cell in cells if cell.prompt]
            waiting = any("*" in cell.prompt for cell in code)
            return cells if code[-1].prompt != "[ ]:" and not waiting else []

        self.menu("Run", "runmenu:run-all")
        return self.until("end of the notebook", finished)

    def validate(self) -> str:
        """Press Validate and return what the dialog says."""
        self.find(".validate-button").click()
        self.find(".jp-Dialog .jp-Dialog-button")
        return self.browser.find_element(By.CSS_SELECTOR, ".jp-Dialog").text

    def points(self) -> dict[str, float]:
        """Read the points of every test on formgrader's page of a submission."""
        return {test: float(points) for test, points in self.browser.execute_script(POINTS)}

    def show(self, index: int) -> None:
        """Scroll the end of a cell to the middle of the page.

        JupyterLab lays cells out when they come into view, which moves them: scroll until they
        keep still.
        """
        self.until("cell at rest", lambda browser: browser.execute_script(SCROLL, index))

    def scroll_to(self, selector: str) -> None:
        """Scroll to the middle of the page what a selector finds first."""
        script = "arguments[0].scrollIntoView({block: 'center'})"
        self.browser.execute_script(script, self.find(selector))

    def complaints(self) -> list[str]:
        """List the notifications that JupyterLab shows, and the errors on the console."""
        toasts = self.browser.find_elements(By.CSS_SELECTOR, ".Toastify__toast")
        console = self.browser.get_log("browser")
        return [toast.text for toast in toasts] + [
            entry["message"] for entry in console if entry["level"] == "SEVERE"
        ]

    def screenshot(self, name: str) -> Path:
        """Write what is on the page into tests/output/screenshots/."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.browser.save_screenshot(str(path))
        return path
