"""Marks in the files of learning platforms: the teacher's own export is filled in."""

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from helpers.classroom.layouts import LAYOUTS, NUMBER, Layout, find_column, require_maximum
from helpers.classroom.ledger import HandIn
from helpers.classroom.marks import Mark
from helpers.classroom.people import Person, identifier, is_worksheet, people_of, plain_name
from helpers.classroom.roster import Roster
from helpers.classroom.sheet import Sheet
from helpers.errors import CourseError

__all__ = ["Filled", "fill"]

_NO = ("no", "nein", "non", "nee")


@dataclass(frozen=True)
class Filled:
    """A platform's file with marks in it.

    Parameters
    ----------
    content
        The bytes of the file.
    count
        How many marks there are in it.
    blank
        How many people have none, by the reason.
    problems
        What the platform would skip, and who is missing, a line each.
    """

    content: bytes
    count: int
    blank: Mapping[str, int]
    problems: Sequence[str]


def fill(
    sheet: Sheet,
    platform: str,
    assignment: str,
    marks: Sequence[Mark],
    roster: Roster,
    ledger: Mapping[str, HandIn],
    title: str | None = None,
) -> Filled:
    """Put marks into a platform's own file.

    Parameters
    ----------
    sheet
        What the platform exported.
    platform
        One of `LAYOUTS`.
    assignment, marks
        Whose marks.
    roster, ledger
        Who is who.
    title
        The title of the column, if it is not the one that fits the assignment's name.

    Raises
    ------
    CourseError
        If it is not the platform's file, if no column or several fit, if the platform would make a
        new column, or if it has another maximum.
    """
    layout = LAYOUTS[platform]
    if platform == "moodle" and not is_worksheet(sheet):
        raise CourseError(
            f"{sheet.path} is no grading worksheet: its first column does not hold `Participant "
            "123` and the like; download it in Moodle with `View all submissions`, `Download "
            "grading worksheet`"
        )
    place = find_column(sheet, layout, platform, assignment, title)
    for maximum in {mark.maximum for mark in marks}:
        require_maximum(sheet, layout, platform, place, assignment, maximum)
    people = people_of(sheet)
    by_folder = {mark.person.folder: mark for mark in marks}
    whose = _moodle_owner(sheet, roster, ledger) if platform == "moodle" else _owner(roster)
    comma = _has_comma(sheet, place)
    changeable = sheet.column("grade can be changed", "bewertung kann geändert werden")
    rows, problems, done, blank, count = [], [], set[str](), Counter[str](), 0
    for number, (row, person) in enumerate(zip(sheet.rows, people, strict=True)):
        rows.append(list(row))
        if person is None and platform != "moodle":
            continue
        folder = whose(number, person or Person(""))
        mark = by_folder.get(folder)
        name = person.name if person else row[0]
        if mark is None:
            problems.append(f"{name} is in {sheet.path.name}, but not in the course")
            continue
        if folder in done:
            problems.append(
                f"{name} is in {sheet.path.name} twice, and one mark is there; the second row is "
                "left as it is"
            )
            continue
        done.add(folder)
        if mark.score is None:
            blank[mark.status] += 1
        elif changeable is not None and row[changeable].strip().casefold() in _NO:
            problems.append(f"{name}: the mark can't be changed in Moodle; left as it is")
        elif row[place].strip().upper() == "EX":
            problems.append(f"{name} is excused in Canvas; left as it is")
        elif mark.score > mark.maximum and platform == "moodle":
            problems.append(
                f"{name}: Moodle refuses {_format(mark.score, comma)}, which is more than "
                f"the maximum {_format(mark.maximum, comma)}; left as it is"
            )
        else:
            rows[-1][place] = _format(mark.score, comma)
            count += 1
    problems += [
        f"{mark.person.name} has a mark, but is not in {sheet.path.name}; whoever is there under "
        f"another folder gets it after `course roster --join {shlex.quote(folder)} FOLDER`"
        for folder, mark in by_folder.items()
        if folder not in done and mark.points is not None
    ]
    filled = _only(sheet.with_rows(rows), layout, place)
    return Filled(filled.content(quote_all=layout.quote_all), count, blank, problems)


def _owner(roster: Roster) -> Callable[[int, Person], str]:
    def whose(_number: int, person: Person) -> str:
        found = roster.match(person)
        return found[0].folder if len(found) == 1 else ""

    return whose


def _moodle_owner(
    sheet: Sheet, roster: Roster, ledger: Mapping[str, HandIn]
) -> Callable[[int, Person], str]:
    """Go by the number in the download, too, which tells people of one name apart."""
    by_key = {
        hand_in.key: folder for folder, hand_in in ledger.items() if hand_in.platform == "Moodle"
    }
    otherwise = _owner(roster)

    def whose(number: int, person: Person) -> str:
        folder = by_key.get(identifier(sheet.rows[number][0]), "")
        known = roster.people.get(folder)
        # The number may be that of a team, which means other people here.
        names = {plain_name(one.name) for one in (known, person) if one and one.name}
        return folder if folder and len(names) < 2 else otherwise(number, person)

    return whose


def _has_comma(sheet: Sheet, place: int) -> bool:
    """Tell the decimal mark by the numbers that are there."""
    texts = [cell.strip() for row in sheet.rows for cell in row[place : place + 2]]
    numbers = [text for text in texts if NUMBER.fullmatch(text)]
    if any("," in text or "." in text for text in numbers):
        return any("," in text for text in numbers)
    # With commas in numbers, programs put semicolons between fields.
    return sheet.separator == ";"


def _format(score: float, comma: bool) -> str:
    text = f"{round(score, 4):g}"
    return text.replace(".", ",") if comma else text


def _only(sheet: Sheet, layout: Layout, place: int) -> Sheet:
    """Leave out the marks of other assignments, which may be older than those on the platform."""
    if not layout.keep:
        return sheet
    kept = [
        column
        for column, title in enumerate(sheet.header)
        if column == place or title.strip().casefold() in layout.keep
    ]
    rows = tuple(tuple(row[column] for column in kept) for row in sheet.rows)
    return replace(sheet, header=tuple(sheet.header[column] for column in kept), rows=rows)
