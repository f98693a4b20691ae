import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpers.commands.build import generate
from tests.builders import Notebook, code_cell, markdown_cell, notebook, test_cell
from tests.grading.builders import (
    HALF,
    NAME,
    ROOT,
    fractions_course,
    fractions_notebook,
    run_nbgrader,
    submit,
)

pytestmark = pytest.mark.slow


@pytest.fixture(params=["from the course", "from elsewhere"])
def place(request, tmp_path):
    """A course, a folder to start nbgrader in, and the option that is needed there."""
    root = fractions_course(tmp_path / "course")
    if request.param == "from the course":
        return root, root, ()
    (tmp_path / "elsewhere").mkdir()
    return root, tmp_path / "elsewhere", (f"--CourseDirectory.root={root}",)


@pytest.mark.needs("sandbox")
def test_nbgrader_alone_does_the_whole_cycle(place):
    root, folder, option = place
    submit(root, "ada", HALF)
    submit(root, "bob").write_text("{")

    released = run_nbgrader(folder, "generate_assignment", NAME, *option)
    assert released.returncode == 0, released.stderr
    release = root / "release" / NAME / f"{NAME}.ipynb"
    assert release.read_bytes() == generate(root, NAME).files[release.name]

    autograded = run_nbgrader(folder, "autograde", NAME, *option)
    assert autograded.returncode == 1  # because of bob
    assert "not recognized" not in autograded.stderr
    assert (root / "autograded" / "ada" / NAME / f"{NAME}.ipynb").is_file()

    feedback = run_nbgrader(folder, "generate_feedback", NAME, *option)
    assert feedback.returncode == 0, feedback.stderr
    assert "not recognized" not in feedback.stderr
    assert (root / "feedback" / "ada" / NAME / f"{NAME}.html").is_file()

    exported = run_nbgrader(folder, "export", *option)
    assert exported.returncode == 0, exported.stderr
    with (folder / "grades.csv").open(newline="") as file:
        scores = {row["student_id"]: (row["score"], row["status"]) for row in csv.DictReader(file)}
    assert scores == {"ada": ("2.0", "needs manual grading"), "bob": ("", "needs review")}


def write(folder, content: Notebook):
    (folder / "validated.ipynb").write_text(json.dumps(content))
    return "validated.ipynb"


@pytest.mark.parametrize("settings", [ROOT, ROOT / "release"], ids=["course", "release"])
def test_validate_judges_warnings_and_numpy_scalars_as_autograding_does(settings, tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes((settings / "nbgrader_config.py").read_bytes())
    solved = fractions_notebook()
    printed = run_nbgrader(tmp_path, "validate", write(tmp_path, solved))
    assert printed.stdout == "Success! Your notebook passes all the tests.\n"


def test_validate_still_sees_failures_and_partial_credit(tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    tests = [
        test_cell('assert False, "a hint"', "fails"),
        test_cell("import numpy as np\nnp.float64(0.5)", "in_parts"),
        test_cell("2 - 1", "passes"),
    ]
    printed = run_nbgrader(tmp_path, "validate", write(tmp_path, notebook(tests)))
    assert "FAILED ON 2 CELL(S)" in printed.stdout
    assert "a hint" in printed.stdout
    assert "Partial credit" in printed.stdout


def test_validate_names_the_checks_and_counts_the_points(tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    long_hint = (
        "Look at the first row, at the second row and at all rows that come after them. " * 2
    )
    cells = [
        markdown_cell("## Exercise 1: rows (3 points)", "exercise-1"),
        markdown_cell("**Check 1.1** (1 point): it passes.", "check-1"),
        test_cell("assert True", "passes"),
        markdown_cell("**Check 1.2** (2 points): it fails.", "check-2"),
        test_cell(f'assert 1 > 2, "{long_hint}the last words"', "fails", points=2),
    ]
    printed = run_nbgrader(tmp_path, "validate", write(tmp_path, notebook(cells))).stdout
    assert "Exercise 1: rows: Check 1.2 (2 points)" in printed
    assert "Check 1.1" not in printed
    assert "assert 1 > 2" not in printed.partition("The error was:")[0]
    assert "the last words" in " ".join(printed.split())
    assert "1 of 3 points so far" in printed
    assert "hidden tests" in printed


def test_kernels_see_no_gpu_and_find_the_programs_of_the_environment(tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    source = (
        "import os, shutil, sys\n"
        "assert os.environ['CUDA_VISIBLE_DEVICES'] == '-1'\n"
        "assert os.environ['TF_CPP_MIN_LOG_LEVEL'] == '3'\n"
        "assert os.path.dirname(shutil.which('alembic')) == os.path.dirname(sys.executable)"
    )
    content = notebook([code_cell("1", "first"), test_cell(source, "environment")])
    printed = run_nbgrader(tmp_path, "validate", write(tmp_path, content))
    assert printed.stdout == "Success! Your notebook passes all the tests.\n"


def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it(tmp_path):
    # nbgrader's own function, which our settings replace; it starts a program.
    ask = "from nbgrader.api import get_alembic_version as version; print(version())"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    asked = subprocess.run(
        [sys.executable, "-c", ask], env={"PATH": path}, capture_output=True, text=True, check=True
    )
    root = fractions_course(tmp_path / "course")
    submit(root, "ada")
    assert run_nbgrader(root, "generate_assignment", NAME).returncode == 0
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        assert database.execute("select version_num from alembic_version").fetchall() == [
            (asked.stdout.strip(),)
        ]
