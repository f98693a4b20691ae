"""Who follows CONTRIBUTING.md has green tests, for a new assignment and for a new exercise.

The steps are done in a copy of the course, and then the tests that look at its notebooks are run.
"""

import json
import re
import shutil
import subprocess
import sys

import pytest

from helpers.commands.folder import assignments, source_notebook
from helpers.commands.templates import assignment_files
from tests.bare import clone
from tests.samples.build import ROOT, exercises

pytestmark = [pytest.mark.slow, pytest.mark.needs("git", "sandbox")]

NEW = "second-steps"
CHANGED = "convolution"
# Those that look at every assignment.
TESTS = (
    "tests/notebooks/test_style.py",
    "tests/notebooks/test_samples.py",
    "tests/commands/test_build.py::test_the_releases_of_this_course_are_what_its_sources_give",
    "tests/commands/test_start.py::TestTheRealPage",
    "tests/grading/judging/test_shows.py",
    "tests/grading/submission/test_align.py",
    "tests/proving/test_numbers.py",
    "tests/test_containers.py::test_the_badges_open_every_assignment",
    "tests/test_environment.py",
)


def run(course, *arguments):
    """Run a module of Python in the copy, with the copy's own package."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=course, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def assert_green(course, assignment):
    """Run the tests; of the samples, those of one assignment."""
    run(
        course,
        *("pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS),
        *("-k", f"{assignment} or not test_samples"),
    )


def replace(path, pattern, new):
    """Replace what a pattern finds in a file, which has to be there."""
    text, count = re.subn(pattern, new, path.read_text())
    assert count
    path.write_text(text)


def test_a_new_assignment(tmp_path):
    course = clone(tmp_path)
    run(course, "helpers.cli", "new", NEW)
    table = course / "release" / "course.toml"
    replace(table, 'teaches = ""', 'teaches = "Smooth a list of measurements."')
    last = assignments(ROOT)[-1]
    link = rf"\[`{last}`\]\((\S+){last}/{last}\.ipynb\)"
    replace(course / "README.md", link, rf"\g<0>, [`{NEW}`](\1{NEW}/{NEW}.ipynb)")
    answers = course / "tests" / "notebooks" / "moving_mean.py"
    shutil.copy(answers, course / "tests" / "samples" / f"{NEW.replace('-', '_')}.py")
    run(course, "helpers.cli", "prove", NEW)
    run(course, "helpers.cli", "build")
    assert_green(course, NEW)


def test_a_new_exercise(tmp_path):
    course = clone(tmp_path)
    path = source_notebook(course, CHANGED)
    notebook = json.loads(path.read_text())
    number = len(exercises(CHANGED)) + 2
    insert_exercise(notebook["cells"], number)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    with (course / "tests" / "samples" / f"{CHANGED}.py").open("a") as samples:
        samples.write(
            "\nfrom tests.notebooks import moving_mean\n\nANSWERS += moving_mean.ANSWERS\n"
        )
    run(course, "helpers.cli", "prove", CHANGED)
    run(course, "helpers.cli", "build")
    assert_green(course, CHANGED)


def insert_exercise(cells, number):
    """Put the exercise that `course new` makes before the written one, with another number."""
    (template,) = assignment_files("template").values()
    added = json.loads(template)["cells"]
    ids = [cell["id"] for cell in added]
    added = added[ids.index("temperatures-text") : ids.index("written-text")]
    for cell in added:
        cell["id"] = cell["id"].replace("check-1", f"check-{number}")
        text = "".join(cell["source"]).replace("Exercise 1", f"Exercise {number}")
        text = text.replace("Check 1.", f"Check {number}.")
        cell["source"] = text.splitlines(keepends=True)
    points = sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in added)
    first = "".join(cells[0]["source"])
    total = re.search(r"\*\*Points:\*\* (\d+)", first)
    cells[0]["source"] = first.replace(total[0], f"**Points:** {int(total[1]) + points}")
    at = next(place for place, cell in enumerate(cells) if cell["id"] == "written-text")
    cells[at:at] = added
