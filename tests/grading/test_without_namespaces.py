"""Where the kernel forbids namespaces, nobody grades by accident, and what is missing is said."""

import ctypes
import os
import subprocess
import sys

import pytest

from helpers.commands.build import generate
from tests.builders import run_course
from tests.grading.builders import NAME, fractions_course, submit
from tests.samples.build import ROOT, exercises

pytestmark = pytest.mark.slow

FORBIDDEN = (sys.executable, "-m", "tests.forbidden")
# From <linux/personality.h>: a processor of which our filter knows no system calls.
PER_LINUX32 = 8


def run_pytest(*arguments, **environment):
    """Run tests in a run of their own, where namespaces are forbidden."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    variables.pop("CI", None)
    return subprocess.run(
        [*FORBIDDEN, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=variables | environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def course(tmp_path):
    root = fractions_course(tmp_path / "course")
    submit(root, "ada")
    return root


def assert_refused(printed, root, reason):
    assert printed.returncode == 2
    assert printed.stderr.startswith(f"course: {reason}")
    assert printed.stderr.endswith("or grade code that you trust with --no-sandbox\n")
    assert printed.stderr.count("\n") == 1
    assert not (root / "gradebook.db").exists()


def test_grading_is_refused_unless_the_code_is_trusted(course):
    environment = {"PYTHONPATH": str(ROOT)}
    printed = run_course(course, "grade", prefix=FORBIDDEN, **environment)
    assert_refused(printed, course, "no sandbox can be built here; what forbids it is probably ")
    trusted = run_course(course, "grade", "--no-sandbox", prefix=FORBIDDEN, **environment)
    assert trusted.returncode == 0, trusted.stderr
    assert f"ada {NAME} 6 / 9" in " ".join(trusted.stdout.split())


def test_grading_is_refused_on_a_processor_whose_system_calls_are_not_known(course):
    library = ctypes.CDLL(None)
    command = [sys.executable, "-m", "helpers.cli", "grade"]
    printed = subprocess.run(
        command,
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        preexec_fn=lambda: library.personality(PER_LINUX32),
    )
    assert_refused(printed, course, "the sandbox knows no system calls of ")


def test_the_courses_own_samples_are_graded_all_the_same():
    command = [*FORBIDDEN, sys.executable, "-m", "tests.samples", "convolution"]
    graded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    (line,) = [line for line in graded.stdout.splitlines() if "without a sandbox: " in line]
    assert line.startswith("The course's own samples are graded without a sandbox: no sandbox can")
    every = [sum(tests.values()) for tests in exercises("convolution").values()]
    half = sum(every[: len(every) // 2])
    most = generate(ROOT, "convolution").points
    assert f"half-done convolution {half:g} / {most:g}" in " ".join(graded.stdout.split())


def test_what_needs_the_sandbox_is_skipped_and_the_end_of_the_run_says_so():
    tests = ["tests/grading/execution", "tests/grading/test_diagnosis.py"]
    run = run_pytest("-n", "2", *tests)
    assert run.returncode == 0, run.stdout
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("NOT TESTED")]
    assert "tests skipped): grading, as no sandbox can be built here" in line
    *_, before, last = run.stdout.strip().splitlines()
    assert before == line
    assert " passed" in last and " skipped" in last


def test_in_ci_nothing_may_be_skipped_for_want_of_a_sandbox():
    run = run_pytest("tests/grading/test_nbgrader_commands.py", "-k", "cycle", CI="true")
    assert run.returncode == 1
    assert "NOT TESTED: grading, as no sandbox can be built here" in run.stdout
