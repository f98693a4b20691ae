"""What a grading would do, without doing it."""

from collections.abc import Sequence

from helpers.console import table
from helpers.grading.cohort.grading import Grading
from helpers.grading.course import Submission
from helpers.grading.repair import align, read_notebook
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
    if prepared.task is None:
        return "unchanged", prepared.record.repairs
    lines = list(prepared.files.repairs)
    for name, content in prepared.files.notebooks.items():
        notebook, reading = read_notebook(name, content)
        _, alignment = align(notebook, prepared.task.assignment.references[name])
        lines += [*reading, *alignment]
    return ("graded" if prepared.task.previous is None else "judged in part"), lines
