"""What one person handed in: which file is the newest notebook, and what the rest is."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from helpers.checksums import digest
from helpers.classroom.archive import Unreadable
from helpers.classroom.identify import CourseNotebook
from helpers.classroom.uploads import Upload
from helpers.grading.review import NeedsReview
from helpers.grading.submission.wording import listed, printable

__all__ = ["Attempt", "Undecided", "ask_for", "newest", "read_attempts"]

_NOTEBOOK = re.compile(r".*\.ipynb(\.txt|\.json)?", re.IGNORECASE | re.DOTALL)
# Canvas, and browsers, put these behind the name of a file that was there already.
_COPY = re.compile(r"(-\d+| \(\d+\)|-Copy\d+)$")
_ASK = {
    ".py": "a Python export; ask for the notebook itself (.ipynb)",
    ".html": "a page, not a notebook; ask for the notebook itself (.ipynb)",
    ".htm": "a page, not a notebook; ask for the notebook itself (.ipynb)",
    ".pdf": "a PDF; ask for the notebook itself (.ipynb)",
    ".zip": "an archive in the archive; unpack it and put the notebook into the person's folder in "
    "submitted/, or ask for it",
}
_OTHER = "no notebook; ask for the notebook itself (.ipynb)"


class Undecided(Exception):
    """Several notebooks, and nothing tells which one is the newest."""


@dataclass(frozen=True)
class Attempt:
    """A notebook file that somebody handed in.

    Parameters
    ----------
    upload
        The file.
    notebook
        The notebook of the course that it is a copy of; None for another or for a damaged one.
    digest
        The SHA-256 of its content, hexadecimal.
    damage
        Why it is no notebook at all, else empty.
    """

    upload: Upload
    notebook: CourseNotebook | None
    digest: str
    damage: str = ""


def read_attempts(
    uploads: Sequence[Upload], identify: Callable[[str, bytes], CourseNotebook | None]
) -> tuple[list[Attempt], list[str]]:
    """Read the notebooks among somebody's files.

    Parameters
    ----------
    uploads
        The files.
    identify
        Tells which notebook of the course a content is; raises `NeedsReview`.

    Returns
    -------
    list of Attempt
        The notebooks.
    list of str
        What each other file is, and what to ask for.
    """
    attempts, others = [], []
    for upload in uploads:
        if upload.entry.empty_folder or upload.text or not _NOTEBOOK.fullmatch(upload.file):
            others.append(_describe(upload))
        else:
            try:
                content = upload.entry.read()
            except Unreadable as error:
                others.append(f"{printable(upload.file)} {error}; ask for it again")
                continue
            name = PurePosixPath(upload.file).name.partition(".ipynb")[0]
            try:
                attempt = Attempt(upload, identify(name, content), digest(content).hex())
            except NeedsReview as error:
                attempt = Attempt(upload, None, digest(content).hex(), str(error))
            attempts.append(attempt)
    return attempts, others


def newest(
    attempts: Collection[Attempt], chosen: str, collected: str, refused: Collection[str] = ()
) -> Attempt:
    """Choose the newest of several copies of one notebook.

    Parameters
    ----------
    attempts
        At least one.
    chosen
        The name of the file that the instructor has decided for, or empty.
    collected
        The SHA-256 of the one that was collected before, or empty.
    refused
        The SHA-256 of those that gave way to others; damaged ones among them are not asked about
        again.

    Raises
    ------
    Undecided
        If nothing tells, or if the newest is damaged and an older one is not, with the reason.
    """
    by_choice = [attempt for attempt in attempts if attempt.upload.file == chosen]
    if by_choice:
        candidates = by_choice
    else:
        sound = [one for one in attempts if not (one.damage and one.digest in refused)]
        candidates = sound or list(attempts)
    remaining = _latest(candidates)
    first = remaining[0]
    if len({attempt.digest for attempt in remaining}) == 1:
        if first.damage and not by_choice and first.digest != collected:
            older = {attempt.upload.file for attempt in candidates if not attempt.damage}
            if older:
                raise Undecided(
                    f"handed in {printable(first.upload.file)} last, which is damaged "
                    f"({first.damage}), and {listed(sorted(older))} before"
                )
        return first
    kept = [attempt for attempt in remaining if attempt.digest == collected]
    if kept and not any(attempt.damage for attempt in remaining if attempt not in kept):
        return kept[0]
    names = [f"{one.upload.file}{' (damaged)' if one.damage else ''}" for one in remaining]
    raise Undecided(
        f"handed in {listed(sorted(names))}, and nothing tells which is the newest"
        if len(set(names)) > 1
        else f"handed in {listed(names[:1])} {len(names)} times with different contents, and "
        "nothing tells which is the newest"
    )


def _latest(attempts: list[Attempt]) -> list[Attempt]:
    """Leave out those that are surely older."""
    moments = [attempt.upload.when for attempt in attempts]
    if None not in moments:
        last = max(moments, key=_comparable)  # type: ignore[arg-type]
        return [
            attempt
            for attempt in attempts
            if _comparable(attempt.upload.when) == _comparable(last)  # type: ignore[arg-type]
        ]
    names: Mapping[str, None] = dict.fromkeys(
        _COPY.sub("", attempt.upload.file.partition(".ipynb")[0]) for attempt in attempts
    )
    orders = [attempt.upload.order for attempt in attempts]
    if len(names) == 1 and min(orders) > 0:
        return [attempt for attempt in attempts if attempt.upload.order == max(orders)]
    return attempts


def _comparable(moment: datetime) -> datetime:
    """Let times with and without a time zone be compared: one platform writes all in one way."""
    return moment.replace(tzinfo=None)


def ask_for(others: Sequence[str]) -> str:
    """Say what somebody handed in who handed in no notebook."""
    if not others:
        return "handed in nothing"
    rest = len(others) - 1
    more = f" (and {rest} other file{'' if rest == 1 else 's'})" if rest else ""
    return f"handed in {others[0]}{more}"


def _describe(upload: Upload) -> str:
    if upload.text:
        return "text typed into the platform; ask for the notebook itself (.ipynb)"
    if upload.entry.empty_folder or not upload.file:
        return "no file; ask for the notebook (.ipynb)"
    suffix = PurePosixPath(upload.file).suffix.lower()
    return f"{printable(upload.file)}, {_ASK.get(suffix, _OTHER)}"
