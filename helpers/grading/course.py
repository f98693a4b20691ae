"""The course as nbgrader sees it: its settings, its folders and its gradebook."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbgrader.api
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url, update
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from tornado.log import app_log
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.errors import CourseError

__all__ = ["Course", "Scores", "Submission", "open_course"]

Scores = dict[str, dict[str, float | None]]
"""For each notebook the points that the grader gave for each graded cell; None if it gave none."""


@dataclass(frozen=True, order=True)
class Submission:
    """What one student submitted for one assignment."""

    assignment: str
    student: str


@dataclass(frozen=True)
class Course:
    """A course folder with the settings of its nbgrader_config.py.

    Parameters
    ----------
    config
        The settings, for nbgrader's classes.
    directory
        nbgrader's names for the folders and the gradebook.
    """

    config: Config
    directory: CourseDirectory

    def folder(self, step: str, submission: Submission) -> Path:
        """Return where a submission is in one step, such as `submitted` or `autograded`."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, submission.student, submission.assignment))

    def require_engine(self) -> None:
        """Find out whether nbgrader_config.py has taken over the settings of this engine.

        Raises
        ------
        CourseError
            If not: nbgrader's own would execute students' code in the open.
        """
        if "autograde_preprocessors" not in self.config.Autograde:
            raise CourseError(
                "nbgrader_config.py does not take over how this course grades; write into it: "
                "`from pathlib import Path`, `from helpers.grading import settings`, "
                "`settings.apply(get_config(), Path(__file__).resolve().parent)`"
            )

    def submissions(
        self, assignments: Sequence[str], student: str | None = None
    ) -> list[Submission]:
        """List what is submitted for the assignments, by all students or by one.

        Whose name can't be shown is left to `unrecognised`: no file could hold it, and terminals
        would obey it.
        """
        found = [
            Submission(assignment, entry.name)
            for entry in self._students()
            for assignment in assignments
            if student in (None, entry.name) and os.path.lexists(entry / assignment)
            if entry.name.isprintable()
        ]
        return sorted(found)

    def unrecognised(self, assignments: Sequence[str], student: str | None = None) -> list[Path]:
        """List what lies in submitted/ but is no submission for any of all the assignments.

        A folder with a misspelt name would otherwise be overlooked, and its student get nothing.
        """
        unrecognised = []
        for entry in self._students():
            if student not in (None, entry.name):
                continue
            if not entry.is_dir() or not entry.name.isprintable():
                unrecognised.append(entry)
                continue
            unrecognised += [path for path in _visible(entry) if path.name not in assignments]
        return unrecognised

    def _students(self) -> list[Path]:
        return _visible(Path(self.directory.root, self.directory.submitted_directory))

    @property
    def has_gradebook(self) -> bool:
        """Whether there is a gradebook; a server is taken to have one."""
        url = make_url(self.directory.db_url)
        return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open the gradebook.

        Raises
        ------
        CourseError
            If there is none, or when it can't be read or written.
        """
        if not self.has_gradebook:
            database = make_url(self.directory.db_url).database
            raise CourseError(f"there is no gradebook {database}; run `course grade` first")
        try:
            with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
                yield gradebook
        except Exception as error:
            failure = self.gradebook_error(error)
            if failure is None:
                raise
            raise failure from error

    def gradebook_error(self, error: BaseException) -> CourseError | None:
        """Say in one line what is wrong with the gradebook, if it is the cause of an error.

        nbgrader puts errors of the database into others, such as InvalidEntry.
        """
        cause: BaseException | None = error
        while cause is not None and not _is_failure(cause):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            return None
        # Servers explain themselves in several lines.
        reason = str(getattr(cause, "orig", cause)).partition("\n")[0]
        remedies = {
            "connection": "see that the server of the gradebook runs, and that "
            "c.CourseDirectory.db_url in nbgrader_config.py is its address",
            "locked": "another program has been writing it for a minute; close formgrader or wait",
            "readonly": "make the file and its folder writable for you",
            "unable to open": "make the file and its folder readable and writable for you",
            "I/O": "see that the disk is sound and has free space, and run the command again",
            "full": "free some disk space and run the command again",
            "not a database": "restore it from a backup, or move it away and run `course grade`",
            "malformed": "restore it from a backup, or move it away and run `course grade`",
            "no such": "it is from another version: back it up and run `nbgrader db upgrade`",
        }
        remedy = next((remedy for sign, remedy in remedies.items() if sign in reason), None)
        # A server has an address, and no file; the password may be in it.
        url = make_url(self.directory.db_url)
        file = f" {url.database}" if url.get_backend_name() == "sqlite" else ""
        advice = remedy or "restore it from a backup"
        return CourseError(f"the gradebook{file} fails: {reason}; {advice}")

    def require_writable_gradebook(self) -> None:
        """Find out whether marks can be written, before hours are spent on them.

        Raises
        ------
        CourseError
            If not.
        """
        with self.gradebook() as gradebook:
            gradebook.db.execute(update(nbgrader.api.Course).values(id=nbgrader.api.Course.id))
            gradebook.db.rollback()

    def scores(
        self, gradebook: Gradebook, assignment: str, student: str | None = None
    ) -> dict[str, Scores]:
        """Look up what the grader gave the submissions for an assignment, by student."""
        query = (
            gradebook.db.query(
                SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.auto_score
            )
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .filter(Assignment.name == assignment)
        )
        if student is not None:
            query = query.filter(SubmittedAssignment.student_id == student)
        found: dict[str, Scores] = {}
        for owner, notebook, cell, score in query:
            found.setdefault(owner, {}).setdefault(notebook, {})[cell] = score
        return found


def open_course(root: Path) -> Course:
    """Read the settings of a course.

    nbgrader itself only logs an error in the settings and goes on with its defaults, which would
    give other marks.

    Raises
    ------
    CourseError
        If nbgrader_config.py fails.
    """
    loader = PyFileConfigLoader("nbgrader_config.py", path=str(root))
    try:
        config = loader.load_config()
    except Exception as error:
        raise CourseError(
            f"nbgrader_config.py fails with {type(error).__name__}: {error}; "
            "nothing is graded with other settings, so correct it first"
        ) from error
    # nbgrader prints the tracebacks of database errors here; `gradebook_error` says them in a line.
    app_log.disabled = True
    config.CourseDirectory.setdefault("root", str(root))
    return Course(config, CourseDirectory(config=config))


def _is_failure(error: BaseException) -> bool:
    """Tell a database that fails from a database that refuses a bad entry."""
    return isinstance(error, DatabaseError) and not isinstance(error, IntegrityError | DataError)


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
