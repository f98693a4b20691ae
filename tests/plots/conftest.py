"""What tests of figures share: a shell that displays them, and a look at what it got."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config


@pytest.fixture(scope="package", autouse=True)
def shell():
    """Provide what a notebook provides, without a history file in the home folder."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


@pytest.fixture
def output():
    """Return a function that runs a plot and returns its only output."""

    def run(plot):
        with capture_output() as captured:
            assert plot() is None
        assert captured.stdout == captured.stderr == ""
        (shown,) = captured.outputs
        return shown

    return run


@pytest.fixture
def described(output):
    """Return a function that runs a plot and returns the description of its only figure."""
    return lambda plot: output(plot).metadata["image/png"]["alt"]
