"""What students do works on Windows and macOS; grading says that it needs Linux."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import course, run_course, square_notebook
from tests.samples.build import ROOT

pytestmark = pytest.mark.slow

WINDOWS = Path(__file__).with_name("windows")


def run_python(*arguments, cwd=None):
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


@pytest.fixture
def root(tmp_path):
    root = course(tmp_path / "course", {"squares": square_notebook()})
    (root / "release").mkdir()
    (root / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
    return root


class TestWindows:
    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PYTHONPATH", str(WINDOWS))
        # There is no program such as unshare either.
        monkeypatch.setenv("PATH", str(tmp_path))

    def test_every_module_but_those_for_grading_can_be_imported(self):
        script = (
            "import importlib, pkgutil, helpers\n"
            "for module in pkgutil.walk_packages(helpers.__path__, 'helpers.'):\n"
            "    if module.name.split('.')[1] not in ('classroom', 'grading', 'proving'):\n"
            "        importlib.import_module(module.name)\n"
            "        print(module.name)"
        )
        result = run_python("-c", script)
        assert result.returncode == 0, result.stderr
        assert {"helpers.features.extraction", "helpers.commands.check.worker"} <= {
            *result.stdout.split()
        }

    def test_the_sandbox_cannot_be_imported_so_something_is_missing_indeed(self):
        result = run_python("-c", "import helpers.grading.sandbox")
        assert "there is no resource on Windows" in result.stderr

    @pytest.mark.parametrize(
        "command",
        [
            *(["lab", "--help"], ["lab", "--version"], ["doctor"], ["build"], ["check"]),
            *(["init", "another"], ["new", "means"]),
        ],
        ids=" ".join,
    )
    def test_a_command_works(self, command, root):
        result = run_course(root, *command)
        assert result.returncode == 0, result.stdout + result.stderr

    def test_a_notebook_is_executed(self, root, tmp_path):
        # `course check` runs it in an environment without PYTHONPATH.
        source = root / "source" / "squares" / "squares.ipynb"
        result = run_python(
            "-m", "helpers.commands.check.worker", source, tmp_path / "executed.ipynb", 60
        )
        assert json.loads(result.stdout.splitlines()[-1]) == {"values": {}, "failure": None}

    def test_a_release_is_validated(self, root):
        assert run_course(root, "build").returncode == 0
        config = ROOT / "release" / "nbgrader_config.py"
        notebook = root / "release" / "squares" / "squares.ipynb"
        result = run_python("-m", "nbgrader", "validate", "--config", config, notebook)
        assert "VALIDATION FAILED ON 1 CELL" in result.stdout, result.stderr

    def test_the_doctor_says_that_only_grading_needs_linux(self, root):
        shown = run_course(root, "doctor").stdout
        row = next(line for line in shown.splitlines() if "  sandbox  " in line)
        assert row.startswith("optional")
        assert "only grading needs it: use WSL 2 (`wsl --install`) or" in row

    @pytest.mark.parametrize("command", ["roster", "grade", "feedback", "export"])
    def test_grading_says_how_to_have_linux_there(self, command, root):
        result = run_course(root, command)
        # For `grade`, 1 says that a person is needed.
        assert result.returncode == (2 if command == "grade" else 1)
        assert result.stdout == ""
        assert result.stderr == (
            "course: grading needs Linux; use WSL 2 (`wsl --install`) or the course's container "
            "image (`docker build --tag cnn-course .` in the course's folder)\n"
        )


def test_grading_on_macos_says_how_to_have_linux_there(root):
    script = "import sys; from helpers.cli import main; sys.platform = 'darwin'; main(['grade'])"
    result = run_python("-c", script, cwd=root)
    assert result.stderr == (
        "course: grading needs Linux; use the course's container image "
        "(`docker build --tag cnn-course .` in the course's folder)\n"
    )


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_git_for_windows_keeps_the_line_ends(tmp_path):
    # Its installer switches core.autocrlf on.
    names = ["source/convolution/convolution.ipynb", "helpers/datasets/data/tools/manifest.json"]
    command = ["git", "-c", "core.autocrlf=true", "checkout-index", f"--prefix={tmp_path}/"]
    subprocess.run([*command, "--", *names], cwd=ROOT, check=True)
    assert [b"\r" in (tmp_path / name).read_bytes() for name in names] == [False, False]
