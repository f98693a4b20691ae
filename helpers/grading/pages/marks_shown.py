"""The marks that a page of feedback shows, as a digest: with it, a page is known to be outdated."""

import json
import re

from nbgrader.api import SubmittedNotebook

from helpers.checksums import digest_of_list
from helpers.grading.pages.lateness import Lateness

__all__ = ["digest_of_marks", "read_digest"]

# As the page's template writes it; the exporter may put the attributes in another order.
_META = re.compile(r'<meta (?=[^>]*name="course-marks")[^>]*content="([0-9a-f]{64})"')


def digest_of_marks(notebook: SubmittedNotebook, late: Lateness) -> str:
    """Return the SHA-256, hexadecimal, of all that a page says of the marks for a notebook.

    Parameters
    ----------
    notebook
        With its points and comments in the gradebook.
    late
        What the page says of lateness.
    """
    grades = sorted(
        (grade.name, grade.score, grade.max_score, grade.needs_manual_grade)
        for grade in notebook.grades
    )
    comments = sorted((comment.name, comment.comment or "") for comment in notebook.comments)
    # Without a policy, nbgrader's plugin decides.
    share = notebook.late_submission_penalty if late.share is None else round(late.share, 9)
    return digest_of_list([json.dumps([grades, comments, late.note, share]).encode()])


def read_digest(page: str) -> str | None:
    """Return the digest in a page; None for a page of another template."""
    found = _META.search(page)
    return found[1] if found else None
