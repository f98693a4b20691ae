"""The start page as Markdown, which JupyterLab shows in its light or dark theme."""

import datetime
import itertools
from pathlib import Path

from helpers.commands.start.overview import Assignment, Overview, read
from helpers.errors import CourseError

__all__ = ["free_name", "render"]


def free_name(folder: Path) -> str:
    """Return a name for the page that no file in a folder has."""
    names = itertools.chain(["START.md"], (f"START-{number}.md" for number in itertools.count(2)))
    return next(name for name in names if not (folder / name).exists())


def render(release: Path, machine: str) -> str:
    """Write the page anew, with the points so far.

    Parameters
    ----------
    release
        The folder with the assignments, whose notebooks are read.
    machine
        What this machine can do, in a sentence.
    """
    try:
        overview = read(release)
    except CourseError as error:
        return f"# The course\n\n{error}\n"
    parts = [
        f"# {overview.title}",
        *_assignments(overview.assignments),
        *_points(overview.assignments),
        *_instructions(release, overview),
        "## This machine",
        machine,
    ]
    return "\n\n".join(parts) + "\n"


def _assignments(assignments: list[Assignment]) -> list[str]:
    if not assignments:
        return ["There are no assignments here yet."]
    rows = [[_about(each), each.time, _so_far(each)] for each in assignments]
    table = _table(["Assignment", "Time", "Points so far"], rows)
    return ["Do the assignments in this order. A click on one opens it.", table]


def _about(assignment: Assignment) -> str:
    link = f"[**{assignment.title}**]({assignment.name}/{assignment.name}.ipynb)"
    due = f"Due {_day_and_time(assignment.due)}" if assignment.due else ""
    return "<br>".join(filter(None, [link, assignment.teaches, due]))


def _so_far(assignment: Assignment) -> str:
    exercises = assignment.exercises
    if exercises is None:
        return f"`{assignment.name}.ipynb` can't be read"
    passed = sum(each.passed for each in exercises)
    checks = sum(each.checks for each in exercises)
    written = sum(each.written for each in exercises)
    by_person = f"<br>{written:g} graded by a person" if written else ""
    return f"{passed:g} of {checks:g}{by_person}"


def _points(assignments: list[Assignment]) -> list[str]:
    """Show the exercises of what has been begun, to be unfolded."""
    parts = []
    for each in assignments:
        if each.exercises and any(exercise.passed for exercise in each.exercises):
            rows = [
                [
                    exercise.title,
                    f"{exercise.passed:g} of {exercise.checks:g}" if exercise.checks else "-",
                    f"{exercise.written:g}" if exercise.written else "-",
                ]
                for exercise in each.exercises
            ]
            table = _table(["Exercise", "Points so far", "Graded by a person"], rows)
            summary = f"<summary>{each.title}, by exercise</summary>"
            parts.append(f"<details>{summary}\n\n{table}\n\n</details>")
    note = (
        "Points so far are those of the visible checks that have passed, in your notebooks as they "
        "were last saved. When your work is graded, hidden tests are added, and a person reads "
        "your written answers. To count anew, choose *File → Reload Markdown File from Disk*."
    )
    return ["## Points so far", note, *parts]


def _instructions(release: Path, overview: Overview) -> list[str]:
    example = overview.assignments[0].name if overview.assignments else "NAME"
    return [
        "## How to work",
        "1. Read, and write code where it says `YOUR CODE HERE`. `Shift+Enter` runs a cell.\n"
        "2. Run the cells that start with *Check that …*: they say what is wrong, and where to "
        "look.\n"
        "3. At the end, press **Validate** above the notebook. It runs everything from the top, as "
        "grading does.",
        "## How to hand in",
        f"Save (`Ctrl+S`), and hand in the notebook, one file for each assignment, under the name "
        f"that it has: `{example}.ipynb` from the folder `{release / example}`. *File → Download* "
        f"gives you a copy. {overview.hand_in}".rstrip(),
        "Please do not delete or rename cells that were there. Add as many of your own as you "
        "like.",
    ]


def _day_and_time(due: datetime.date) -> str:
    day = f"{due:%A}, {due.day} {due:%B %Y}"
    return f"{day}, {due:%H:%M %Z}".rstrip() if isinstance(due, datetime.datetime) else day


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )
