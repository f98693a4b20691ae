"""The folders of autograded submissions, and the assignments in the gradebook."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader import utils
from nbgrader.converters import GenerateAssignment

from helpers.errors import CourseError
from helpers.grading.course import Course, Submission
from helpers.grading.nbgrader_steps.convert import convert

__all__ = ["copy_other_files", "register", "remove", "set_permissions", "staging", "tidy"]

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
    staged = _staging_folder(course) / place.name
    staged.mkdir(parents=True)
    yield staged
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(staged, place)
    tidy(course)


def copy_other_files(
    course: Course, submission: Submission, folder: Path, kept: Collection[str]
) -> None:
    """Copy what belongs to an assignment besides its notebooks.

    Parameters
    ----------
    folder
        Where to.
    kept
        Those that students may change, which are left out.
    """
    directory = course.directory
    source = directory.format_path(directory.source_directory, ".", submission.assignment)
    for path in utils.find_all_files(source, [*directory.ignore, "*.ipynb"]):
        relative = os.path.relpath(path, source)
        if relative not in kept:
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / relative)


def set_permissions(course: Course, folder: Path, permissions: int) -> None:
    """Set the permissions of all files in a folder, as nbgrader does.

    Parameters
    ----------
    permissions
        With the digits of the octal number, such as 444.
    """
    for place, _, files in os.walk(folder):
        for name in files:
            os.chmod(os.path.join(place, name), int(str(permissions), 8))
        if course.directory.groupshared:
            os.chmod(place, os.stat(place).st_mode | 0o2770)


def remove(course: Course, submission: Submission) -> None:
    """Remove what an earlier grading of a submission has left in autograded/."""
    folder = course.folder("autograded", submission)
    if os.path.lexists(folder):
        shutil.rmtree(folder)


def tidy(course: Course) -> None:
    """Remove what a grading that was killed has left half done."""
    if _staging_folder(course).exists():
        shutil.rmtree(_staging_folder(course))


def _staging_folder(course: Course) -> Path:
    return Path(course.directory.root, course.directory.autograded_directory, _STAGED)
