"""One browser for all tests here, and a server for students and one for instructors."""

import shutil
import subprocess

import nbformat
import pytest

from tests.browser.chromium import open_chromium
from tests.browser.lab import Lab
from tests.browser.server import serve
from tests.builders import COURSE
from tests.samples.build import ROOT, basic_samples
from tests.samples.grading import course_copy

ASSIGNMENT = "convolution"


@pytest.fixture(scope="package")
def browser(tmp_path_factory):
    with open_chromium(tmp_path_factory.mktemp("chromium"), 1400, 900) as chromium:
        yield chromium


@pytest.fixture(scope="package")
def students_course(tmp_path_factory):
    course = course_copy(tmp_path_factory.mktemp("students") / "course", ASSIGNMENT, {})
    shutil.copytree(ROOT / "release", course / "release")
    return course


@pytest.fixture(scope="package")
def students_server(browser, students_course, tmp_path_factory):
    with serve(students_course, tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture(scope="package")
def instructors_server(browser, tmp_path_factory):
    """A course with a submission that is graded."""
    half_done = {"ada": basic_samples(ASSIGNMENT)["half-done"]}
    course = course_copy(tmp_path_factory.mktemp("instructors") / "course", ASSIGNMENT, half_done)
    subprocess.run([str(COURSE), "grade", ASSIGNMENT], cwd=course, check=True)
    with serve(course, tmp_path_factory.mktemp("home"), "--source") as server:
        yield server


@pytest.fixture
def students_lab(browser, students_server, students_course):
    """JupyterLab on what students get, untouched, and beside it an assignment solved."""
    samples = basic_samples(ASSIGNMENT)
    notebooks = {
        f"{ASSIGNMENT}/{ASSIGNMENT}": samples["untouched"],
        f"solved/{ASSIGNMENT}": samples["perfect"],
    }
    for name, notebook in notebooks.items():
        path = students_course / "release" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
    return Lab(browser, students_server)


@pytest.fixture
def instructors_lab(browser, instructors_server):
    return Lab(browser, instructors_server)
