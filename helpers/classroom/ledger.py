"""What was collected: for each assignment a file in `downloaded/`, which export and return need."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from helpers.errors import CourseError

__all__ = ["FOLDER", "HandIn", "ledger_content", "ledger_path", "read_ledger"]

FOLDER = "downloaded"
_VERSION = 1


@dataclass(frozen=True)
class HandIn:
    """What one person handed in for one assignment.

    Parameters
    ----------
    platform
        Where it comes from.
    key
        The id of the person, or of the team, as the platform writes it.
    place
        How the platform calls it, to return feedback there.
    file
        The name under which it was handed in.
    submitted
        When, in UTC and in ISO form; empty if nobody says.
    late
        Whether the platform says that it was late.
    digests
        For each notebook of the assignment, the SHA-256 of the file in submitted/.
    earlier
        The SHA-256 of files that were replaced by newer ones, or not taken since they are damaged.
    problem
        Why nothing was collected; else empty.
    """

    platform: str
    key: str
    place: str
    file: str = ""
    submitted: str = ""
    late: bool = False
    digests: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    problem: str = ""

    @property
    def when(self) -> datetime | None:
        """When it was submitted, with the time zone; None if nobody says."""
        return datetime.fromisoformat(self.submitted) if self.submitted else None


def ledger_path(root: Path, assignment: str) -> Path:
    """Return where the file of an assignment is."""
    return root / FOLDER / f"{assignment}.json"


def read_ledger(root: Path, assignment: str) -> dict[str, HandIn]:
    """Read what was collected for an assignment, by the people's folders.

    Raises
    ------
    CourseError
        If the file is damaged.
    """
    path = ledger_path(root, assignment)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != _VERSION:
            raise ValueError("of another version of this package")
        return {
            folder: HandIn(**{**row, "earlier": tuple(row["earlier"])})
            for folder, row in content["hand_ins"].items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path} is damaged ({error}); move it away and run `course collect` again"
        ) from error


def ledger_content(hand_ins: Mapping[str, HandIn]) -> bytes:
    """Return the bytes of the file for an assignment."""
    rows = {folder: asdict(hand_in) for folder, hand_in in sorted(hand_ins.items())}
    content = {"version": _VERSION, "hand_ins": rows}
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode()
