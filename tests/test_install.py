"""Set-up, where something is missing: one line that says what, and the next call goes on."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from helpers import cli, install
from helpers.grading.sandbox import find_bubblewrap
from tests.samples.build import ROOT

pytestmark = pytest.mark.slow

# Builds the course in a moment, from nothing: a wheel with a name, and nothing in it.
BACKEND = """
import pathlib, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        info = "tiny-1.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
# A package index that nobody answers for, and nothing of the user's own settings.
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "1",
}
PYTHONS = [(3, minor) for minor in range(9, 17)]


@pytest.fixture
def course(tmp_path):
    """A course that needs one package, and can be built without any."""
    root = tmp_path / "my course"
    (root / "helpers").mkdir(parents=True)
    shutil.copy(install.__file__, root / "helpers")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    lock = (ROOT / "requirements.lock").read_text()
    (root / "requirements.lock").write_text(re.split(r"\n(?=\S)", lock)[0] + "\n")
    return root


def set_up(course, *python, **environment):
    command = [*(python or [sys.executable]), "helpers/install.py"]
    return subprocess.run(
        command, cwd=course, env={**os.environ, **environment}, capture_output=True, text=True
    )


def assert_refused(done, reason):
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"course: set-up failed: {reason}")
    assert done.stderr.strip().count("\n") == 0


def test_without_a_network_it_says_so_and_the_next_call_finishes(course):
    done = set_up(course, **OFFLINE)
    assert done.stdout.startswith("Setting up the environment in .venv")
    assert_refused(done, "the packages can't be downloaded")
    assert not (course / ".venv/ready").exists()

    # As if the network were there: nothing has to be downloaded any more.
    (course / "requirements.lock").write_text("")
    half_made = course / ".venv/half-made"
    half_made.write_text("")
    done = set_up(course, **OFFLINE)
    assert done.returncode == 0, done.stderr
    assert not half_made.exists()
    assert set_up(course, **OFFLINE).stdout == ""


def test_a_finished_environment_is_kept_when_the_lock_file_changes(course):
    (course / "requirements.lock").write_text("")
    assert set_up(course, **OFFLINE).returncode == 0
    kept = course / ".venv/kept"
    kept.write_text("")
    (course / "requirements.lock").write_text("# changed\n")
    assert "Setting up" in set_up(course, **OFFLINE).stdout
    assert kept.exists()


@pytest.mark.parametrize("setting", ["PYTHONPATH", "PIP_TARGET", "PIP_USER", "PIP_REQUIRE_HASHES"])
def test_settings_of_the_user_lead_nothing_astray(course, tmp_path, setting):
    (course / "requirements.lock").write_text("")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    value = str(elsewhere) if setting in ("PYTHONPATH", "PIP_TARGET") else "1"
    done = set_up(course, **OFFLINE, **{setting: value})
    assert done.returncode == 0, done.stderr
    assert list(course.glob(".venv/lib/*/site-packages/tiny-1.dist-info"))
    assert not list(elsewhere.iterdir())


def test_an_environment_whose_python_has_gone_is_made_again(course):
    (course / "requirements.lock").write_text("")
    assert set_up(course, **OFFLINE).returncode == 0
    for python in (course / ".venv/bin").glob("python*"):
        python.unlink()
        python.symlink_to("/gone/python")
    assert set_up(course, **OFFLINE).returncode == 0
    assert (course / ".venv/bin/python").exists()


def test_a_package_that_is_not_what_the_lock_file_says_is_no_matter_of_the_network():
    early = "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'"
    late = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
    assert install.explain(f"{early}\n{late}\n").startswith("a package is not what requirements")


def test_an_environment_that_was_moved_is_made_again(course):
    (course / "requirements.lock").write_text("")
    assert set_up(course, **OFFLINE).returncode == 0
    moved = course.rename(course.with_name("moved"))
    assert set_up(moved, **OFFLINE).returncode == 0
    pip = subprocess.run([moved / ".venv/bin/pip", "--version"], capture_output=True, text=True)
    assert str(moved) in pip.stdout


def test_a_python_without_the_venv_module_is_told_what_to_install(course):
    # Debian's Python, without python3-venv, has no ensurepip.
    script = (
        "import runpy, sys; sys.modules['ensurepip'] = None; "
        "runpy.run_path('helpers/install.py', run_name='__main__')"
    )
    assert_refused(set_up(course, sys.executable, "-c", script), f"{sys.executable} has no venv")


@pytest.mark.needs("sandbox")
def test_a_full_disk_is_told_before_anything_is_made(course):
    small = ["--dev-bind", "/", "/", "--size", "20000000", "--tmpfs", "/mnt", "--chdir", "/mnt"]
    python = shlex.quote(sys.executable)
    copy = f"cp -r {shlex.quote(str(course))}/. . && exec {python} helpers/install.py"
    done = set_up(course, find_bubblewrap(), *small, "sh", "-c", copy)
    assert_refused(done, "the disk has 0.0 GB left; free 5 GB")


@pytest.mark.needs("sandbox")
def test_a_finished_course_may_lie_on_a_disk_that_is_read_only(course):
    (course / "requirements.lock").write_text("")
    assert set_up(course, **OFFLINE).returncode == 0
    (course / ".setup.lock").unlink()
    done = set_up(course, find_bubblewrap(), "--ro-bind", "/", "/", sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_pip_says_of_a_full_disk_becomes_one_line():
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    assert install.explain(f"Collecting numpy\n{said}\n\n").startswith("the disk is full; free ")


def test_another_python_is_refused_in_one_line():
    script = (
        "import runpy, sys; sys.version_info = (3, 14, 0)\n"
        f"runpy.run_path({install.__file__!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("course: this course needs Python 3.11, 3.12 or 3.13, but ")
    assert done.stderr.count("\n") == 1


def test_older_pythons_can_read_the_refusal():
    ast.parse(Path(install.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


# Which Python is taken


@pytest.mark.parametrize("file", [cli.__file__, install.__file__, ROOT / "Makefile"])
def test_every_way_in_takes_the_same_pythons(file):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    fitting = SpecifierSet(project["requires-python"])
    low, high = re.search(
        r"\((3, \d+)\) <= sys.version_info\[:2\] < \((3, \d+)\)", Path(file).read_text()
    ).groups()
    for major, minor in PYTHONS:
        taken = ast.literal_eval(f"({low})") <= (major, minor) < ast.literal_eval(f"({high})")
        assert taken == fitting.contains(f"{major}.{minor}.0")


def choose(folder, *arguments, **pythons):
    """Return what make would take for Python, where only these are installed."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, script in pythons.items():
        (programs / name.replace("_", ".")).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name.replace("_", ".")).chmod(0o755)
    (folder / "Makefile").write_text((ROOT / "Makefile").read_text())
    done = subprocess.run(
        [shutil.which("make"), "--eval", "show: ; @:$(info $(PYTHON))", *arguments],
        cwd=folder,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr


GOOD = f'exec {shlex.quote(sys.executable)} "$@"'


def test_the_first_python_that_fits_is_taken(tmp_path):
    # A shim of pyenv for a version that is not installed, and one that is too old.
    shim, old = "echo 'command not found' >&2; exit 127", "exit 1"
    found = choose(tmp_path, "show", python3_13=shim, python3_12=GOOD, python3_11=GOOD, python3=old)
    assert found == "python3.12"
    (tmp_path / "bin/python3.12").unlink()
    assert choose(tmp_path, "show") == "python3.11"
    assert choose(tmp_path, "show", "PYTHON=/my/python") == "/my/python"


def test_that_of_the_environment_stays(tmp_path):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    assert choose(tmp_path, "show", python3_13=GOOD) == ".venv/bin/python"


def test_a_machine_without_python_is_told_what_to_install(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sh").symlink_to("/bin/sh")
    said = choose(tmp_path, "setup")
    assert "there is no Python here" in said
    assert "install Python 3.11, 3.12 or 3.13" in said
