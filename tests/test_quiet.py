"""TensorFlow comes in without a word, in a plain process and in a Jupyter kernel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import helpers

pytestmark = pytest.mark.slow

ROOT = Path(helpers.__file__).parents[1]
FIRST_OPERATION = "from helpers.quiet import keras\nkeras.ops.add(1.0, 1.0)\n"
# Makes TensorFlow report "5 out of the last 5 calls triggered tf.function retracing".
TRACED_AGAIN = """
from helpers.quiet import tensorflow
function = tensorflow.function(lambda x: x)
for number in range(8):
    function(number)
"""


def run(code, *path):
    """Run code in a process of its own, with nothing that silences TensorFlow set already."""
    silencing = ("TF_CPP_MIN_LOG_LEVEL", "CUDA_VISIBLE_DEVICES", "KERAS_BACKEND")
    environment = {name: value for name, value in os.environ.items() if name not in silencing}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, [*path, ROOT]))
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )


def test_only_what_is_written_afterwards_is_seen():
    done = run(
        "import os, sys\n"
        f"{FIRST_OPERATION}{TRACED_AGAIN}"
        "os.write(2, b'from C++\\n')\n"
        "print('from Python', file=sys.stderr)\n"
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "from C++\nfrom Python\n"


def test_a_failing_import_gives_stderr_back_and_tells_what_was_written(tmp_path):
    (tmp_path / "tensorflow.py").write_text(
        "import os\nos.write(2, b'no such library')\nraise ImportError('broken')\n"
    )
    (tmp_path / "keras.py").touch()
    done = run(
        "import os\n"
        "try:\n"
        "    import helpers.quiet\n"
        "except ImportError as error:\n"
        "    print(error, *error.__notes__)\n"
        "os.write(2, b'back again')\n",
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("broken no such library\n", "back again")


def test_a_notebook_shows_nothing(monkeypatch):
    # Kernels that see it don't show descriptor 2, and there would be nothing to prove.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    cell = new_code_cell(FIRST_OPERATION + "None")
    # More than a pipe holds: when it is written, the kernel has read its beginning.
    after = new_code_cell("import os; _ = os.write(2, b'seen' * 100_000)")
    NotebookClient(
        new_notebook(cells=[cell, after]), resources={"metadata": {"path": ROOT}}
    ).execute()
    assert cell.outputs == []
    assert {output.name for output in after.outputs} == {"stderr"}


def test_the_package_itself_does_not_import_tensorflow():
    done = run("import sys, helpers, helpers.datasets; print('tensorflow' in sys.modules)")
    assert done.stdout == "False\n"
