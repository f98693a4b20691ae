"""Load a submission: open the files that belong to it, and nothing else."""

import errno
import os
import re
import stat
import warnings
from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import parse_utc

from helpers.grading.review import NeedsReview
from helpers.grading.submission.wording import listed, printable

__all__ = ["LARGEST", "TIMESTAMP", "SubmittedFiles", "load_submission"]

LARGEST = 100_000_000
"""Bytes that a file may have. Outputs may be large: they are dropped once the file is read."""

TIMESTAMP = "timestamp.txt"
# What nbgrader itself puts beside the notebooks when students hand in.
_NBGRADERS = {TIMESTAMP, "submission_secret.txt"}
_NOTEBOOK = re.compile(r".*\.ipynb(\.txt|\.json)?", re.IGNORECASE | re.DOTALL)
# Nothing that dateutil could take for the path of a file, and no date without a year.
_DATE = re.compile(r"(?=.*\d{4})[\w:.,+ -]{8,50}(/\w{1,20})?", re.ASCII)
_FIRST_YEAR = 2000
_TIME_ZONES = timedelta(hours=14)

# A pipe that nobody writes to would block for ever; a link leads to the work of others.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MACHINE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}


@dataclass(frozen=True)
class SubmittedFiles:
    """What belongs to a submission.

    Parameters
    ----------
    notebooks
        The bytes of each notebook by its name without `.ipynb`.
    timestamp
        When it was submitted, as nbgrader writes it, in UTC; None if nobody can tell.
    repairs
        What was strange, a line each.
    others
        The names of other files and folders beside the notebooks.
    """

    notebooks: Mapping[str, bytes]
    timestamp: str | None
    repairs: tuple[str, ...]
    others: tuple[str, ...]


def load_submission(folder: Path, names: Collection[str]) -> SubmittedFiles:
    """Read the notebooks and the timestamp of a submission, however hostile its folder.

    Parameters
    ----------
    folder
        The submission, `submitted/STUDENT/ASSIGNMENT`.
    names
        The assignment's notebooks, without `.ipynb`.

    Raises
    ------
    NeedsReview
        If a notebook is missing or can't be read, with a line that says what to do.
    OSError
        If not the submission but the machine fails.
    """
    student = folder.parent.name
    if set(student) & set("*?[") or student != student.strip() or not student.isprintable():
        # nbgrader takes it for a pattern, which may match other students, or does not find it.
        raise NeedsReview(
            f"the folder {printable(student)!r} has *, ?, [ or a line break in its name, or begins "
            "or ends with a space; rename it without"
        )
    with _readable(folder.name), _opened(folder) as directory:
        files = _regular_files(directory)
        chosen, repairs = _choose(files, [f"{name}.ipynb" for name in names])
        contents, youngest = {}, 0.0
        for name, file in zip(names, chosen, strict=True):
            with _readable(file):
                contents[name], modified = _read(directory, file, LARGEST)
            youngest = max(youngest, modified)
        timestamp, remarks = _read_timestamp(directory, files, youngest)
        others = _others(files, {*chosen, *_NBGRADERS})
        if others:
            noun = "another file" if len(others) == 1 else f"{len(others)} other files"
            remarks.append(f"{noun} ignored: {listed(others)}")
    return SubmittedFiles(contents, timestamp, (*repairs, *remarks), others)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Let a person see to what can't be read."""
    try:
        yield
    except OSError as error:
        if error.errno in _MACHINE:
            raise
        raise NeedsReview(
            f"{printable(name)} can't be read ({error.strerror}); make it readable for you"
        ) from error


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open the folder of a submission without following a link in place of it or its student."""
    descriptors = []
    try:
        above = None
        for path in (folder.parent, Path(folder.name)):
            try:
                above = os.open(path, _FLAGS | os.O_DIRECTORY, dir_fd=above)
            except OSError as error:
                # How Linux says that a link or a file stands where a folder belongs.
                if error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.ENOENT):
                    raise
                raise NeedsReview(
                    f"{printable(path.name)} is not a folder of its own; "
                    "replace it by the files submitted"
                ) from error
            descriptors.append(above)
        yield descriptors[-1]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _regular_files(directory: int) -> dict[str, bool]:
    """List the entries of a folder, and whether each is a regular file."""
    with os.scandir(directory) as entries:
        return {entry.name: entry.is_file(follow_symlinks=False) for entry in entries}


def _choose(files: Mapping[str, bool], wanted: Collection[str]) -> tuple[list[str], list[str]]:
    """Find the file of each notebook, and say which have another name."""
    for name in wanted:
        if not files.get(name, True):
            raise NeedsReview(
                f"{name} is a link, a folder or a device, not a file; "
                "replace it by the file submitted"
            )
    missing = [name for name in wanted if name not in files]
    if not missing:
        return list(wanted), []
    others = sorted(
        name
        for name, regular in files.items()
        if regular and name not in wanted and not _hidden(name) and _NOTEBOOK.fullmatch(name)
    )
    if not others:
        there = _others(files, _NBGRADERS)
        instead = f", there is {listed(there)}" if there else ""
        raise NeedsReview(f"{listed(missing)} is missing{instead}; ask the student for it")
    if len(others) > 1 or len(missing) > 1:
        raise NeedsReview(
            f"{listed(missing)} is missing, there is {listed(others)}; "
            "give the right notebook this name"
        )
    repair = f"{missing[0]} was missing; {printable(others[0])} was taken for it"
    return [name if name in files else others[0] for name in wanted], [repair]


def _read(directory: int, name: str, most: int) -> tuple[bytes, float]:
    """Return the content of a regular file and when it was modified."""
    descriptor = os.open(name, _FLAGS, dir_fd=directory)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NeedsReview(f"{printable(name)} is not a file; replace it by the file submitted")
        content = file.read(most + 1)
    if len(content) > most:
        raise NeedsReview(
            f"{printable(name)} has more than {most / 1e6:.0f} MB; "
            "ask the student to clear its outputs and submit it again"
        )
    return content, status.st_mtime


def _read_timestamp(
    directory: int, files: Mapping[str, bool], youngest: float
) -> tuple[str | None, list[str]]:
    if TIMESTAMP not in files:
        return None, []
    try:
        content, _ = _read(directory, TIMESTAMP, 1000)
    except (NeedsReview, OSError):
        return None, [f"{TIMESTAMP} is no file with a date; ignored"]
    text = content.decode("utf-8-sig", errors="replace").strip()
    moment = _parse(text)
    if moment is None:
        return None, [f"{TIMESTAMP} holds no date but {printable(text)!r}; ignored"]
    if moment.year < _FIRST_YEAR or moment > _now() + _TIME_ZONES:
        why = "too long ago" if moment.year < _FIRST_YEAR else "in the future"
        return None, [f"{TIMESTAMP} says {moment:%Y-%m-%d %H:%M}, which is {why}; ignored"]
    remarks = []
    modified = datetime.fromtimestamp(youngest, UTC).replace(tzinfo=None)
    if modified - moment > timedelta(days=1):
        remarks = [
            f"{TIMESTAMP} says {moment:%Y-%m-%d %H:%M}, but the notebook was changed on "
            f"{modified:%Y-%m-%d %H:%M} (UTC); see whether it was late"
        ]
    return f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC", remarks


def _parse(text: str) -> datetime | None:
    """Read a date as nbgrader does, in UTC."""
    if not _DATE.fullmatch(text):
        return None
    try:
        with warnings.catch_warnings():
            # It warns of time zones that it does not know: UTC it is, as for nbgrader.
            warnings.simplefilter("ignore")
            # nbgrader takes an offset after a space, such as +0200, for seconds.
            return parse_utc(re.sub(r" (?=[+-]\d)", "", text))
    except Exception:  # dateutil does not say which.
        return None


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _hidden(name: str) -> bool:
    """Tell the files of systems and of JupyterLab, such as `._name.ipynb`, from students' files."""
    return name.startswith((".", "__MACOSX"))


def _others(files: Collection[str], expected: Set[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in files if name not in expected and not _hidden(name)))
