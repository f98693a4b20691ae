"""The forms of the files that learning platforms export, and take back."""

import re
from dataclasses import dataclass

from helpers.classroom.people import plain_words
from helpers.classroom.sheet import Sheet
from helpers.errors import CourseError
from helpers.grading.submission.wording import listed, printable

__all__ = ["LAYOUTS", "NUMBER", "Layout", "find_column", "require_maximum"]

NUMBER = re.compile(r"\d+([.,]\d+)?")
"""A number as platforms write it."""


@dataclass(frozen=True)
class Layout:
    """The form of a platform's file.

    Parameters
    ----------
    grade_column
        What titles of columns with marks look like, with the groups `title` and, if the platform
        writes them, `id` and `maximum`.
    without_id
        What the platform does with a column whose title lacks the id; empty if there are no ids.
    keep
        The titles, in lower case, of the columns that go back besides; all if empty, so that
        nothing else is changed on the platform.
    quote_all
        Whether every field is quoted.
    """

    grade_column: re.Pattern[str]
    without_id: str = ""
    keep: frozenset[str] = frozenset()
    quote_all: bool = False


LAYOUTS = {
    "moodle": Layout(re.compile(r"(?P<title>grade|bewertung|note|calificación|valutazione)", re.I)),
    "canvas": Layout(
        re.compile(r"(?P<title>.+?)( \((?P<id>\d+)\))?"),
        "Canvas would make a new assignment of it",
        frozenset(
            [
                *("student", "id", "sis user id", "sis login id", "integration id"),
                *("root account", "section"),
            ]
        ),
    ),
    "blackboard": Layout(
        re.compile(
            r"(?P<title>.+?) \[Total Pts: (up to )?(?P<maximum>[\d.,]+)[^\]]*\]( \|(?P<id>\d+))?"
        ),
        "Blackboard would make a new column without points of it",
        frozenset(["last name", "first name", "username", "student id"]),
        quote_all=True,
    ),
    "brightspace": Layout(
        re.compile(r"(?P<title>.+?) Points Grade( <.*MaxPoints:(?P<maximum>[\d.,]+).*>)?"),
        keep=frozenset(
            [
                *("orgdefinedid", "username", "last name", "first name", "email"),
                "end-of-line indicator",
            ]
        ),
    ),
}
"""The platforms whose files can be filled in."""


def find_column(
    sheet: Sheet, layout: Layout, platform: str, assignment: str, title: str | None
) -> int:
    """Find the one column for the marks of an assignment.

    Parameters
    ----------
    sheet, layout, platform
        The file, and the form that it should have.
    assignment
        The name to look for.
    title
        The title of the column, if that was said.

    Raises
    ------
    CourseError
        If there is none, if there are several, or if the platform would make a new one.
    """
    matches = {
        place: match
        for place, name in enumerate(sheet.header)
        if name.strip().casefold() not in layout.keep
        and (match := layout.grade_column.fullmatch(name.strip()))
    }
    if title is not None:
        fitting = [
            place
            for place, name in enumerate(sheet.header)
            if title in (name, name.strip())
            or (place in matches and matches[place]["title"] == title)
        ]
    elif platform == "moodle":
        fitting = list(matches)
    else:
        wanted = plain_words(assignment)
        words = {place: plain_words(match["title"]) for place, match in matches.items()}
        fitting = [place for place in matches if words[place] == wanted] or [
            place for place in matches if set(wanted) <= set(words[place])
        ]
    if len(fitting) != 1:
        found = listed(sheet.header[place] for place in fitting or matches) or "none"
        count = "several columns" if fitting else "no column"
        raise CourseError(
            f"{sheet.path}: {count} can be the one for {title or assignment}; name it with "
            f'--column "TITLE". There is: {found}'
        )
    match = matches.get(fitting[0])
    if layout.without_id and (match is None or not match["id"]):
        raise CourseError(
            f"{sheet.path}: the column {printable(sheet.header[fitting[0]])} has no id in its "
            f"title, so {layout.without_id}; export it again, and leave titles as they are"
        )
    return fitting[0]


def require_maximum(
    sheet: Sheet,
    layout: Layout,
    platform: str,
    place: int,
    assignment: str,
    ours: float,
) -> None:
    """Refuse marks out of another number of points than the platform has.

    Parameters
    ----------
    sheet, layout, platform, place
        The file, its form, and the column of the marks.
    assignment, ours
        Whose marks, and their maximum.

    Raises
    ------
    CourseError
        If the file says another maximum.
    """
    if platform == "moodle":
        texts = {cell for row in sheet.rows for cell in row[place + 1 : place + 2]}
    elif platform == "canvas":
        texts = {row[place] for row in sheet.rows if row[0].strip() == "Points Possible"}
    else:
        match = layout.grade_column.fullmatch(sheet.header[place].strip())
        texts = {match["maximum"]} if match and match["maximum"] else set()
    for text in texts:
        number = text.strip()
        if not NUMBER.fullmatch(number) or float(number.replace(",", ".")) != ours:
            raise CourseError(
                f"{sheet.path}: the maximum is {printable(text)}, and {assignment} has "
                f"{ours:g}; set it to that on the platform, or "
                f"`points` for {assignment} in policy.toml to the platform's"
            )
