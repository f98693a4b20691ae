"""Run one of nbgrader's converters, such as Autograde, in this process."""

import logging
import sys
from typing import Any

from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from helpers.grading.course import Course

__all__ = ["convert"]


def convert(
    converter: type[BaseConverter],
    course: Course,
    assignment: str,
    student: str = "*",
    **folders: Any,
) -> None:
    """Convert an assignment, replacing what an earlier run has written.

    Parameters
    ----------
    student
        Whose submission; without effect on converters for instructors' notebooks.
    **folders
        Traits of CourseDirectory to set besides.

    Raises
    ------
    CourseError
        If the gradebook fails.
    Exception
        Whatever else went wrong; nbgrader itself only logs it.
    """
    failure = _Failure()
    directory = CourseDirectory(
        config=course.config,
        log=failure.logger,
        student_id=student,
        assignment_id=assignment,
        **folders,
    )
    try:
        converter(coursedir=directory, config=course.config, log=failure.logger, force=True).start()
    except Exception as error:
        cause = failure.error or error
        raise course.gradebook_error(cause) or cause from None


class _Failure(logging.Handler):
    """Keep the last exception that was logged while it was handled."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.error: BaseException | None = None
        self.logger = logging.Logger("nbgrader")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.error = sys.exc_info()[1] or self.error
