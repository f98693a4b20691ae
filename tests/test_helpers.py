"""Importing the package is cheap: nothing heavy comes with it."""

import subprocess
import sys


def test_importing_helpers_imports_nothing_heavy():
    code = "import helpers, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "numpy", "matplotlib", "sklearn"} & {*done.stdout.split()}
