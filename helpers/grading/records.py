"""Records of what was graded: with them, nothing is graded twice, and nothing is taken for graded.

A record is written last of all and deleted first of all, so whatever kills the grading in between,
the submission has none and is graded again. It lies beside the folder of the autograded submission,
not in it: everything there goes into the student's feedback.
"""

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from helpers.checksums import digest, digest_of_list
from helpers.grading.course import Course, Scores, Submission
from helpers.grading.results import GradingResult
from helpers.grading.review import name_file
from helpers.grading.sandbox import Limits
from helpers.grading.submission.loading import SubmittedFiles

__all__ = [
    "Record",
    "delete_record",
    "digest_of_autograded",
    "digest_of_engine",
    "digest_of_submitted",
    "limits_that_matter",
    "move_record",
    "read_record",
    "write_record",
]


@dataclass(frozen=True)
class Record(GradingResult):
    """A grading result with what it depends on; its fields are those of the JSON file.

    That of a submission that could not be graded depends on nothing: it is always graded again.

    Parameters
    ----------
    submitted, engine, autograded
        SHA-256, hexadecimal, of what was submitted, of the grader, and of the autograded notebooks.
    tests
        The digests of the assignment's tests as they were judged, see `Assignment.digests`.
    limits
        What the submission could use.
    parameters
        The largest values of its parameters.
    scores
        For each notebook, the points of every test; None for those that need review.
    graded_at
        Date and time in UTC, in ISO form.
    """

    submitted: str = ""
    tests: dict[str, str] = field(default_factory=dict)
    engine: str = ""
    autograded: str = ""
    limits: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    scores: Scores = field(default_factory=dict)
    graded_at: str = ""


def digest_of_engine(
    grader: str, parameters: Mapping[str, float], *, sandboxed: bool, all_cells: bool
) -> str:
    """Digest the grader, from `grader_version`, and how it grades an assignment."""
    parts = [grader, sorted(parameters.items()), sandboxed, all_cells]
    return digest(json.dumps(parts).encode()).hex()


def limits_that_matter(limits: Limits) -> dict[str, float]:
    """Return the limits that are the same on every machine."""
    fields = asdict(limits)
    # As many as there are processors.
    del fields["processes"]
    return fields


def digest_of_submitted(files: SubmittedFiles) -> str:
    """Digest everything that was loaded of a submission."""
    parts = [(files.timestamp or "").encode()]
    for name, content in sorted(files.notebooks.items()):
        parts += [name.encode(), content]
    parts += [os.fsencode(name) for name in files.others]
    return digest_of_list(parts)


def digest_of_autograded(course: Course, submission: Submission) -> str:
    """Digest the autograded notebooks; of no folder as of an empty one."""
    parts = []
    for path in sorted(course.folder("autograded", submission).glob("*.ipynb")):
        parts += [path.name.encode(), path.read_bytes()]
    return digest_of_list(parts)


def read_record(course: Course, submission: Submission) -> Record | None:
    """Read the record of a submission; None if there is none, or a damaged one."""
    try:
        content = json.loads(_place(course, submission).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    names = {field.name for field in dataclasses.fields(Record)}
    # It may be from another version of this package.
    if not isinstance(content, dict) or content.keys() != names:
        return None
    return Record(**content)


def write_record(course: Course, submission: Submission, record: Record) -> Record:
    """Write a record at once or not at all; return it, with its time and what is autograded now."""
    record = replace(
        record,
        autograded=digest_of_autograded(course, submission),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    path = _place(course, submission)
    # If the submission could not be graded, nothing else lies there.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        name_file(error, path)
        raise
    return record


def delete_record(course: Course, submission: Submission) -> None:
    """Delete the record of a submission, if there is one."""
    _place(course, submission).unlink(missing_ok=True)


def move_record(course: Course, old: Submission, new: Submission) -> None:
    """Give the record of a submission, or that it has none, to another one."""
    delete_record(course, new)
    if (record := _place(course, old)).is_file():
        place = _place(course, new)
        place.parent.mkdir(parents=True, exist_ok=True)
        record.rename(place)


def _place(course: Course, submission: Submission) -> Path:
    folder = course.folder("autograded", submission)
    return folder.with_name(f".{folder.name}.json")
