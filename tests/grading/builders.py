"""A course with one little assignment, and submissions for it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.commands.build import generate
from tests.builders import (
    Notebook,
    code_cell,
    course,
    grading,
    markdown_cell,
    notebook,
    solution_cell,
    test_cell,
)

ROOT = Path(__file__).parents[2]
NAME = "fractions"
WRONG = "def answer():\n    return 0"
HALF = "def answer():\n    return 0.5"
RIGHT = "def answer():\n    return 1"


def fractions_course(folder: Path) -> Path:
    """Make a course with the real settings: 2 points, 4 points in parts, 3 points by hand."""
    settings = (ROOT / "nbgrader_config.py").read_text()
    return course(folder, {NAME: fractions_notebook()}, config=settings)


def fractions_notebook() -> Notebook:
    """Its tests warn, and give credit as a NumPy scalar."""
    written = grading("written", grade=True, solution=True, points=3)
    return notebook(
        [
            code_cell("import warnings\nimport numpy as np", "imports"),
            solution_cell(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "answer"),
            test_cell(
                'warnings.warn("a warning")\n'
                "### BEGIN HIDDEN TESTS\n"
                'assert answer() == 1, "answer() should be 1"\n'
                "### END HIDDEN TESTS",
                "warns",
                points=2,
            ),
            test_cell("np.float64(4 * answer())", "in_parts", points=4),
            markdown_cell("Because.", "written", written),
        ]
    )


def submit(
    root: Path, student: str, code: str = RIGHT, change: Callable[[Notebook], object] | None = None
) -> Path:
    """Hand in the release with an answer in it, after any further change to the notebook."""
    content = json.loads(generate(root, NAME).files[f"{NAME}.ipynb"])
    cell(content, "answer")["source"] = code
    cell(content, "written")["source"] = "It is whole."
    if change is not None:
        change(content)
    path = root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    return path


def cell(content: Notebook, grade_id: str) -> dict:
    """Find the cell of a notebook that nbgrader knows by this id."""
    return next(
        cell
        for cell in content["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def register_unexecuted(root: Path) -> None:
    """Put all that was submitted into the gradebook, without running any of it."""
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(
            'c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades"]'
        )
    for step in ("generate_assignment", "autograde"):
        printed = run_nbgrader(root, step, NAME)
        assert printed.returncode == 0, printed.stderr


def run_nbgrader(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real `nbgrader` from a folder, in an environment that is not activated."""
    # Outside of the environment's folder: alembic, python and jupyter must be found all the same.
    home = folder / ".home"
    try:
        return subprocess.run(
            [str(Path(sys.executable).with_name("nbgrader")), *arguments],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), **(environment or {})},
            capture_output=True,
            text=True,
            timeout=600,
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)
