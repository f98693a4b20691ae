"""From the submitted files to the gradebook and the records."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import nbformat
from nbformat import NotebookNode

from helpers.grading import records
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.cohort.task import Executed, Task
from helpers.grading.cohort.workers import Workers
from helpers.grading.course import Course, Scores, Submission
from helpers.grading.execution.engine import Options
from helpers.grading.nbgrader_steps import autograde
from helpers.grading.nbgrader_steps.marks import Marks
from helpers.grading.records import Record
from helpers.grading.results import GradingResult
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits
from helpers.grading.submission.loading import load_submission

__all__ = ["Done", "Grading", "Prepared"]


@dataclass(frozen=True)
class Prepared:
    """A submission before it is graded.

    Parameters
    ----------
    submission
        The submission.
    record
        What its record begins with.
    task
        What workers have to do.
    """

    submission: Submission
    record: Record
    task: Task


@dataclass(frozen=True)
class Done:
    """A submission after its turn.

    Parameters
    ----------
    submission
        The submission.
    record
        How its grading went.
    unchanged
        Whether it was not graded again, because nothing has changed.
    """

    submission: Submission
    record: Record
    unchanged: bool = False


@dataclass(frozen=True)
class Grading:
    """How the submissions of a course are graded this time.

    Parameters
    ----------
    course
        The course.
    assignments
        Those of the submissions, by their names.
    options
        How to execute them.
    grader
        From `version.grader_version`.
    scores
        What the gradebook has, by assignment and student.
    only
        The tests to judge, all by default.
    force
        Whether to grade what has not changed.
    """

    course: Course
    assignments: Mapping[str, Assignment]
    options: Options
    grader: str
    scores: Mapping[str, Mapping[str, Scores]]
    only: frozenset[str] | None = None
    force: bool = False

    def prepare(self, submission: Submission) -> Prepared | Done:
        """Load a submission, and find out what there is to do, if anything.

        Raises
        ------
        NeedsReview
            If it can't be read.
        """
        assignment = self.assignments[submission.assignment]
        folder = self.course.folder("submitted", submission)
        files = load_submission(folder, list(assignment.references))
        record = Record(
            submitted=records.digest_of_submitted(files),
            tests=dict(assignment.digests),
            engine=records.digest_of_engine(
                self.grader,
                assignment.parameters,
                sandboxed=self.options.sandboxed,
                all_cells=self.options.all_cells,
            ),
            limits=records.limits_that_matter(assignment.limits),
            parameters=dict(assignment.parameters),
        )
        task = Task(assignment, files, self.options, self.grader)
        earlier = self._still_true(submission, record.submitted)
        if earlier is not None and self.only is not None:
            # Tests that are not judged anew are still those of then.
            previous = Executed(earlier, self._autograded(submission))
            task = replace(task, only=self.only, previous=previous)
            judged = {name: mark for name, mark in record.tests.items() if name in self.only}
            # If not all of it was judged in one way, the next full grading judges all of it.
            engine = earlier.engine if earlier.engine == record.engine else ""
            tests = {**earlier.tests, **judged}
            return Prepared(submission, replace(earlier, tests=tests, engine=engine), task)
        if earlier is not None and not self.force:
            same = (record.tests, record.engine) == (earlier.tests, earlier.engine)
            if same and self.had_enough(earlier, assignment.limits):
                return Done(submission, earlier, unchanged=True)
        return Prepared(submission, record, task)

    @staticmethod
    def had_enough(record: Record, limits: Limits) -> bool:
        """Tell whether other limits would have changed nothing: none was hit.

        This is known of the time. A notebook notices by itself that memory or a disk is full.
        """
        then, now = record.limits, records.limits_that_matter(limits)
        if not any(record.incidents.values()) and not any(record.undecided.values()):
            then, now = (
                {name: limit for name, limit in each.items() if not name.endswith("_seconds")}
                for each in (then, now)
            )
        return then == now

    def _still_true(self, submission: Submission, submitted: str) -> Record | None:
        """Return the record of a submission if all that it says is still there."""
        record = records.read_record(self.course, submission)
        if record is None:
            return None
        scores = self.scores.get(submission.assignment, {}).get(submission.student)
        autograded = records.digest_of_autograded(self.course, submission)
        found = (submitted, autograded, scores)
        return record if found == (record.submitted, record.autograded, record.scores) else None

    def _autograded(self, submission: Submission) -> dict[str, NotebookNode]:
        folder = self.course.folder("autograded", submission)
        return {path.stem: nbformat.read(path, as_version=4) for path in folder.glob("*.ipynb")}

    def run(
        self,
        workers: Workers,
        submissions: list[Submission],
        tell: Callable[[Submission, float], None],
    ) -> Iterator[Done]:
        """Grade submissions.

        Parameters
        ----------
        workers
            Who execute them.
        submissions
            Which; read one after another when workers have room.
        tell
            Called now and then with one that takes long, and its seconds so far.

        Yields
        ------
        Each with its record, in the order in which they are done.

        Raises
        ------
        CourseError, OSError
            If not a submission but the gradebook, the disk or the cluster fails.
        """

        def tasks() -> Iterator[tuple[Prepared | Done, Task | None]]:
            for submission in submissions:
                try:
                    entry = self.prepare(submission)
                except NeedsReview as problem:
                    entry = self._leave(submission, GradingResult(str(problem)))
                yield entry, entry.task if isinstance(entry, Prepared) else None

        def tell_of(entry: Prepared | Done, seconds: float) -> None:
            tell(entry.submission, seconds)

        with self.course.gradebook() as gradebook:
            marks = Marks(self.course, gradebook)
            for entry, executed in workers.execute_all(tasks(), tell_of):
                if isinstance(entry, Done):
                    yield entry
                elif executed is not None:
                    yield self._write(marks, entry, executed)

    def _leave(self, submission: Submission, result: GradingResult) -> Done:
        """Leave all of a submission for review, and record why."""
        records.delete_record(self.course, submission)
        # What an earlier, sound submission left must not pass for this one.
        autograde.remove(self.course, submission)
        record = Record(**vars(result))
        return Done(submission, records.write_record(self.course, submission, record))

    def _write(self, marks: Marks, prepared: Prepared, executed: Executed) -> Done:
        """Write the marks of a submission, and its record last."""
        submission, result = prepared.submission, executed.result
        if result.reason:
            return self._leave(submission, result)
        records.delete_record(self.course, submission)
        try:
            scores = marks.write(
                submission, executed.notebooks, result.undecided, prepared.task.files.timestamp
            )
        except NeedsReview as problem:
            return self._leave(submission, GradingResult(str(problem)))
        record = replace(prepared.record, **vars(result), scores=scores)
        return Done(submission, records.write_record(self.course, submission, record))
