"""From the submitted files to the gradebook and the records."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import nbformat

from helpers.grading import autograde
from helpers.grading.cohort import records
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.cohort.records import Record
from helpers.grading.cohort.task import Options, Previous, Result, Task
from helpers.grading.cohort.workers import Workers
from helpers.grading.course import Course, Scores, Submission
from helpers.grading.execution.outcome import Outcome
from helpers.grading.loading import SubmittedFiles, load_submission
from helpers.grading.marks import Marks
from helpers.grading.review import NeedsReview
from helpers.grading.sandbox import Limits

__all__ = ["Done", "Grading", "Prepared"]


@dataclass(frozen=True)
class Prepared:
    """A submission before it is graded.

    Parameters
    ----------
    files
        What was submitted.
    record
        Of an earlier grading that still holds for what was submitted, if there is one.
    task
        What workers have to do; None if nothing has changed.
    """

    submission: Submission
    files: SubmittedFiles
    record: Record | None
    task: Task | None


@dataclass(frozen=True)
class Done:
    """A submission after its turn.

    Parameters
    ----------
    record
        What came of it; None if a person has to grade all of it.
    problem
        Why, then.
    unchanged
        Whether it was not graded again, because nothing has changed.
    """

    submission: Submission
    record: Record | None = None
    problem: str = ""
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
    limits
        What their submissions may use, by assignment.
    parameters
        The largest values of their parameters, by assignment.
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
    limits: Mapping[str, Limits]
    parameters: Mapping[str, Mapping[str, float]]
    grader: str
    scores: Mapping[str, Mapping[str, Scores]]
    only: frozenset[str] | None = None
    force: bool = False

    def _engine(self, submission: Submission) -> str:
        return records.digest_of_engine(
            self.grader,
            self._parameters(submission),
            sandboxed=self.options.sandboxed,
            all_cells=self.options.all_cells,
        )

    def prepare(self, submission: Submission) -> Prepared:
        """Take a submission in, and find out what there is to do.

        Raises
        ------
        NeedsReview
            If it can't be read.
        """
        assignment = self.assignments[submission.assignment]
        folder = self.course.folder("submitted", submission)
        files = load_submission(folder, list(assignment.references))
        limits = self.limits[submission.assignment]
        record = self._holding(submission, files)
        if record is not None and self.only is None and not self.force:
            current = (assignment.digest, self._engine(submission))
            if (record.assignment, record.engine) == current and self.had_enough(record, limits):
                return Prepared(submission, files, record, None)
        task = Task(
            assignment,
            files.notebooks,
            files.others,
            self.options,
            limits,
            self._parameters(submission),
            self.grader,
        )
        if record is not None and self.only is not None:
            previous = Previous(
                self._autograded(submission), record.undecided, tuple(record.incidents)
            )
            task = replace(task, only=self.only, previous=previous)
        return Prepared(submission, files, record, task)

    @staticmethod
    def had_enough(record: Record, limits: Limits) -> bool:
        """Tell whether other limits would have changed nothing: none was hit.

        Of the time, that is known. A notebook notices by itself that memory or a disk is full.
        """
        then, now = record.limits, records.limits_that_matter(limits)
        if not record.incidents and not any(record.undecided.values()):
            then, now = (
                {name: limit for name, limit in each.items() if not name.endswith("_seconds")}
                for each in (then, now)
            )
        return then == now

    def _holding(self, submission: Submission, files: SubmittedFiles) -> Record | None:
        """Return the record of a submission if all that it says is still there."""
        record = records.read_record(self.course, submission)
        if record is None:
            return None
        scores = self.scores.get(submission.assignment, {}).get(submission.student)
        found = (
            records.digest_of_submitted(files),
            records.digest_of_autograded(self.course, submission),
            scores,
        )
        return record if found == (record.submitted, record.autograded, record.scores) else None

    def _autograded(self, submission: Submission) -> dict[str, str]:
        folder = self.course.folder("autograded", submission)
        return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")}

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
        What came of each, in the order in which they are done.

        Raises
        ------
        CourseError, OSError
            If not a submission but the gradebook, the disk or the cluster fails.
        """

        def tasks() -> Iterator[tuple[Prepared | Done, Task | None]]:
            for submission in submissions:
                try:
                    prepared = self.prepare(submission)
                except NeedsReview as problem:
                    yield self._leave(submission, str(problem)), None
                    continue
                if prepared.task is None:
                    yield Done(submission, prepared.record, unchanged=True), None
                else:
                    yield prepared, prepared.task

        def tell_of(entry: Prepared | Done, seconds: float) -> None:
            tell(entry.submission, seconds)

        with self.course.gradebook() as gradebook:
            marks = Marks(self.course, gradebook)
            for entry, result in workers.execute_all(tasks(), tell_of):
                if isinstance(entry, Done):
                    yield entry
                elif result is not None:
                    yield self._write(marks, entry, result)

    def _leave(self, submission: Submission, problem: str) -> Done:
        """Leave all of a submission to a person."""
        records.delete_record(self.course, submission)
        # What an earlier, sound submission left must not pass for this one.
        autograde.remove(self.course, submission)
        return Done(submission, problem=problem)

    def _write(self, marks: Marks, prepared: Prepared, result: Result) -> Done:
        """Write the marks of a submission, and its record last."""
        submission, files = prepared.submission, prepared.files
        if result.problem:
            return self._leave(submission, result.problem)
        records.delete_record(self.course, submission)
        outcomes = {
            name: Outcome(
                nbformat.reads(text, as_version=4), undecided=dict(result.undecided[name])
            )
            for name, text in result.notebooks.items()
        }
        try:
            scores = marks.write(submission, outcomes, files.timestamp)
        except NeedsReview as problem:
            return self._leave(submission, str(problem))
        # Tests that were not judged anew are still those of then.
        partly = prepared.task is not None and prepared.task.previous is not None
        before = prepared.record if partly else None
        record = Record(
            submitted=records.digest_of_submitted(files),
            assignment=before.assignment if before else self._assignment(submission).digest,
            engine=before.engine if before else self._engine(submission),
            autograded=records.digest_of_autograded(self.course, submission),
            limits=before.limits if before else self._limits(submission),
            parameters=before.parameters if before else dict(self._parameters(submission)),
            scores=scores,
            repairs=[*files.repairs, *result.repairs],
            incidents=list(result.incidents),
            undecided={name: dict(tests) for name, tests in result.undecided.items()},
            seconds=round(result.seconds, 3),
            memory=result.memory,
            warm=result.warm,
            sandboxed=result.sandboxed,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        records.write_record(self.course, submission, record)
        return Done(submission, record)

    def _limits(self, submission: Submission) -> dict[str, float]:
        return records.limits_that_matter(self.limits[submission.assignment])

    def _parameters(self, submission: Submission) -> Mapping[str, float]:
        return self.parameters[submission.assignment]

    def _assignment(self, submission: Submission) -> Assignment:
        return self.assignments[submission.assignment]
