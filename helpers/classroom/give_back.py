"""Feedback in the archives that learning platforms take back, each page for its owner alone."""

import io
import json
import re
import shlex
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from helpers.classroom.ledger import HandIn
from helpers.classroom.roster import Roster
from helpers.grading.course import Course, Submission
from helpers.grading.pages.lateness import Lateness
from helpers.grading.pages.marks_shown import digest_of_marks, read_digest
from helpers.grading.submission.wording import listed

__all__ = ["Returned", "archive_of", "collect_pages"]

# So many commands for single people can be typed.
_FEW = 3
# Of archives that are the same whenever they are made.
_TIME = (1980, 1, 1, 0, 0, 0)
_BODY = re.compile(r"<body[^>]*>(?P<body>.*)</body>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """Pages on their way back.

    Parameters
    ----------
    pages
        Their contents, by the names that the platform asks for.
    people
        How many people get one.
    problems
        Who gets none, and why, a line each.
    """

    pages: Mapping[str, bytes]
    people: int
    problems: Sequence[str]


def collect_pages(
    course: Course,
    gradebook: Gradebook,
    assignment: str,
    form: str,
    roster: Roster,
    ledger: Mapping[str, HandIn],
    lateness: Mapping[str, Lateness],
) -> Returned:
    """Find everybody's pages, and name them as the platform does.

    Parameters
    ----------
    course, gradebook
        The course, and its gradebook, open.
    assignment
        Whose feedback.
    form
        Where they go back to: `moodle`, `canvas` or, for other ways, `folder`.
    roster, ledger
        Who is who, and what was collected from where.
    lateness
        What the policy says of lateness today, by folder.

    Notes
    -----
    The work of a team is one thing on the platform, so one page comes back for all its members.
    """
    pages: dict[str, bytes] = {}
    people, problems, outdated = 0, [], dict[str, str]()
    for submission in course.submissions([assignment]):
        known = roster.people.get(submission.student)
        name = known.name if known else submission.student
        hand_in = ledger.get(submission.student)
        found = _pages(course, submission)
        if not found:
            graded = course.folder("autograded", submission).is_dir()
            problems.append(
                f"{name} has no feedback; run `course feedback {assignment}`"
                if graded
                else f"{name} is not graded; `course grade {assignment}` says why"
            )
            continue
        late = lateness.get(submission.student, Lateness())
        if any(_is_outdated(course, gradebook, submission, page, late) for page in found):
            outdated[submission.student] = name
            continue
        if form == "folder":
            named = {f"{submission.student}/{page.stem}-feedback.html": page for page in found}
            pages |= {place: page.read_bytes() for place, page in named.items()}
        elif hand_in is None or hand_in.platform.lower() != form:
            where = hand_in.platform if hand_in else "by hand"
            problems.append(f"{name} gets none: the work was collected from {where}, not {form}")
            continue
        elif form == "moodle":
            for page in found:
                # The teammates' pages have the same name.
                pages.setdefault(f"{hand_in.place}/{page.stem}-feedback.html", page.read_bytes())
        else:
            pages[hand_in.place] = _as_notebook([page.read_text("utf-8") for page in found])
        people += 1
    return Returned(pages, people, [*problems, *_ask_for_new(assignment, outdated)])


def _ask_for_new(assignment: str, outdated: Mapping[str, str]) -> list[str]:
    """Ask for new pages, each by itself or, after a regrading of the class, all at once."""
    if len(outdated) > _FEW:
        return [
            f"{len(outdated)} people get none: their feedback is older than the marks; run `course "
            f"feedback {assignment}` and return it again ({listed(outdated.values())})"
        ]
    return [
        f"{name} gets none: the feedback is older than the marks; run `course feedback "
        f"{assignment} --student {shlex.quote(student)}` and return it again"
        for student, name in outdated.items()
    ]


def archive_of(pages: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of pages, always the same for the same pages."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, page in sorted(pages.items()):
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr = 0o644 << 16
            archive.writestr(info, page, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _pages(course: Course, submission: Submission) -> list[Path]:
    """List somebody's own pages: no links, which might lead to those of others."""
    folder = course.folder("feedback", submission)
    return [page for page in sorted(folder.glob("*.html")) if not page.is_symlink()]


def _is_outdated(
    course: Course, gradebook: Gradebook, submission: Submission, page: Path, late: Lateness
) -> bool:
    """Tell whether a page is older than the grading, or shows other marks than those of today."""
    graded = course.folder("autograded", submission) / f"{page.stem}.ipynb"
    if graded.is_file() and page.stat().st_mtime < graded.stat().st_mtime:
        return True
    shown = read_digest(page.read_text("utf-8", errors="replace"))
    if shown is None:
        return False
    try:
        notebook = gradebook.find_submission_notebook(
            page.stem, submission.assignment, submission.student
        )
    except MissingEntry:
        return True
    return shown != digest_of_marks(notebook, late)


def _as_notebook(pages: Sequence[str]) -> bytes:
    """Put pages into a notebook: Canvas shows them under the name of the one submitted."""
    cells: list[dict[str, Any]] = []
    for number, page in enumerate(pages, 1):
        match = _BODY.search(page)
        output = {
            "output_type": "display_data",
            "data": {"text/html": match["body"] if match else page},
            "metadata": {},
        }
        cells.append(
            {
                "cell_type": "code",
                "id": f"feedback-{number}",
                "execution_count": None,
                "metadata": {},
                "outputs": [output],
                "source": "# Feedback",
            }
        )
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()
