"""Comments that were written before, to choose from in formgrader."""

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Gradebook, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import func, select

__all__ = ["CommentBank"]

_MOST = 20


class CommentBank(Preprocessor):
    """Put the comments that other submissions got beside the notebook, for formgrader's template.

    It leaves in ``resources["earlier_comments"]``, by the `grade_id` of the cell, the texts that
    people wrote below it, the most frequent first.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Read the gradebook; the notebook stays as it is. For pages of feedback, do nothing."""
        if "submission_id" in resources:
            directory = CourseDirectory(config=self.config)
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                resources["earlier_comments"] = _read(gradebook, resources["submission_id"])
        return nb, resources


def _read(gradebook: Gradebook, submission: str) -> dict[str, list[str]]:
    its_own = select(SubmittedNotebook.notebook_id).where(SubmittedNotebook.id == submission)
    count = func.count(Comment.id)
    query = (
        gradebook.db.query(BaseCell.name, Comment.manual_comment)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
        .filter(SubmittedNotebook.notebook_id == its_own.scalar_subquery())
        .filter(SubmittedNotebook.id != submission)
        .filter(Comment.manual_comment.is_not(None), Comment.manual_comment != "")
        .group_by(BaseCell.name, Comment.manual_comment)
        .order_by(count.desc(), Comment.manual_comment)
    )
    found: dict[str, list[str]] = {}
    for name, text in query:
        texts = found.setdefault(name, [])
        if len(texts) < _MOST:
            texts.append(text)
    return found
