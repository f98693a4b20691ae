"""Moodle's grading worksheet: the one file that says who has which id in an assignment."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from helpers.classroom.people import Person, identifier, is_worksheet, people_of
from helpers.classroom.sheet import read_sheet
from helpers.errors import CourseError

__all__ = ["Worksheet", "read_worksheet"]

# In the languages of the columns in `helpers.classroom.people`.
_SUBMITTED = (
    *("last modified (submission)", "zuletzt geändert (abgabe)"),
    *("dernière modification (travail remis)", "última modificación (entrega)"),
    "ultima modifica (consegna)",
)
_DATE = re.compile(
    r"(?:\b(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d_]{3,})|"
    r"\b(?P<us_month>[^\W\d_]{3,}) (?P<us_day>\d{1,2}))\.?,? (?:de )?(?P<year>\d{4})"
    r"\D+(?P<hour>\d{1,2}):(?P<minute>\d\d) ?(?P<half>[AaPp][Mm])?"
)
# By the letters that months begin with in English, German, French, Spanish and Italian.
_MONTHS = {
    1: ("jan", "ene", "gen"),
    2: ("feb", "fev"),
    3: ("mar", "mrz"),
    4: ("apr", "avr", "abr"),
    5: ("may", "mai", "mag"),
    6: ("june", "juni", "juin", "giu", "jun"),
    7: ("july", "juli", "juil", "lug", "jul"),
    8: ("aug", "aou", "ago"),
    9: ("sep", "set"),
    10: ("oct", "okt", "ott"),
    11: ("nov",),
    12: ("dec", "dez", "dic"),
}


@dataclass(frozen=True)
class Worksheet:
    """What a worksheet says about people.

    Parameters
    ----------
    people
        By the number that stands in the download, too.
    submitted
        When each handed in, in the time zone of the platform, as far as that can be read.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    submitted: Mapping[str, datetime] = field(default_factory=dict)


def read_worksheet(path: Path) -> Worksheet:
    """Read a grading worksheet.

    Raises
    ------
    CourseError
        If it is none.
    """
    sheet = read_sheet(path)
    if not is_worksheet(sheet):
        raise CourseError(
            f"{path} is no grading worksheet of Moodle's: its first column does not hold "
            "`Participant 123` and the like; `course roster` reads other lists"
        )
    keys = [identifier(row[0]) for row in sheet.rows]
    column = sheet.column(*_SUBMITTED)
    moments = (
        {}
        if column is None
        else {key: _read_date(row[column]) for key, row in zip(keys, sheet.rows, strict=True)}
    )
    return Worksheet(
        {key: person for key, person in zip(keys, people_of(sheet), strict=True) if person},
        {key: moment for key, moment in moments.items() if moment is not None},
    )


def _read_date(text: str) -> datetime | None:
    match = _DATE.search(text)
    if match is None:
        return None
    word = unicodedata.normalize("NFKD", match["month"] or match["us_month"]).casefold()
    word = "".join(letter for letter in word if not unicodedata.combining(letter))
    month = next((number for number, starts in _MONTHS.items() if word.startswith(starts)), None)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    day = int(match["day"] or match["us_day"])
    try:
        return datetime(int(match["year"]), month or 0, day, hour, int(match["minute"]))
    except ValueError:
        return None
