"""The longest tests come first; what this machine lacks is said loudly at the end of the run."""

from collections import Counter

import pytest

from tests.needs import NOT_TESTED, require

# What begins last may keep one worker busy when the others have nothing left to do.
_LONGEST = (
    "tests/notebooks/test_samples.py",
    "tests/notebooks/test_make_course.py",
    "tests/grading/attacks/",
    "tests/browser/",
    "tests/test_install.py",
)


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest."""

    def place(item):
        starts = (place for place, start in enumerate(_LONGEST) if item.nodeid.startswith(start))
        return next(starts, len(_LONGEST))

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Look before fixtures do their work in vain."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            require(name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Print a line for each thing that is missing, after everything but the last line."""
    result = yield
    reasons = (str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    lost = Counter(reason.partition(NOT_TESTED)[2] for reason in reasons if NOT_TESTED in reason)
    for reason, count in lost.items():
        line = f"{NOT_TESTED} ({count} tests skipped){reason}"
        terminalreporter.write_line(line, red=True, bold=True)
    return result
