"""Due dates, extensions and penalties, in `policy.toml` beside the roster.

They are applied when marks leave the course, so a changed date counts at once::

    timezone = "Europe/Berlin"              # of the platform's times; UTC if unset

    [assignments.convolution]
    due = 2027-01-15T23:59:00
    late = "10 % a day, at most 50 %"       # of the points earned; or nbgrader's "module.Plugin"
    points = 10                             # marks leave with this maximum
    extensions = {ada-lovelace = 2027-01-22T23:59:00}

    [total]
    best = 4                                # of all assignments, by their shares of the points
"""

import math
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from traitlets.utils.importstring import import_item

from helpers.classroom.roster import FILE as ROSTER
from helpers.errors import CourseError
from helpers.grading.submission.wording import printable

__all__ = ["FILE", "AssignmentPolicy", "Policy", "read_policy"]

FILE = "policy.toml"

_SECONDS = {"hour": 3600, "day": 86_400, "week": 604_800}
_LATE = re.compile(
    r"(?P<much>\d+(\.\d+)?) ?(?P<of>%|points?) (a|an|per) (?P<each>hour|day|week)"
    r"(, at most (?P<most>\d+(\.\d+)?) ?%)?(, after (?P<grace>\d+) minutes?)?"
)
_PLUGIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_FORMS = (
    '"10 % a day, at most 50 %", "2 points an hour, after 30 minutes", "nothing counts" or a '
    'plugin of nbgrader\'s, "module.Class"'
)

_QUOTED = (
    "folders with other characters than a to z, 0 to 9, - and _ stand in quotation marks, such as "
    '"zoë" = 2027-01-22'
)

Penalty = Callable[[str, float, float], float]
"""From the student's id, the points and the seconds late to the points lost."""


@dataclass(frozen=True)
class AssignmentPolicy:
    """What holds for one assignment.

    Parameters
    ----------
    due
        When it was to be handed in, with a time zone; None if that is open.
    extensions
        Other dates for some people, by their folders.
    penalty
        The points that lateness costs; None for none.
    rule
        The same in words, for students; empty if a plugin decides.
    points
        The maximum with which marks leave the course; None for the assignment's own.
    """

    due: datetime | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    penalty: Penalty | None = None
    rule: str = ""
    points: float | None = None

    def due_for(self, folder: str) -> datetime | None:
        """Return when somebody had to hand in."""
        return self.extensions.get(folder, self.due)

    def seconds_late(self, folder: str, submitted: datetime | None) -> float:
        """Return how late somebody was; 0 if that is not known."""
        due = self.due_for(folder)
        if due is None or submitted is None:
            return 0.0
        return max(0.0, (submitted - due).total_seconds())

    def points_lost(self, folder: str, points: float, submitted: datetime | None) -> float:
        """Return the points that lateness costs somebody, from 0 to all points."""
        seconds = self.seconds_late(folder, submitted)
        if self.penalty is None or not seconds:
            return 0.0
        return min(points, max(0.0, self.penalty(folder, points, seconds)))


@dataclass(frozen=True)
class Policy:
    """What holds for the course.

    Parameters
    ----------
    zone
        The time zone of times that come without one.
    assignments
        By their names; those that are not in it have no due date.
    best
        How many assignments count for the total; None for all.
    """

    zone: tzinfo = UTC
    assignments: Mapping[str, AssignmentPolicy] = field(default_factory=dict)
    best: int | None = None

    def of(self, assignment: str) -> AssignmentPolicy:
        """Return what holds for an assignment."""
        return self.assignments.get(assignment, AssignmentPolicy())

    def utc(self, moment: datetime) -> datetime:
        """Return a time of the platform's in UTC."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def strangers(self, assignment: str, people: Collection[str]) -> list[str]:
        """List the extensions for nobody in the course, whose names may be misspelt, a line each.

        Parameters
        ----------
        assignment
            Whose extensions.
        people
            The folders of everybody.
        """
        lines = []
        for folder in sorted(set(self.of(assignment).extensions) - set(people)):
            near = get_close_matches(folder, people, 1)
            hint = f"did you mean {near[0]}?" if near else f"{ROSTER} has everybody's folder"
            lines.append(
                f"{FILE}: the extension for {printable(folder)} in {assignment} is nobody's; {hint}"
            )
        return lines

    def total(self, shares: Mapping[str, float]) -> float | None:
        """Return the mean share of the best assignments.

        Parameters
        ----------
        shares
            By assignment, the share of its points that somebody has.

        Returns
        -------
        float or None
            From 0 to 1; None if there are no assignments.
        """
        best = sorted(shares.values(), reverse=True)[: self.best]
        return sum(best) / len(best) if best else None


def read_policy(root: Path, assignments: list[str]) -> Policy:
    """Read `policy.toml`; without it nothing is late and no mark is changed.

    Raises
    ------
    CourseError
        If it has something that can't be: a word misspelt, no date, another assignment.
    """
    path = root / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Policy()
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{path} is no TOML ({error}); correct it ({_QUOTED})") from error
    _only(path, "the file", content, {"timezone", "assignments", "total"})
    zone = _zone(path, content.get("timezone", "UTC"))
    tables = _table(path, "assignments", content.get("assignments", {}))
    _only(path, "[assignments]", tables, set(assignments))
    total = _table(path, "total", content.get("total", {}))
    _only(path, "[total]", total, {"best"})
    best = total.get("best")
    if best is not None and (type(best) is not int or best < 1):
        raise CourseError(f"{path}: best is {best!r}; it is a number of assignments, such as 4")
    return Policy(
        zone, {name: _assignment(path, name, table, zone) for name, table in tables.items()}, best
    )


def _assignment(path: Path, name: str, table: Any, zone: tzinfo) -> AssignmentPolicy:
    table = _table(path, f"assignments.{name}", table)
    _only(path, f"[assignments.{name}]", table, {"due", "late", "points", "extensions"})
    extensions = _table(path, f"assignments.{name}.extensions", table.get("extensions", {}))
    for folder, day in extensions.items():
        if isinstance(day, dict):
            # TOML takes a name with a dot in it for a table.
            raise CourseError(
                f"{path}: the extension for {printable(folder)} in {name} is no date; {_QUOTED}"
            )
    due, points = table.get("due"), table.get("points")
    if points is not None and (not isinstance(points, int | float) or not points > 0):
        raise CourseError(f"{path}: points is {points!r}; it is a positive number")
    if "late" in table and due is None and not extensions:
        raise CourseError(f"{path}: {name} has `late`, but no `due`; say when it is due")
    return AssignmentPolicy(
        None if due is None else _moment(path, due, zone),
        {folder: _moment(path, day, zone) for folder, day in extensions.items()},
        _penalty(path, table["late"]) if "late" in table else None,
        "" if _PLUGIN.fullmatch(str(table.get("late", ""))) else str(table.get("late", "")),
        points,
    )


def _only(path: Path, where: str, table: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise CourseError(
            f"{path}: {where} can't have {', '.join(unknown)}, only {', '.join(sorted(known))}"
        )


def _table(path: Path, name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CourseError(f"{path}: {name} is {value!r}; it is a table, [{name}]")
    return value


def _zone(path: Path, name: object) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError) as error:
        raise CourseError(
            f"{path}: there is no time zone {name!r}; write one like Europe/Berlin"
        ) from error


def _moment(path: Path, value: object, zone: tzinfo) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        # A day ends with its last second.
        value = datetime.combine(value, time(23, 59, 59))
    if not isinstance(value, datetime):
        raise CourseError(
            f"{path}: {value!r} is no date; write 2027-01-15T23:59:00, without quotation marks"
        )
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _penalty(path: Path, text: object) -> Penalty:
    if text == "nothing counts":
        return lambda _student, points, _seconds: points
    match = _LATE.fullmatch(str(text))
    if match is not None:
        return _per_unit(match)
    if not _PLUGIN.fullmatch(str(text)):
        raise CourseError(f"{path}: late is {text!r}; write {_FORMS}")
    try:
        plugin = import_item(str(text))()
    except Exception as error:
        raise CourseError(
            f"{path}: the plugin {text} can't be used ({type(error).__name__}: {error})"
        ) from error
    return lambda student, points, seconds: (
        plugin.late_submission_penalty(student, points, seconds) or 0.0
    )


def _per_unit(match: re.Match[str]) -> Penalty:
    much, unit = float(match["much"]), _SECONDS[match["each"]]
    most, grace = float(match["most"] or 100) / 100, 60 * float(match["grace"] or 0)
    percent = match["of"] == "%"

    def penalty(_student: str, points: float, seconds: float) -> float:
        if seconds <= grace:
            return 0.0
        # A day that has begun counts.
        units = math.ceil((seconds - grace) / unit)
        return min(most * points, much / 100 * points * units if percent else much * units)

    return penalty
