"""The graded parts of an assignment's notebook, named as in its headings, and points so far."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

__all__ = ["Exercise", "Part", "Points", "read_number", "read_parts", "saved_points"]

_HIDDEN = "When your work is graded, hidden tests check the same behaviour with other numbers."
_NO_CHECKS = "There are no checks here: points are counted where the assignment's notebook lies."
# "## Exercise 3: max pooling (3 points)", without the points, which are counted.
_POINTS = r"(?: \([\d.]+ points?\b[^()]*\))?"
_EXERCISE = re.compile(rf"^## (Exercise .+?){_POINTS}$", re.MULTILINE)
_HEADING = re.compile(rf"^#+ (.+?){_POINTS}$", re.MULTILINE)
_NUMPY_SCALAR = re.compile(r"(?:np|numpy)\.(?:u?int|float|longdouble)\w*\('?([^()']+)'?\)")
_CHECK = re.compile(r"^\*\*(Check .*?)\*\*", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """What a notebook gives points for.

    Attributes
    ----------
    identity
        The cell's `grade_id`.
    name
        What students know it by, such as "Check 2.1".
    exercise
        The heading it stands under, such as "Exercise 2: train it".
    points
        The most points.
    tested
        Whether a test gives the points; otherwise a person does.
    source
        The cell's text.
    """

    identity: str
    name: str
    exercise: str
    points: float
    tested: bool
    source: str

    @property
    def worth(self) -> str:
        """The points in words, such as "1 point" or "2.5 points"."""
        return f"{self.points:g} point{'s' * (self.points != 1)}"


def read_parts(notebook: Mapping[str, Any]) -> list[Part]:
    """Find the graded cells of a notebook.

    Parameters
    ----------
    notebook
        In nbformat 4, as JSON gives it or nbformat reads it.

    Returns
    -------
    list of Part
        In the notebook's order. A check without a name of its own is named by its `grade_id`; what
        stands above the first exercise's heading is under "Exercises". In a notebook where no
        heading begins with "Exercise", each heading is that of an exercise.
    """
    parts: list[Part] = []
    exercise, name = "Exercises", None
    prose = ["".join(cell["source"]) for cell in notebook["cells"] if _is_prose(cell)]
    headings = _EXERCISE if any(map(_EXERCISE.search, prose)) else _HEADING
    seen: set[str] = set()
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if _is_graded(cell):
            mark = cell["metadata"]["nbgrader"]
            tested = cell["cell_type"] == "code" and not mark.get("solution")
            identity = str(mark.get("grade_id", ""))
            # A copy that a student made gives no points.
            if identity in seen:
                continue
            seen.add(identity)
            points = float(mark.get("points") or 0)
            shown = name if tested else None
            parts.append(Part(identity, shown or identity, exercise, points, tested, source))
            name = None
        elif _is_prose(cell):
            for heading in headings.findall(source):
                exercise, name = heading, None
            for check in _CHECK.findall(source):
                name = check
    return parts


def _is_graded(cell: Mapping[str, Any]) -> bool:
    mark = cell["metadata"].get("nbgrader")
    return isinstance(mark, Mapping) and bool(mark.get("grade") or mark.get("task"))


def _is_prose(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "markdown" and not _is_graded(cell)


class Exercise(NamedTuple):
    """The points of one exercise.

    Attributes
    ----------
    title
        Its heading, without the points.
    passed, checks
        The points that its checks gave, and the most that they give.
    written
        The points that a person gives.
    failed, waiting
        The names of checks that did not give all their points, and of those that have not run.
    """

    title: str
    passed: float
    checks: float
    written: float
    failed: list[str]
    waiting: list[str]


@dataclass(frozen=True)
class Points:
    """The points of a notebook so far; Jupyter shows them as a table.

    Attributes
    ----------
    parts
        What there are points for.
    given
        For each test that has run, by its `grade_id`, the points that it gave.
    """

    parts: tuple[Part, ...]
    given: Mapping[str, float]

    def exercises(self) -> list[Exercise]:
        """Add the points up by exercise, in the order of the notebook."""
        return [
            self._exercise(title, list(parts))
            for title, parts in groupby(self.parts, key=lambda part: part.exercise)
        ]

    def _exercise(self, title: str, parts: list[Part]) -> Exercise:
        tests = [part for part in parts if part.tested]
        run = [part for part in tests if part.identity in self.given]
        return Exercise(
            title,
            self._sum(tests),
            _most(tests),
            _most(part for part in parts if not part.tested),
            [part.name for part in run if self.given[part.identity] < part.points],
            [part.name for part in tests if part not in run],
        )

    def summary(self) -> str:
        """Return the sum in a sentence or two."""
        tests = [part for part in self.parts if part.tested]
        written = _most(part for part in self.parts if not part.tested)
        if not tests:
            return _NO_CHECKS
        more = f"; a person gives up to {written:g} more" if written else ""
        return f"{self._sum(tests):g} of {_most(tests):g} points so far{more}. {_HIDDEN}"

    def _sum(self, tests: Iterable[Part]) -> float:
        return sum(self.given.get(test.identity, 0) for test in tests)

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for exercise in self.exercises():
            points = [f"{exercise.passed:g} of {exercise.checks:g}"] if exercise.checks else []
            points += [f"a person gives up to {exercise.written:g}"] if exercise.written else []
            to_do = [f"not yet: {', '.join(exercise.failed)}"] if exercise.failed else []
            to_do += [f"not run: {', '.join(exercise.waiting)}"] if exercise.waiting else []
            rows.append((exercise.title, "; ".join(points), "; ".join(to_do)))
        return rows

    def __repr__(self) -> str:
        lines = [f"{title}: {points}  {to_do}".rstrip() for title, points, to_do in self._rows()]
        return "\n".join([*lines, self.summary()])

    def _repr_html_(self) -> str:
        cells = "".join(
            "<tr>"
            + "".join(f'<td style="text-align: left">{html.escape(text)}</td>' for text in row)
            + "</tr>"
            for row in self._rows()
        )
        heading = "".join(
            f'<th scope="col" style="text-align: left">{name}</th>'
            for name in ("exercise", "points", "still to do")
        )
        table = f"<table><thead><tr>{heading}</tr></thead><tbody>{cells}</tbody></table>"
        return f"{table if cells else ''}<p>{html.escape(self.summary())}</p>"


def saved_points(notebook: Mapping[str, Any]) -> Points:
    """Return the points that the checks gave when they last ran, by their saved outputs.

    Parameters
    ----------
    notebook
        In nbformat 4. Hidden tests aren't in the notebook of a student, so they do not count.
    """
    parts = read_parts(notebook)
    has_run = {
        str(cell["metadata"]["nbgrader"].get("grade_id", "")): _has_error(cell)
        for cell in notebook["cells"]
        if isinstance(cell["metadata"].get("nbgrader"), Mapping) and cell.get("execution_count")
    }
    given = {
        part.identity: 0.0 if has_run[part.identity] else part.points
        for part in parts
        if part.tested and part.identity in has_run
    }
    return Points(tuple(parts), given)


def read_number(text: str) -> float | None:
    """Return the number that Jupyter shows as this text, or None if it is no number.

    Parameters
    ----------
    text
        Such as "0.5", "nan" or "np.float64(0.5)".
    """
    scalar = _NUMPY_SCALAR.fullmatch(text)
    try:
        return float(scalar[1] if scalar else text)
    except ValueError:
        return None


def _has_error(cell: Mapping[str, Any]) -> bool:
    return any(output["output_type"] == "error" for output in cell["outputs"])


def _most(parts: Iterable[Part]) -> float:
    return sum(part.points for part in parts)
