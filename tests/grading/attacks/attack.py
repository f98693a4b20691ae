"""What an attack is: a submission, the grade that it must get, and what is to be said of it."""

import json
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders import Notebook, code_cell
from tests.grading.attacks.assignment import NAME, NOTHING, WRONG
from tests.grading.builders import cell

__all__ = ["Attack"]


@dataclass(frozen=True)
class Attack:
    """A hostile or broken submission; in all code, ``$course`` and the like are filled in.

    Parameters
    ----------
    name
        The name of the student.
    code
        A cell of the student's own.
    after
        The ``grade_id`` that the cell comes after.
    answers
        Code for the exercises.
    change
        Changes the notebook.
    content
        Makes the bytes of the file from the notebook.
    files
        Other files in the folder of the submission.
    arrange
        Changes the folder, in the end.
    points
        What every test must get; None where a person has to decide about it.
    said
        Part of a line about an incident, a repair, or why a person is needed.
    ungraded
        Whether a person has to grade all of it.
    """

    name: str
    code: str = ""
    after: str = "setup"
    answers: Mapping[str, str] = field(default_factory=lambda: WRONG)
    change: Callable[[Notebook], object] | None = None
    content: Callable[[Notebook], bytes] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    arrange: Callable[[Path], object] | None = None
    points: Mapping[str, float | None] = field(default_factory=lambda: NOTHING)
    said: str = ""
    ungraded: bool = False

    def submit(self, folder: Path, release: Notebook, places: Mapping[str, str]) -> None:
        """Hand it in.

        Parameters
        ----------
        folder
            To make: ``submitted/STUDENT/ASSIGNMENT``.
        release
            The notebook that students are given; changed in place.
        places
            What stands for ``$course`` and the like.
        """
        for name, answer in self.answers.items():
            cell(release, name)["source"] = _fill(answer, places)
        cell(release, "why")["source"] = f"Because I say so. {places['essay']}"
        if self.code:
            where = release["cells"].index(cell(release, self.after))
            release["cells"].insert(where + 1, code_cell(_fill(self.code, places), "own"))
        if self.change is not None:
            self.change(release)
        folder.mkdir(parents=True)
        content = json.dumps(release).encode() if self.content is None else self.content(release)
        (folder / f"{NAME}.ipynb").write_bytes(content)
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_fill(text, places))
        if self.arrange is not None:
            self.arrange(folder)


def _fill(code: str, places: Mapping[str, str]) -> str:
    return string.Template(code).safe_substitute(places)
