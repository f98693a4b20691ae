"""A headless Chromium, with nothing of the machine's user and nothing downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

__all__ = ["REMEDY", "is_installed", "open_chromium", "resize"]

REMEDY = "install Chromium and its driver: apt-get install chromium chromium-driver"
FLAGS = [
    "--headless=new",
    "--no-sandbox",  # it refuses to run as root otherwise, as in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers often have 64 MB there, too little for a notebook
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


def is_installed() -> bool:
    """Whether both the browser and its driver are found."""
    return None not in (_browser(), shutil.which("chromedriver"))


@contextmanager
def open_chromium(profile: Path, width: int, height: int) -> Iterator[Chrome]:
    """Open a browser with a page of the given size in pixels, and close it afterwards.

    Parameters
    ----------
    profile
        A new folder for what the browser remembers.
    width, height
        The size of the page and so of its screenshots, without the browser's own frame.
    """
    options = ChromeOptions()
    options.binary_location = _browser()
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # With both paths given, selenium does not look for anything to download.
    browser = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        resize(browser, width, height)
        yield browser
    finally:
        browser.quit()


def resize(browser: Chrome, width: int, height: int) -> None:
    """Give the page another size in pixels."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _browser() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")
