"""Put marks into the gradebook with nbgrader, one submission after another, in this process."""

import copy
import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde, GenerateAssignment

from helpers.errors import CourseError
from helpers.grading.convert import convert
from helpers.grading.course import Course, Submission
from helpers.grading.execution.outcome import Outcome
from helpers.grading.execution.preprocessor import executed

__all__ = ["register", "remove", "tidy", "write"]

# The next submission would fail with these as well.
_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE}

# Where nbgrader works, below autograded/: what is there under its own name is complete.
_WORKSHOP = ".grading"
_EXECUTES = "helpers.grading.execution.preprocessor.ExecuteApart"


def register(course: Course, assignment: str) -> None:
    """Put the tests and points of an assignment, as they are in source/, into the gradebook.

    Raises
    ------
    CourseError
        If nbgrader can't, for example because cells were added after the first grading.
    """
    with tempfile.TemporaryDirectory(prefix="course-grade-") as release:
        try:
            convert(GenerateAssignment, course, assignment, release_directory=release)
        except RuntimeError as error:
            raise CourseError(
                f"{assignment} can't go into the gradebook: {error}; undo the change in source/, "
                "or export the marks, move the gradebook away and grade everything again"
            ) from error


def write(
    course: Course,
    submission: Submission,
    outcomes: Mapping[str, Outcome],
    timestamp: str | None = None,
) -> str | None:
    """Write the autograded notebooks and the marks of a submission that was executed.

    The folder in autograded/ is there when all is in the gradebook, and not before.

    Parameters
    ----------
    outcomes
        For each notebook of the assignment.
    timestamp
        When it was submitted, if that is known.

    Returns
    -------
    str or None
        Why a person is needed, or None if all is written.

    Raises
    ------
    CourseError, OSError
        If not the submission but the gradebook or the disk fails.
    """
    remove(course, submission)
    tidy(course)
    staged = _workplace(course, "submitted", submission)
    staged.mkdir(parents=True)
    for name, outcome in outcomes.items():
        nbformat.write(outcome.notebook, staged / f"{name}.ipynb")
    if timestamp is not None:
        (staged / "timestamp.txt").write_text(timestamp, encoding="utf-8")
    try:
        with executed(outcomes):
            convert(
                Autograde,
                _trusting(course),
                submission.assignment,
                submission.student,
                submitted_directory=_workshop(course, "submitted"),
                autograded_directory=_workshop(course, "autograded"),
            )
    except CourseError:
        raise
    except Exception as error:
        return _explain(error)
    place = course.folder("autograded", submission)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(_workplace(course, "autograded", submission), place)
    tidy(course)
    return None


def remove(course: Course, submission: Submission) -> None:
    """Remove what an earlier grading of a submission has left in autograded/."""
    folder = course.folder("autograded", submission)
    if os.path.lexists(folder):
        shutil.rmtree(folder)


def tidy(course: Course) -> None:
    """Remove what a grading that was killed has left half done."""
    workshop = Path(course.directory.root, _workshop(course))
    if workshop.exists():
        shutil.rmtree(workshop)


def _workshop(course: Course, step: str = "") -> str:
    return os.path.join(course.directory.autograded_directory, _WORKSHOP, step)


def _workplace(course: Course, step: str, submission: Submission) -> Path:
    name, student = submission.assignment, submission.student
    return Path(course.directory.format_path(_workshop(course, step), student, name))


def _trusting(course: Course) -> Course:
    """Let nbgrader take notebooks as they are, since they have been aligned already."""
    config = copy.deepcopy(course.config)
    if _EXECUTES not in config.Autograde.autograde_preprocessors:
        # Else nbgrader would execute students' code itself, and not in a sandbox.
        raise CourseError(
            "c.Autograde.autograde_preprocessors in nbgrader_config.py lacks ExecuteApart; make it "
            "settings.AUTOGRADE, or a list of your own that has everything of it"
        )
    config.Autograde.sanitize_preprocessors = []
    return replace(course, config=config)


def _explain(error: Exception) -> str:
    """Say in one line why the marks of a submission could not be written."""
    if isinstance(error, OSError) and error.errno in _MACHINE:
        raise error
    message = (str(error).splitlines() or [""])[0][:160]
    return f"nbgrader fails with {type(error).__name__}: {message}; look at the notebook"
