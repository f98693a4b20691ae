"""The folders of autograded submissions, and the assignments in the gradebook."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from helpers.errors import CourseError
from helpers.grading.convert import convert
from helpers.grading.course import Course, Submission

__all__ = ["register", "remove", "staging", "tidy"]

# Below autograded/: what is there under its own name is complete.
_STAGED = ".grading"


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


@contextmanager
def staging(course: Course, place: Path) -> Iterator[Path]:
    """Have an empty folder that gets its place in autograded/ when it is complete."""
    tidy(course)
    staged = _workshop(course) / place.name
    staged.mkdir(parents=True)
    yield staged
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(staged, place)
    tidy(course)


def remove(course: Course, submission: Submission) -> None:
    """Remove what an earlier grading of a submission has left in autograded/."""
    folder = course.folder("autograded", submission)
    if os.path.lexists(folder):
        shutil.rmtree(folder)


def tidy(course: Course) -> None:
    """Remove what a grading that was killed has left half done."""
    if _workshop(course).exists():
        shutil.rmtree(_workshop(course))


def _workshop(course: Course) -> Path:
    return Path(course.directory.root, course.directory.autograded_directory, _STAGED)
