"""Changes of solutions that a person has looked at, and that are right answers still.

They stand in `tests/proof/ASSIGNMENT.toml`, one table each:

    [[equivalent]]
    exercise = "convolve"
    change = '''
    -    rows = range(0, height)
    +    rows = range(height)'''
    reason = "The same numbers."
"""

import tomllib
from collections.abc import Collection
from pathlib import Path

from helpers.errors import CourseError

__all__ = ["FOLDER", "equivalents_file", "read_equivalents", "shown"]

FOLDER = Path("tests", "proof")
"""Where the files on proofs lie, in the course."""

_KEYS = {"exercise", "change", "reason"}


def equivalents_file(root: Path, assignment: str) -> Path:
    """Return where the right answers of an assignment are listed."""
    return root / FOLDER / f"{assignment}.toml"


def read_equivalents(
    root: Path, assignment: str, answers: Collection[str]
) -> dict[tuple[str, str], str]:
    """Read why changes are right answers.

    Parameters
    ----------
    root
        The course.
    assignment
        The name of the assignment.
    answers
        The `grade_id` of each of its answers.

    Returns
    -------
    dict of str
        The reasons, by the answer's `grade_id` and the change; nothing if there is no such file.

    Raises
    ------
    CourseError
        If the file can't be read as such, or is about an answer that is not there.
    """
    path = equivalents_file(root, assignment)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} can't be read: {error}") from None
    if not isinstance(tables, list):
        raise CourseError(
            f"{path}: equivalent is {tables!r}; write a table [[equivalent]] for each"
        )
    for number, table in enumerate(tables, 1):
        if not _is_equivalent(table):
            raise CourseError(
                f"{path}: equivalent {number} needs exercise, change and reason, each a text, "
                "and the reason filled in"
            )
        if table["exercise"] not in answers:
            raise CourseError(
                f"{path}: equivalent {number} is about {table['exercise']}, which is no answer of "
                f"{assignment}; there are {', '.join(sorted(answers))}"
            )
    return {(table["exercise"], table["change"]): table["reason"] for table in tables}


def _is_equivalent(table: object) -> bool:
    return (
        isinstance(table, dict)
        and table.keys() == _KEYS
        and all(isinstance(text, str) for text in table.values())
        # The command shows them with an empty one, to be filled in.
        and bool(table["reason"].strip())
    )


def shown(exercise: str, change: str) -> str:
    """Write a change as it stands in the file, with a reason to be filled in."""
    return f"[[equivalent]]\nexercise = \"{exercise}\"\nchange = '''\n{change}'''\nreason = \"\""
