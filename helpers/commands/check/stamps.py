"""What `course check` remembers of the last run of a notebook."""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import helpers

__all__ = ["OUTPUT", "Stamp", "fingerprint", "read_stamp"]

OUTPUT = Path("tests", "output", "check")
"""Where the report lies, in the course."""


@dataclass(frozen=True)
class Stamp:
    """The last run of a notebook.

    Attributes
    ----------
    fingerprint
        Of all that its results depend on; None if it failed.
    values
        Its results by name.
    seconds, slowest_cell
        How long it ran, and how long its slowest cell did, in seconds.
    sharing
        The tests that depend on what functions write on their arguments.
    """

    fingerprint: str | None
    values: dict[str, float]
    seconds: float
    slowest_cell: float
    sharing: list[str]

    def as_json(self) -> bytes:
        """Return the content of its file."""
        return json.dumps(asdict(self), indent=1).encode()


def read_stamp(root: Path, name: str) -> Stamp | None:
    """Read what is known of the last run of an assignment; None if that is missing or damaged.

    Parameters
    ----------
    root
        The course.
    name
        Of the assignment.
    """
    try:
        return Stamp(**json.loads((root / OUTPUT / f"{name}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def fingerprint(root: Path, name: str) -> str:
    """Digest all that the results of a notebook depend on: what it runs, imports and stands on.

    Parameters
    ----------
    root
        The course.
    name
        The name of the assignment.
    """
    digest = hashlib.sha256(sys.version.encode())
    for folder in (root / "source" / name, Path(helpers.__file__).parent):
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            hidden = any(part.startswith((".", "__pycache__")) for part in relative.parts)
            if path.is_file() and not hidden:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{relative.as_posix()} {content}\n".encode())
    lock = root / "requirements.lock"
    digest.update(lock.read_bytes() if lock.is_file() else b"")
    return digest.hexdigest()
