"""People, as the lists of learning platforms describe them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.classroom.sheet import Sheet, read_sheet
from helpers.grading.formulas import restore

__all__ = [
    *("Person", "comparable", "differ", "identifier", "is_worksheet", "people_of", "plain_name"),
    *("plain_words", "read_people", "safe_folder", "split_name"),
]

# The titles of columns in the exports of Moodle, Canvas, Blackboard, Brightspace and Gradescope;
# Moodle's are in the language of the site.
_TITLES: Mapping[str, tuple[str, ...]] = {
    "folder": ("folder",),
    "name": (
        *("full name", "name", "student", "student name", "vollständiger name", "nom complet"),
        *("nombre completo", "nome completo"),
    ),
    "first_name": ("first_name", "first name", "given name", "vorname", "prénom", "nombre"),
    "last_name": (
        *("last_name", "last name", "surname", "family name", "nachname", "nom", "nom de famille"),
        *("apellido(s)", "apellidos", "cognome"),
    ),
    "email": (
        *("email", "email address", "e-mail", "e-mail address", "e-mail-adresse", "mail"),
        *("adresse de courriel", "dirección de correo", "indirizzo email"),
    ),
    "username": (
        *("username", "user name", "sis login id", "login id", "anmeldename", "benutzername"),
        *("nom d'utilisateur", "nombre de usuario"),
    ),
    "number": (
        *("number", "id number", "sis user id", "orgdefinedid", "sid", "student id", "id-nummer"),
        *("matriculation number", "matrikelnummer", "numéro d'identification", "número de id"),
    ),
    "platform_id": ("platform_id", "id"),
    "team": ("team", "group", "groups", "gruppe", "gruppen", "groupe", "groupes", "grupo"),
}
# Canvas puts these among the students.
_NO_PEOPLE = ("points possible", "student, test", "test student")
_LONGEST = 60
_IDENTIFIER = re.compile(r"\D+?\s*(\d+)")
# Moodle leaves these out of the names in its archives, but not out of its lists. The last one is
# how some people write an apostrophe.
_LEFT_OUT = re.compile(r"""[&<>"`|':\\/\u2019]""")


@dataclass(frozen=True)
class Person:
    """Somebody in the course; what is unknown is empty.

    Parameters
    ----------
    folder
        The name of the folder in submitted/, which is nbgrader's id of the student.
    last_name, first_name, email
        For people.
    username
        The name to log in with.
    number
        The student's number, as the platform writes it.
    platform_id
        The platform's own id, the same in all assignments (not Moodle's `Participant 123`).
    team
        The names of the person's groups, with `;` between them.
    """

    folder: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    username: str = ""
    number: str = ""
    platform_id: str = ""
    team: str = ""

    @property
    def name(self) -> str:
        """First and last name, or the folder if there is no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.folder

    @property
    def ids(self) -> frozenset[str]:
        """Everything that stands for this person alone, to be compared.

        The platform's own id is marked as one: the same number may be somebody else's in another
        list.
        """
        ids = [self.email, self.username, self.number]
        if self.platform_id:
            ids.append(f"platform_id {self.platform_id.strip().lstrip('#')}")
        return frozenset(comparable(text) for text in ids if text)

    @property
    def teams(self) -> frozenset[str]:
        """The names of the person's groups, to be compared."""
        return frozenset(plain_name(name) for name in self.team.split(";") if name.strip())


def read_people(path: Path) -> list[Person]:
    """Read people from `roster.csv` or from a list that a platform exports.

    Raises
    ------
    CourseError
        If there is no column with names or ids.
    """
    return [person for person in people_of(read_sheet(path)) if person is not None]


def people_of(sheet: Sheet) -> list[Person | None]:
    """Return the person in each row of a list; None for a row without one.

    Raises
    ------
    CourseError
        If there is no column with names or ids.
    """
    columns = {field: sheet.column(*titles) for field, titles in _TITLES.items()}
    if is_worksheet(sheet):
        # Moodle numbers people anew in each assignment, and may hide their names.
        columns["platform_id"] = None
    elif not any(columns[one] is not None for one in ("folder", "name", "last_name", "username")):
        sheet.require("names", *_TITLES["name"])
    return [_person(row, columns) for row in sheet.rows]


def is_worksheet(sheet: Sheet) -> bool:
    """Tell Moodle's grading worksheets, in any language, by the first column: `Participant 1`."""
    return bool(sheet.rows) and all(identifier(row[0]) for row in sheet.rows)


def identifier(cell: str) -> str:
    """Return the number in `Participant 123`; empty for anything else."""
    match = _IDENTIFIER.fullmatch(cell.strip())
    return match[1] if match else ""


def _person(row: tuple[str, ...], columns: Mapping[str, int | None]) -> Person | None:
    cells = {field: "" if place is None else _clean(row[place]) for field, place in columns.items()}
    name = cells.pop("name")
    if name.casefold() in _NO_PEOPLE or not any([name, *cells.values()]):
        return None
    if name and not (cells["first_name"] or cells["last_name"]):
        cells["first_name"], cells["last_name"] = split_name(name)
    return Person(**cells)


def _clean(text: str) -> str:
    """Leave out what would move a terminal's cursor, or turn the direction of its text."""
    return "".join(letter for letter in " ".join(restore(text).split()) if letter.isprintable())


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name of a full name, which may be written `Last, First`."""
    name = _clean(name)
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def plain_name(name: str) -> str:
    """Return a name to compare with others.

    `Lovelace, Ada` is `Ada Lovelace`, and `Sean O'Brien` is `Sean OBrien`.
    """
    return " ".join(plain_words(_LEFT_OUT.sub("", name)))


def plain_words(text: str) -> list[str]:
    """Return the words of a text in small letters, sorted, without what stands between them."""
    return sorted(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def safe_folder(text: str) -> str:
    """Return a folder's name for a text: small letters of all scripts, digits, `-`, `_`, `.`."""
    text = unicodedata.normalize("NFC", text).casefold()
    # é becomes e; letters that are no Latin ones stay as they are.
    spread = unicodedata.normalize("NFKD", text)
    latin = "".join(letter for letter in spread if not unicodedata.combining(letter))
    text = latin if latin.isascii() else text
    text = re.sub(r"[^\w.]+", "-", text).strip("-._")[:_LONGEST].rstrip("-._")
    return text or "unknown"


def comparable(text: str) -> str:
    """Return an id to compare with others: Brightspace puts a `#` before it."""
    return unicodedata.normalize("NFKC", text).strip().lstrip("#").casefold()


def differ(one: Person, other: Person) -> bool:
    """Tell whether two people of one name have different ids."""
    pairs = (
        (one.email, other.email),
        (one.username, other.username),
        (one.number, other.number),
        (one.platform_id, other.platform_id),
    )
    return any(a and b and comparable(a) != comparable(b) for a, b in pairs)
