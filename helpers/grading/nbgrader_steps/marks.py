"""Write marks as nbgrader's autograding does, in one transaction for each submission.

nbgrader opens the gradebook anew, and commits, for every cell. Here one connection stays open, and
a notebook's grades are read with one query. What is written is the same, to the byte; but
points that a person gave for what is still there are not asked for again.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from traitlets.utils.importstring import import_item

from helpers.errors import CourseError
from helpers.grading.course import Course, Scores, Submission
from helpers.grading.execution.preprocessor import ExecuteApart, KeepUndecided
from helpers.grading.nbgrader_steps import autograde
from helpers.grading.regrading import unchanged
from helpers.grading.review import NeedsReview, failure, is_of_machine, name_file

__all__ = ["Marks"]


class Marks:
    """Writes marks and autograded notebooks, one submission after another; for one thread.

    Parameters
    ----------
    course
        The course.
    gradebook
        Its gradebook, open.

    Raises
    ------
    CourseError
        If the settings would execute students' code in another way.
    """

    def __init__(self, course: Course, gradebook: Gradebook) -> None:
        self._course = course
        self._gradebook = gradebook
        self._autograde = Autograde(coursedir=course.directory, config=course.config)
        self._late: AssignLatePenalties | None = None
        steps = [_imported(step) for step in self._autograde.autograde_preprocessors]
        if ExecuteApart not in steps or SaveAutoGrades not in steps:
            # Else nbgrader would execute students' code itself, and not in a sandbox.
            raise CourseError(
                "c.Autograde.autograde_preprocessors in nbgrader_config.py lacks ExecuteApart or "
                "SaveAutoGrades; make it settings.AUTOGRADE, or a list of your own that has "
                "everything of it"
            )
        if AssignLatePenalties in steps:
            self._late = AssignLatePenalties(config=course.config)
            self._late.init_plugin()
        saved = steps.index(SaveAutoGrades)
        self._before, self._after = self._make(steps[:saved]), self._make(steps[saved:])

    def _make(self, steps: Sequence[Any]) -> list[Any]:
        """Make nbgrader's steps, without those that are done here."""
        ours = (ExecuteApart, SaveAutoGrades, KeepUndecided, AssignLatePenalties)
        return [
            step(config=self._course.config) if isinstance(step, type) else step
            for step in steps
            if step not in ours
        ]

    def write(
        self,
        submission: Submission,
        notebooks: Mapping[str, NotebookNode],
        undecided: Mapping[str, Mapping[str, str]],
        timestamp: str | None,
    ) -> Scores:
        """Write the autograded notebooks and the marks of a submission that was executed.

        The folder in autograded/ is there when all is in the gradebook, and not before.

        Parameters
        ----------
        notebooks
            Those of the assignment that were executed; the others get 0 points.
        undecided
            For each notebook, the tests that get no points but need review.
        timestamp
            When it was submitted, if that is known.

        Returns
        -------
        The points of every graded cell, by notebook.

        Raises
        ------
        NeedsReview
            If the submission can't be written. The gradebook is as before, unless a step fails that
            nbgrader takes after it has saved the marks.
        CourseError, OSError
            If not the submission but the gradebook or the disk fails.
        """
        with self._all_or_nothing(submission):
            alike = unchanged(notebooks, self._course.folder("autograded", submission))
            autograde.remove(self._course, submission)
            self._run_hook(self._autograde.pre_convert_hook, submission, notebooks)
            notebooks = {
                name: _run(self._before, notebook, self._resources(submission, name))
                for name, notebook in notebooks.items()
            }
            scores = self._save(submission, notebooks, undecided, alike, timestamp)
            notebooks = {
                name: _run(self._after, notebook, self._resources(submission, name))
                for name, notebook in notebooks.items()
            }
            with autograde.staging(
                self._course, self._course.folder("autograded", submission)
            ) as staged:
                kept = self._autograde.exclude_overwriting.get(submission.assignment, [])
                autograde.copy_other_files(self._course, submission, staged, kept)
                for name, notebook in notebooks.items():
                    nbformat.write(notebook, staged / f"{name}.ipynb")
                if timestamp is not None:
                    (staged / "timestamp.txt").write_text(timestamp, encoding="utf-8")
                autograde.set_permissions(self._course, staged, self._autograde.permissions)
            self._run_hook(self._autograde.post_convert_hook, submission, notebooks)
            return scores

    @contextmanager
    def _all_or_nothing(self, submission: Submission) -> Iterator[None]:
        """Undo what is not committed if anything fails."""
        try:
            yield
        except CourseError:
            self._gradebook.db.rollback()
            raise
        except Exception as error:
            self._gradebook.db.rollback()
            if is_of_machine(error):
                name_file(error, self._course.folder("autograded", submission))
                raise
            raise _explained(self._course, error) from error
        finally:
            # What it knows of one submission is of no use for the next.
            self._gradebook.db.expunge_all()

    def _resources(self, submission: Submission, notebook: str) -> dict[str, Any]:
        where = {
            "student": submission.student,
            "assignment": submission.assignment,
            "notebook": notebook,
            "db_url": self._course.directory.db_url,
        }
        return {"nbgrader": where, "unique_key": notebook}

    def _save(
        self,
        submission: Submission,
        notebooks: Mapping[str, NotebookNode],
        undecided: Mapping[str, Mapping[str, str]],
        alike: Mapping[str, Set[str]],
        timestamp: str | None,
    ) -> Scores:
        """Write all marks of a submission, or none."""
        database = self._gradebook.db
        entry = self._entry(submission)
        if timestamp is not None:
            entry.timestamp = utils.parse_utc(timestamp)
        database.flush()
        scores: Scores = {}
        for part in entry.notebooks:
            cells = _Cells.of(self._gradebook, part)
            if part.name in notebooks:
                cells.grade(notebooks[part.name], undecided.get(part.name, {}), alike[part.name])
            else:
                cells.give_nothing()
            scores[part.name] = {name: row.auto_score for name, row in cells.grades.items()}
            database.flush()
            if self._late is not None and part.name in notebooks:
                self._punish_lateness(entry, part)
        database.commit()
        return scores

    def _entry(self, submission: Submission) -> SubmittedAssignment:
        """Find a submission in the gradebook, or make it there."""
        gradebook, student = self._gradebook, submission.student
        try:
            return gradebook.find_submission(submission.assignment, student)
        except MissingEntry:
            assignment = gradebook.find_assignment(submission.assignment)
        try:
            owner = gradebook.find_student(student)
        except MissingEntry:
            if not self._autograde.create_student:
                raise
            owner = Student(id=student)
            gradebook.db.add(owner)
        entry = SubmittedAssignment(assignment=assignment, student=owner)
        for notebook in assignment.notebooks:
            part = SubmittedNotebook(notebook=notebook, assignment=entry)
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                Grade(cell_id=cell.id, notebook=part)
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                Comment(cell_id=cell.id, notebook=part)
        # Last, since what belongs to it goes with it.
        gradebook.db.add(entry)
        return entry

    def _punish_lateness(self, entry: SubmittedAssignment, part: SubmittedNotebook) -> None:
        """Do as nbgrader's `AssignLatePenalties`, with the course's plugin."""
        assert self._late is not None
        part.late_submission_penalty = None
        if entry.total_seconds_late > 0:
            self._gradebook.db.flush()
            self._gradebook.db.refresh(part)
            penalty = self._late.plugin_inst.late_submission_penalty(
                entry.student_id, part.score, entry.total_seconds_late
            )
            if penalty is not None:
                part.late_submission_penalty = min(max(0, penalty), part.score)

    def _run_hook(self, hook: Any, submission: Submission, notebooks: Mapping[str, object]) -> None:
        if hook is not None:
            folder = self._course.folder("submitted", submission)
            hook(
                assignment=submission.assignment,
                student=submission.student,
                notebooks=[str(folder / f"{name}.ipynb") for name in notebooks],
            )


@dataclass(frozen=True)
class _Cells:
    """The grades and comments of a submitted notebook, by the ids of their cells."""

    grades: Mapping[str, Grade]
    comments: Mapping[str, Comment]

    @classmethod
    def of(cls, gradebook: Gradebook, part: SubmittedNotebook) -> "_Cells":
        return cls(
            *(
                {
                    name: row
                    for row, name in gradebook.db.query(kind, BaseCell.name)
                    .join(BaseCell, BaseCell.id == kind.cell_id)
                    .filter(kind.notebook_id == part.id)
                }
                for kind in (Grade, Comment)
            )
        )

    def grade(self, notebook: NotebookNode, undecided: Mapping[str, str], alike: Set[str]) -> None:
        """Do as nbgrader's `SaveAutoGrades`, and leave what is undecided for review."""
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if utils.is_grade(cell):
                row = self.grades[name]
                row.auto_score = None if name in undecided else utils.determine_grade(cell)[0]
                if row.manual_score is None:
                    row.needs_manual_grade = row.auto_score is None
                elif name not in alike:
                    row.needs_manual_grade = True
            if utils.is_solution(cell) or utils.is_task(cell):
                same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                blank = same and not utils.is_task(cell)
                self.comments[name].auto_comment = "No response." if blank else None

    def give_nothing(self) -> None:
        """Give 0 points for a notebook that was not submitted."""
        for row in self.grades.values():
            row.auto_score, row.needs_manual_grade = 0, False


def _run(steps: Sequence[Any], notebook: NotebookNode, resources: dict[str, Any]) -> NotebookNode:
    for step in steps:
        notebook, resources = step(notebook, resources)
    return notebook


def _imported(step: Any) -> Any:
    return import_item(step) if isinstance(step, str) else step


def _explained(course: Course, error: Exception) -> Exception:
    """Return what to raise for an error: of the gradebook or of the submission."""
    return course.gradebook_error(error) or NeedsReview(failure("nbgrader", error))
