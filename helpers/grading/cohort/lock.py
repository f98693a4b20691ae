"""Only one grading at a time in a course."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import CourseError
from helpers.grading.course import Course

__all__ = ["alone"]


@contextmanager
def alone(course: Course) -> Iterator[None]:
    """Keep other gradings out of the course; the system lets them in again if this one dies.

    Raises
    ------
    CourseError
        If another one is under way.
    """
    folder = Path(course.directory.root, course.directory.autograded_directory)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                "another `course grade` is under way in this course; run it again when that is done"
            ) from None
        yield
