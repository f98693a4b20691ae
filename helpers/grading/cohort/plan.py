"""What a grading would do, without doing it."""

from collections.abc import Sequence

from helpers.console import table
from helpers.grading.cohort.grading import Done, Grading
from helpers.grading.cohort.task import aligned
from helpers.grading.course import Submission
from helpers.grading.review import NeedsReview

__all__ = ["show_plan"]


def show_plan(
    grading: Grading, submissions: Sequence[Submission], unrecognised: Sequence[str]
) -> str:
    """Say for each submission what would be done, and what would be repaired.

    It can't tell what students' code does: none of it is executed.
    """
    rows, repairs, problems = [], [], list(unrecognised)
    for submission in submissions:
        place = f"submitted/{submission.student}/{submission.assignment}"
        try:
            what, lines = _plan(grading, submission)
        except NeedsReview as problem:
            what, lines = "needs review", []
            problems.append(f"{place}: {problem}")
        repairs += [f"{place}: {line}" for line in lines]
        rows.append([submission.student, submission.assignment, what, str(len(lines) or "")])
    parts = [table(["student", "assignment", "would be", "repairs"], rows, "<<<>")]
    for title, lines in (("Would be repaired:", repairs), ("To be reviewed:", problems)):
        if lines:
            parts.append("\n  ".join([title, *lines]))
    return "\n\n".join(parts)


def _plan(grading: Grading, submission: Submission) -> tuple[str, list[str]]:
    prepared = grading.prepare(submission)
    if isinstance(prepared, Done):
        return "unchanged", prepared.record.repairs
    task = prepared.task
    lines = [*task.files.repairs, *(line for *_, repairs in aligned(task) for line in repairs)]
    return ("graded" if task.previous is None else "judged in part"), lines
