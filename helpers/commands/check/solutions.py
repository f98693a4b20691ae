"""Grading the solutions of notebooks that have run, on systems where that can be done."""

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.grading.system import CannotGrade, require_linux

if TYPE_CHECKING:
    from helpers.grading.solutions import Graded, SolutionGrader

__all__ = ["Solutions"]


class Solutions:
    """Grades solutions where that can be done, and says once if it can't; a context manager.

    Parameters
    ----------
    root
        The course.
    timeout
        How many seconds a cell may take.

    Attributes
    ----------
    graded
        What came of each, by its name.
    """

    def __init__(self, root: Path, timeout: int) -> None:
        self._root, self._timeout = root, timeout
        self._grader: SolutionGrader | None = None
        self._given_up = False
        self._lock = threading.Lock()
        self.graded: dict[str, Graded] = {}

    def __enter__(self) -> "Solutions":
        return self

    def __exit__(self, *_: object) -> None:
        if self._grader is not None:
            self._grader.close()

    def grade(self, name: str) -> list[str]:
        """Grade the solutions of an assignment; return what is wrong with its tests."""
        grader = self._open()
        if grader is None:
            return []
        print(f"{name}: grading its solutions …", file=sys.stderr, flush=True)
        self.graded[name] = grader.grade(name)
        return self.graded[name].problems

    def _open(self) -> "SolutionGrader | None":
        with self._lock:
            if self._grader is None and not self._given_up:
                try:
                    require_linux()
                except CannotGrade as error:
                    self._given_up = True
                    print(f"The solutions are not graded: {error}", file=sys.stderr)
                    return None
                # Only here: it imports all that grading needs.
                from helpers.grading.solutions import SolutionGrader

                self._grader = SolutionGrader(self._root, self._timeout)
            return self._grader
