"""What there is to do: from the students' notebooks, and from the table in course.toml."""

import datetime
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from helpers.errors import CourseError
from helpers.points import Exercise, saved_points

__all__ = ["TABLE", "Assignment", "Overview", "add_assignment", "read"]

TABLE = "course.toml"

_KINDS: dict[type, str] = {
    str: "a text in quotes",
    datetime.date: "a date such as 2027-03-01 or 2027-03-01 23:59:00, without quotes",
    dict: "a table such as [assignments.NAME]",
}
_COURSE = {"title": str, "hand_in": str, "assignments": dict}
_ASSIGNMENT = {"teaches": str, "due": datetime.date}


class Assignment(NamedTuple):
    """One assignment as a student has it.

    Attributes
    ----------
    name
        Its folder, and the name of the notebook in it.
    title, time
        What the notebook's first cell says.
    teaches
        What it is about; may be empty.
    due
        A date, or a time (which is a date, too), if there is one.
    exercises
        The points so far; None if the notebook can't be read.
    """

    name: str
    title: str
    time: str
    teaches: str
    due: datetime.date | None
    exercises: list[Exercise] | None


class Overview(NamedTuple):
    """The course as a student has it.

    Attributes
    ----------
    title
        The name of the course.
    hand_in
        Where to hand in; may be empty.
    assignments
        In the order of the table, then by name.
    """

    title: str
    hand_in: str
    assignments: list[Assignment]


def read(release: Path) -> Overview:
    """Read the notebooks that are in a folder of releases, and the table there, if there is one.

    Raises
    ------
    CourseError
        If the table has something that can't be understood.
    """
    table = _read_table(release / TABLE)
    described = table.get("assignments", {})
    there = sorted(path.stem for path in release.glob("*/*.ipynb") if path.stem == path.parent.name)
    names = [name for name in described if name in there]
    names += [name for name in there if name not in described]
    return Overview(
        table.get("title", "The course"),
        table.get("hand_in", ""),
        [_assignment(release, name, described.get(name, {})) for name in names],
    )


def add_assignment(release: Path, name: str) -> dict[Path, bytes]:
    """Put an assignment last on the start page.

    Parameters
    ----------
    release
        The folder of releases.
    name
        The assignment, such as ``first-steps``.

    Returns
    -------
    dict of Path to bytes
        What to write into which file. Nothing, if there is no table or the assignment is in it.

    Raises
    ------
    CourseError
        If the table can't be understood.
    """
    path = release / TABLE
    if not path.is_file() or name in _read_table(path).get("assignments", {}):
        return {}
    text = path.read_text(encoding="utf-8").rstrip("\n")
    return {path: f'{text}\n\n[assignments.{name}]\nteaches = ""\n'.encode()}


def _assignment(release: Path, name: str, described: Mapping[str, Any]) -> Assignment:
    teaches, due = described.get("teaches", ""), described.get("due")
    try:
        notebook = json.loads((release / name / f"{name}.ipynb").read_text(encoding="utf-8"))
        first = "".join(notebook["cells"][0]["source"])
        points = saved_points(notebook).exercises()
    except Exception:
        # Anything may stand in a file of a student's; JupyterLab says more when it is opened.
        return Assignment(name, name, "", teaches, due, None)
    return Assignment(
        name,
        _found(r"^# (.+)$", first) or name,
        _found(r"\*\*Time:\*\* ([^.]+)", first),
        teaches,
        due,
        points,
    )


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1].strip() if match else ""


def _read_table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CourseError(f"{path} can't be read: {error}; correct it") from None
    described = table.get("assignments", {})
    _demand(path, table, _COURSE)
    _demand(path, described, dict.fromkeys(described, dict), "assignments.")
    for name in described:
        _demand(path, described[name], _ASSIGNMENT, f"assignments.{name}.")
    return table


def _demand(
    path: Path, table: Mapping[str, Any], kinds: Mapping[str, type], place: str = ""
) -> None:
    """Refuse a key that does not exist, or whose value is of another kind."""
    for key, value in table.items():
        if key not in kinds:
            raise CourseError(f"{path} has {place}{key}; the keys there are {', '.join(kinds)}")
        if not isinstance(value, kinds[key]):
            raise CourseError(f"{path}: {place}{key} is {value!r}; it must be {_KINDS[kinds[key]]}")
