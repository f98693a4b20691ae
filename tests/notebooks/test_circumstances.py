"""Without warm kernels, or when others use the machine, all is graded the same, only later.

What the functions write on their arguments changes nothing either, where no test asks for it.
"""

import ast
import os
import subprocess
import sys

import nbformat
import pytest

from tests.samples.build import ROOT, exercises, solutions, submission, without_shows
from tests.samples.grading import course_copy, grade, grade_samples, graded

pytestmark = pytest.mark.needs("sandbox")

ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


def perfect(assignment):
    return {"perfect": without_shows(submission(assignment, solutions(assignment)))}


# Computes with copies, and writes on what was given, before and afterwards.
SCRIBBLE = """
def _scribbling(function):
    import functools

    def arrays(values):
        for value in values:
            if isinstance(value, (list, tuple)):
                yield from arrays(value)
            elif isinstance(value, np.ndarray) and value.flags.writeable:
                yield value

    def own(value):
        if isinstance(value, (list, tuple)) and any(True for _ in arrays(value)):
            return getattr(type(value), "_make", type(value))(map(own, value))
        return value.copy() if isinstance(value, np.ndarray) else value

    def write(values):
        for array in arrays(values):
            array[...] = array.ravel()[-1] if array.size else 0

    @functools.wraps(function)
    def scribbling(*arguments, **named):
        given = [*arguments, *named.values()]
        copies = list(map(own, arguments)), {name: own(value) for name, value in named.items()}
        write(given)
        try:
            return function(*copies[0], **copies[1])
        finally:
            write(given)

    return scribbling
"""


def scribbling(assignment):
    """The instructor's solutions, with functions that write on their arguments."""
    answers = solutions(assignment)
    for exercise in exercises(assignment):
        functions = [
            part.name
            for part in ast.parse(answers[exercise]).body
            if isinstance(part, ast.FunctionDef)
        ]
        lines = [f"{name} = _scribbling({name})" for name in functions]
        answers[exercise] = "\n".join([answers[exercise], SCRIBBLE, *lines])
    return {"perfect": without_shows(submission(assignment, answers))}


# Of arrays; what trains its model does not write on it here.
ASKING = {"pixels_keep_their_input", "top_classes_pictures", "occlusion_defaults"}


def assert_perfect(found, assignment, lost=frozenset()):
    tests = exercises(assignment).values()
    assert found.points == {
        test: 0 if test in lost else points for part in tests for test, points in part.items()
    }
    assert found.errors == []


@pytest.fixture(scope="module")
def cold_course(tmp_path_factory):
    """Grade scribbling solutions, each the only one of its assignment, two side by side."""
    course = tmp_path_factory.mktemp("cold")
    for assignment in ASSIGNMENTS:
        course_copy(course, assignment, scribbling(assignment))
    grade(course, "--cold")
    return course


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_solutions_get_their_points_alone_and_cold_whatever_they_write_on_their_arguments(
    cold_course, assignment
):
    assert_perfect(graded(cold_course, assignment)["perfect"], assignment, lost=ASKING)


def test_only_tests_that_ask_for_it_lose_by_that():
    asking = {
        cell.metadata.nbgrader.grade_id
        for assignment in ASSIGNMENTS
        for cell in nbformat.read(ROOT / f"source/{assignment}/{assignment}.ipynb", 4).cells
        if "checks.shared(" in cell.source and assignment != "mnist-cnn"
    }
    assert asking == ASKING


@pytest.fixture
def busy():
    """Keep every processor busy."""
    loop = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(loop) for _ in range(os.cpu_count() or 1)]
    yield
    for program in programs:
        program.kill()
        program.wait()


@pytest.mark.usefixtures("busy")
def test_a_perfect_submission_gets_all_points_on_a_loaded_machine(tmp_path):
    found = grade_samples(tmp_path, "convolution", perfect("convolution"))
    assert_perfect(found["perfect"], "convolution")
