"""What tests need and a machine may lack: without it they are skipped, and the run says so."""

import os
from collections.abc import Callable
from functools import cache

import pytest

from helpers.grading.sandbox import SandboxMissing, find_bubblewrap
from tests.browser.chromium import REMEDY, is_installed
from tests.samples.build import ROOT

__all__ = ["NOT_TESTED", "require"]

NOT_TESTED = "NOT TESTED"


def require(name: str) -> None:
    """Skip the test that calls if something is missing; fail in CI, where nothing may be.

    Parameters
    ----------
    name
        ``sandbox``, ``chromium`` or ``git``.
    """
    reason = _missing(name)
    if reason is not None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"{NOT_TESTED}: {reason}")


@cache
def _missing(name: str) -> str | None:
    return _SEARCHES[name]()


def _no_sandbox() -> str | None:
    try:
        find_bubblewrap()
    except SandboxMissing as error:
        return f"grading, as {error.found}; {error.remedy}"
    return None


def _no_chromium() -> str | None:
    return None if is_installed() else f"JupyterLab, as there is no browser; {REMEDY}"


def _no_clone() -> str | None:
    if (ROOT / ".git").exists():
        return None
    return "a fresh clone, as this folder is none itself; get the course by git clone"


_SEARCHES: dict[str, Callable[[], str | None]] = {
    "sandbox": _no_sandbox,
    "chromium": _no_chromium,
    "git": _no_clone,
}
