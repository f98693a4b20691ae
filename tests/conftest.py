"""What this machine lacks is not tested, and the end of the run says so loudly."""

from collections import Counter

import pytest

from tests.needs import NOT_TESTED, require


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
