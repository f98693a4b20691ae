"""Repair a submission within nbgrader."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading.review import NeedsReview
from helpers.grading.submission.alignment import align
from helpers.grading.submission.reference import Reference
from helpers.grading.submission.structure import normalise

__all__ = ["RepairCells"]


class RepairCells(NbGraderPreprocessor):
    """Align a submission with the assignment, before nbgrader overwrites and checks its cells.

    What was repaired is listed in the notebook's metadata, under `course_repairs`, after what was
    repaired there before.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook to grade.

        Raises
        ------
        NeedsReview
            If it can't be graded.
        """
        name = resources["nbgrader"]["notebook"]
        reference = Reference.of_converted(self, resources)
        before = nb.metadata.get("course_repairs")
        before = [str(line) for line in before] if isinstance(before, list) else []
        try:
            mended, mending = normalise(nb)
        except NeedsReview as error:
            raise NeedsReview(f"{name}.ipynb {error}") from error
        aligned, lines = align(mended, reference)
        mending = [f"{name}.ipynb {line}" for line in mending]
        aligned.metadata.course_repairs = [*before, *mending, *lines]
        return aligned, resources
