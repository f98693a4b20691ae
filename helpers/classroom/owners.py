"""What each owner handed in, from all downloads: the platform, the assignment, the files."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from helpers.classroom.archive import Download
from helpers.classroom.attempts import Attempt, read_attempts
from helpers.classroom.identify import CourseNotebook, Marks, identify
from helpers.classroom.platforms import PLAIN, recognise
from helpers.classroom.uploads import Upload
from helpers.errors import CourseError
from helpers.grading.submission.wording import printable

__all__ = ["Owned", "read_downloads"]

# A download of another platform is of one assignment; these may have several.
_OF_SEVERAL = (PLAIN, "nbgrader")


@dataclass(frozen=True)
class Owned:
    """What one owner handed in for one assignment.

    Parameters
    ----------
    platform, key, name
        The owner, as the platform says it.
    assignment
        The assignment.
    uploads
        All files.
    attempts
        Those that are notebooks of the assignment, or damaged.
    others
        What each other file is, and what to ask for.
    """

    platform: str
    key: str
    name: str
    assignment: str
    uploads: list[Upload]
    attempts: list[Attempt]
    others: list[str]


def read_downloads(
    downloads: Sequence[Download], marks: Mapping[CourseNotebook, Marks], wanted: str | None
) -> tuple[list[Owned], list[str], Counter[str]]:
    """Find the owners of everything that was downloaded.

    Parameters
    ----------
    downloads
        All of them open.
    marks
        From `identify.read_marks`.
    wanted
        The assignment that it is about, if that was said.

    Returns
    -------
    list of Owned
        A person or team and an assignment each.
    list of str
        What can't be used, a line each.
    Counter
        How many files came from which platform.

    Raises
    ------
    CourseError
        If a download has no notebook of the course, and nobody said which assignment it is.
    """
    owned: dict[tuple[str, str, str], Owned] = {}
    problems: list[str] = []
    platforms: Counter[str] = Counter()
    for download in downloads:
        platform, uploads, rest = recognise(download.entries)
        platforms[platform] += len(uploads)
        problems += download.problems
        problems += [f"{printable(entry.name)} belongs to nobody; ignored" for entry in rest]
        for one in _read(download, platform, uploads, marks, wanted):
            same = owned.setdefault((platform, one.key or one.name, one.assignment), one)
            if same is not one:
                same.uploads.extend(one.uploads)
                same.attempts.extend(one.attempts)
                same.others.extend(one.others)
    # Names change, and the one of the newest download is the one that the platform's lists have.
    found = [replace(one, name=_name(one.uploads)) for one in owned.values()]
    return found, problems, platforms


def _read(
    download: Download,
    platform: str,
    uploads: Sequence[Upload],
    marks: Mapping[CourseNotebook, Marks],
    wanted: str | None,
) -> Iterator[Owned]:
    groups: dict[str, list[Upload]] = defaultdict(list)
    for upload in uploads:
        groups[upload.key or upload.name].append(upload)
    read = {
        owner: read_attempts(group, partial(identify, marks=marks))
        for owner, group in groups.items()
    }
    found = Counter(
        attempt.notebook.assignment
        for attempts, _ in read.values()
        for attempt in attempts
        if attempt.notebook
    )
    if wanted is None and not found:
        raise CourseError(
            f"{download.source} has no notebook of this course (it was read as {platform}); say "
            "with --assignment NAME for which assignment people handed in something else"
        )
    main = wanted or found.most_common(1)[0][0]
    for owner, (attempts, others) in read.items():
        own = {attempt.notebook.assignment for attempt in attempts if attempt.notebook}
        several = platform in _OF_SEVERAL and wanted is None and own
        for assignment in sorted(own) if several else [main]:
            fitting = [one for one in attempts if one.damage or _is_of(one, assignment)]
            strange = [
                _describe(one, assignment)
                for one in attempts
                if one not in fitting and not (several and one.notebook)
            ]
            group = groups[owner]
            yield Owned(
                *(platform, group[0].key, _name(group), assignment, list(group)),
                fitting,
                [*others, *strange],
            )


def _name(uploads: Sequence[Upload]) -> str:
    """Return the newest of somebody's names; empty if the platform tells none."""
    named = [upload for upload in reversed(uploads) if upload.name]
    if not named:
        return ""
    return max(named, key=lambda upload: (upload.when or datetime.min).replace(tzinfo=None)).name


def _is_of(attempt: Attempt, assignment: str) -> bool:
    return attempt.notebook is not None and attempt.notebook.assignment == assignment


def _describe(attempt: Attempt, assignment: str) -> str:
    """Say what a notebook is that is none of the assignment."""
    notebook = attempt.notebook
    which = "another notebook" if notebook is None else f"the notebook of {notebook.assignment}"
    return f"{printable(attempt.upload.file)}, {which}; ask for that of {assignment}"
