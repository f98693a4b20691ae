import ast
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import cli
from helpers.commands import COMMANDS
from tests.builders import COURSE, code_cell, course, files, notebook, run_course, square_notebook

pytestmark = pytest.mark.slow

HEAVY = ["IPython", "jupyter_client", "nbconvert", "nbformat", "nbgrader", "numpy", "tensorflow"]


def test_the_help_names_every_command_and_imports_nothing_heavy():
    script = (
        "import sys; from helpers.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
    assert all(f"\n    {command} " in shown for command in COMMANDS)
    assert shown.endswith("[]\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, tmp_path):
    result = run_course(tmp_path, command, "--help")
    assert result.returncode == 0
    assert f"usage: course {command}" in result.stdout


def test_it_works_from_a_subfolder(tmp_path):
    root = course(tmp_path, {"squares": square_notebook()})
    assert run_course(root / "source" / "squares", "build").returncode == 0
    assert (root / "release" / "squares" / "squares.ipynb").is_file()


# What these commands can't do without.
NEEDED = {
    "new": ["first-steps"],
    "prove": ["convolution"],
    "collect": ["a.zip"],
    "return": ["squares", "--format", "folder"],
    "report": ["squares"],
    "similar": ["squares"],
    "photos": ["nine"],
}


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "init"])
def test_outside_a_course_it_says_what_is_missing(command, tmp_path):
    result = run_course(tmp_path, command, *NEEDED.get(command, []))
    # Where 1 says that a person is needed, it is 2.
    assert result.returncode == (2 if command in ("collect", "grade") else 1)
    assert result.stdout == ""
    assert result.stderr == (
        f"course: {tmp_path} is not in a course, which has nbgrader_config.py and source/; "
        "change to the course folder and run the command again\n"
    )


def test_a_course_without_assignments_is_named(tmp_path):
    result = run_course(course(tmp_path, {}), "build")
    assert result.returncode == 1
    assert result.stderr == (
        "course: source/ has no assignments; an assignment is source/NAME/NAME.ipynb\n"
    )


def test_a_misspelt_assignment_is_named_beside_the_right_ones(tmp_path):
    result = run_course(course(tmp_path, {"squares": square_notebook()}), "build", "sqares")
    assert result.returncode == 1
    assert result.stderr == "course: source/ has no assignment sqares; it has squares\n"


def test_an_unknown_argument_is_refused(tmp_path):
    result = run_course(course(tmp_path, {"squares": square_notebook()}), "build", "--fast")
    assert result.returncode == 2
    assert "unrecognized arguments: --fast" in result.stderr


def test_another_python_is_refused_in_one_line():
    script = (
        "import runpy, sys; sys.version_info = (3, 10, 1)\n"
        f"runpy.run_path({cli.__file__!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == (
        "course: this course needs Python 3.11, 3.12 or 3.13, "
        f"but {sys.executable} is Python 3.10; "
        "set it up as its README.md says, and run the course of its .venv\n"
    )


def test_older_pythons_can_read_the_refusal():
    ast.parse(Path(cli.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_ctrl_c_stops_in_one_line_and_leaves_nothing(tmp_path):
    started = tmp_path / "started"
    os.mkfifo(started)
    endless = code_cell(f"open({str(started)!r}, 'w').write('.')\nwhile True: pass", "endless")
    root = course(tmp_path / "course", {"endless": notebook([endless])})
    before = files(root)
    reader = os.open(started, os.O_RDONLY | os.O_NONBLOCK)
    process = subprocess.Popen([COURSE, "check"], cwd=root, stderr=subprocess.PIPE, text=True)
    assert select.select([reader], [], [], 120)[0], "the notebook has not started"
    os.close(reader)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "stopped"
    assert "Traceback" not in errors
    assert files(root) == before


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    root = course(tmp_path, {"squares": square_notebook()})
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [COURSE, "build"], cwd=root, stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert result.stderr == ""


class TestLab:
    @pytest.fixture
    def root(self, tmp_path):
        root = course(tmp_path, {"squares": square_notebook()})
        (root / "release").mkdir()
        return root

    def _root_dir(self, root, *arguments):
        shown = run_course(root, "lab", *arguments, "--show-config-json").stdout
        return json.loads(shown)["ServerApp"]["root_dir"]

    def test_students_get_the_releases(self, root):
        assert self._root_dir(root) == str(root / "release")

    def test_instructors_get_the_whole_course(self, root):
        assert self._root_dir(root, "--source") == str(root)

    def test_other_arguments_go_to_jupyterlab(self, root):
        shown = run_course(root, "lab", "--port=4321", "--show-config-json").stdout
        assert json.loads(shown)["ServerApp"]["port"] == 4321

    @pytest.fixture
    def as_root(self):
        """A command that runs another one as root."""
        return () if os.geteuid() == 0 else ("unshare", "--map-root-user")

    @pytest.mark.needs("sandbox")
    def test_root_is_told_about_a_wrong_option_first(self, root, as_root):
        result = run_course(root, "lab", "--no-browser", "--port=x", prefix=as_root)
        assert result.returncode == 1
        assert "expected an int, not the str 'x'" in result.stderr.splitlines()[-1]

    @pytest.mark.needs("sandbox")
    def test_root_is_told_what_to_do(self, root, as_root):
        result = run_course(root, "lab", "--no-browser", prefix=as_root)
        assert result.returncode == 1
        assert result.stderr.splitlines()[-1] == (
            "course: JupyterLab does not start for root, whose files everything in it could "
            "change; start it as another user or, if this is a container, by "
            "`course lab --allow-root`"
        )
        assert "Traceback" not in result.stderr

    def test_without_releases_it_says_how_to_make_them(self, root):
        (root / "release").rmdir()
        result = run_course(root, "lab")
        assert result.returncode == 1
        assert result.stderr == "course: there is no release/ to open; run `course build` first\n"
