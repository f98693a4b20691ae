"""What is wrong with a submission, before anything of it runs."""

import json
import os
import stat
import warnings
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import parse_utc

__all__ = ["LARGEST", "find_problem"]

LARGEST = 50_000_000
"""Bytes that a notebook may have; figures and outputs of the assignments need a hundredth."""

_SAVE_AGAIN = "ask the student to open it in JupyterLab, save it and submit it again"


def find_problem(folder: Path, grade_ids: Mapping[str, Set[str]]) -> str | None:
    """Say why a person has to look at a submission, if there is a reason.

    Parameters
    ----------
    folder
        The submission, `submitted/STUDENT/ASSIGNMENT`.
    grade_ids
        For each notebook of the assignment (without `.ipynb`) the ids of nbgrader's cells in it.

    Returns
    -------
    str or None
        One line that names a file and says what to do, or None for a submission to grade.
    """
    return next(_problems(folder, grade_ids), None)


def _problems(folder: Path, grade_ids: Mapping[str, Set[str]]) -> Iterator[str]:
    """Find problems lazily: each check relies on those before it."""
    try:
        yield from _irregular(folder)
        for name, ids in grade_ids.items():
            yield from _notebook_problems(folder, f"{name}.ipynb", ids)
        yield from _bad_timestamp(folder / "timestamp.txt")
    except OSError as error:
        name = os.path.basename(os.fsdecode(error.filename or folder))
        yield f"{name} can't be read ({error.strerror}); make it readable for you"


def _irregular(folder: Path) -> Iterator[str]:
    """Refuse links, which copy other students' work into this one's, pipes and devices."""
    if set(folder.parent.name) & set("*?["):
        # nbgrader takes it for a pattern, which may match other students.
        yield f"the folder {folder.parent.name} has *, ? or [ in its name; rename it without"
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        yield f"{folder.name} is not a folder of its own; replace it by the files submitted"
        return
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            name = path.relative_to(folder)
            yield f"{name} is a link or a device, not a file; replace it by the file submitted"


def _notebook_problems(folder: Path, name: str, ids: Set[str]) -> Iterator[str]:
    path = folder / name
    if not path.is_file():
        others = ", ".join(sorted(other.name for other in folder.glob("*.ipynb")))
        if others:
            yield f"{name} is missing, there is {others}; rename it if it is the right notebook"
        else:
            yield f"{name} is missing; ask the student for it"
        return
    if path.stat().st_size > LARGEST:
        size = path.stat().st_size / 1e6
        yield f"{name} has {size:.0f} MB; ask the student to clear its outputs and submit it again"
    try:
        notebook = json.loads(path.read_bytes().decode())
    except UnicodeDecodeError as error:
        yield f"{name} is not UTF-8 text (byte {error.start}); {_SAVE_AGAIN}"
    except (ValueError, RecursionError) as error:
        yield f"{name} is not JSON ({error or 'it is empty'}); {_SAVE_AGAIN}"
    else:
        yield from _content_problems(name, notebook, ids)


def _content_problems(name: str, notebook: Any, ids: Set[str]) -> Iterator[str]:
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        yield f"{name} is not a notebook of format 4; {_SAVE_AGAIN}"
        return
    if notebook.get("nbformat") != 4:
        yield f"{name} has notebook format {notebook.get('nbformat')}, not 4; {_SAVE_AGAIN}"
    for cell in notebook["cells"]:
        # Outputs are made anew, so what is wrong with them doesn't matter.
        if isinstance(cell, dict) and "outputs" in cell:
            cell["outputs"] = []
    try:
        with warnings.catch_warnings():
            # Missing and double cell ids don't matter here either.
            warnings.simplefilter("ignore")
            nbformat.validate(notebook)
    # Not only a ValidationError: nbformat itself trips over cells that are none, for example.
    except Exception as error:
        reason = str(getattr(error, "message", error)).partition("\n")[0][:80]
        yield f"{name} is not a valid notebook ({reason}); {_SAVE_AGAIN}"
        return
    if not ids & {_grade_id(cell) for cell in notebook["cells"]}:
        yield f"{name} has none of the graded cells; ask the student for the right notebook"


def _grade_id(cell: dict[str, Any]) -> str | None:
    marked = cell["metadata"].get("nbgrader")
    identity = marked.get("grade_id") if isinstance(marked, dict) else None
    return identity if isinstance(identity, str) else None


def _bad_timestamp(path: Path) -> Iterator[str]:
    if path.is_file():
        text = path.read_text(errors="replace").strip()
        try:
            parse_utc(text or None)
        except (ValueError, OverflowError):
            yield f"{path.name} holds no date but {text[:40]!r}; correct or delete it"
