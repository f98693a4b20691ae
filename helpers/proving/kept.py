"""Verdicts of earlier runs that still hold: a proof goes on where it was stopped."""

import contextlib
import json
import threading
from pathlib import Path
from typing import NamedTuple

__all__ = ["Kept", "Said"]


class Said(NamedTuple):
    """What the tests said of an answer.

    Attributes
    ----------
    source
        The answer.
    lost
        The points that each test took off, by `grade_id`.
    visible
        The names of the tests that fail in front of the student, too.
    """

    source: str
    lost: dict[str, float]
    visible: list[str]


class Kept:
    """A file with a line of JSON for each verdict; safe to use from many threads.

    Parameters
    ----------
    path
        The file. It is begun anew if it is there from another grader.
    grader
        The version of the grader.
    forget
        Whether to begin anew in any case.
    """

    def __init__(self, path: Path, grader: str, *, forget: bool = False) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._said: dict[str, Said] = {}
        head = json.dumps({"grader": grader})
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if forget or lines[:1] != [head]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{head}\n", encoding="utf-8")
            return
        for line in lines[1:]:
            # The last line may have been written in part.
            with contextlib.suppress(ValueError, TypeError):
                key, *said = json.loads(line)
                self._said[key] = Said(*said)

    def find(self, key: str) -> Said | None:
        """Return the verdict with this key, or None if there is none yet.

        Parameters
        ----------
        key
            A digest of all that the verdict depends on, but for the grader.
        """
        return self._said.get(key)

    def add(self, key: str, said: Said) -> None:
        """Keep a verdict, in the file as well."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps([key, *said])}\n")
