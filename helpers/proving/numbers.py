"""The numbers of the last proof of an assignment, in `tests/proof/ASSIGNMENT.json`.

They belong to what they were counted for: code and points of the notebooks' cells, the code that
changes them, and the changes that are listed as right. The file has a digest of all that.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from helpers.checksums import digest_of_list
from helpers.errors import CourseError
from helpers.grading import scribbling
from helpers.grading.cohort.assignment import Assignment
from helpers.proving import by_heart, operators, rewrites, scribblers
from helpers.proving.equivalents import FOLDER
from helpers.proving.outcome import Counts, TestCounts

__all__ = ["as_json", "fingerprint", "known", "numbers_file", "read_numbers"]


def known(root: Path) -> list[str]:
    """Return the names of the assignments that have been proven, in alphabetical order."""
    return sorted(path.stem for path in (root / FOLDER).glob("*.json"))


def numbers_file(root: Path, assignment: str) -> Path:
    """Return where the numbers of an assignment belong."""
    return root / FOLDER / f"{assignment}.json"


def fingerprint(assignment: Assignment, equivalents: Collection[tuple[str, str]]) -> str:
    """Return the SHA-256, hexadecimal, of what the numbers of an assignment belong to.

    Parameters
    ----------
    assignment
        As `course grade` reads it.
    equivalents
        The `grade_id` of the answer and the change, for each right answer of the assignment.
    """
    makers = (operators, rewrites, scribblers, by_heart, scribbling)
    parts = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in makers]
    parts.append(json.dumps(sorted(equivalents)))
    for reference in assignment.references.values():
        for cell in reference.notebook.cells:
            if cell.cell_type == "code":
                parts += [cell.source, json.dumps(cell.metadata.get("nbgrader"), sort_keys=True)]
    return digest_of_list(part.encode() for part in parts)


def as_json(digest: str, counts: Mapping[str, Counts]) -> bytes:
    """Return the content of the file with the numbers.

    Parameters
    ----------
    digest
        What :func:`fingerprint` returned for them.
    counts
        The numbers of each exercise, by the `grade_id` of its answer.
    """
    exercises = {name: asdict(each) for name, each in counts.items()}
    return (json.dumps({"fingerprint": digest, "exercises": exercises}, indent=1) + "\n").encode()


def read_numbers(root: Path, assignment: str) -> tuple[str, dict[str, Counts]] | None:
    """Read the digest and the numbers of each exercise; None if there is no such file.

    Raises
    ------
    CourseError
        If the file can't be read as such.
    """
    path = numbers_file(root, assignment)
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return str(read["fingerprint"]), {
            name: _counts(**each) for name, each in read["exercises"].items()
        }
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(
            f"{path} is damaged; run `course prove {assignment}`, which makes it anew"
        ) from None


def _counts(tests: Mapping[str, Mapping[str, Any]], **numbers: int) -> Counts:
    return Counts(tests={name: TestCounts(**each) for name, each in tests.items()}, **numbers)
