"""Autograde submissions with nbgrader, one after another, in this process."""

import errno
import shutil
import tempfile
from collections.abc import Mapping, Set

from nbclient.exceptions import DeadKernelError
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors.execute import UnresponsiveKernelError

from helpers.errors import CourseError
from helpers.grading.convert import convert
from helpers.grading.course import Course, Submission
from helpers.grading.intake import find_problem

__all__ = ["autograde", "register"]

# The next submission would fail with these as well.
_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE}


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


def autograde(
    course: Course, submission: Submission, grade_ids: Mapping[str, Set[str]]
) -> str | None:
    """Grade a submission anew and write its notebook and its marks.

    Parameters
    ----------
    grade_ids
        Those of the assignment, from `Course.grade_ids`.

    Returns
    -------
    str or None
        Why a person is needed, or None for a submission that is graded.

    Raises
    ------
    CourseError, OSError
        If not the submission but the gradebook or the disk fails.
    """
    problem = find_problem(course.folder("submitted", submission), grade_ids)
    if problem is not None:
        # What an earlier, sound submission left must not pass for this one.
        shutil.rmtree(course.folder("autograded", submission), ignore_errors=True)
        return problem
    try:
        convert(Autograde, course, submission.assignment, submission.student)
    except CourseError:
        raise
    except Exception as error:
        return _explain(error)
    return None


def _explain(error: Exception) -> str:
    """Say in one line why a submission could not be graded."""
    if isinstance(error, OSError) and error.errno in _MACHINE:
        raise error
    if isinstance(error, DeadKernelError):
        return "its Python died, from too little memory or by os._exit; run the notebook yourself"
    if isinstance(error, UnresponsiveKernelError):
        return "its Python hangs and ignores interrupts; look for an endless loop in the notebook"
    message = (str(error).splitlines() or [""])[0][:160]
    return f"nbgrader fails with {type(error).__name__}: {message}; look at the notebook"
