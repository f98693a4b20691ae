"""The people of a course, in `roster.csv` beside its notebooks.

A person's folder in submitted/ is given once and never changes; names, e-mails and ids are taken
from what the platform exports.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from helpers.classroom.people import (
    Person,
    comparable,
    differ,
    plain_name,
    read_people,
    safe_folder,
)
from helpers.errors import CourseError
from helpers.grading.formulas import disarm
from helpers.grading.submission.wording import printable

__all__ = ["FILE", "Roster", "free_folder", "is_folder", "read_roster", "updated"]

FILE = "roster.csv"

# As nbgrader and file systems want it; not only what `free_folder` makes.
_FOLDER = re.compile(r"(?![.\s])[^/\\*?\[\]\x00-\x1f\x7f]{1,200}(?<!\s)")


@dataclass(frozen=True)
class Roster:
    """The people, by their folders."""

    people: Mapping[str, Person]

    def find(self, ids: Iterable[str], name: str = "") -> list[Person]:
        """Find people by ids or, if none of these is known, by the full name.

        Returns
        -------
        list of Person
            Several, if nothing tells them apart.
        """
        wanted = {comparable(text) for text in ids if text}
        found = [person for person in self.people.values() if person.ids & wanted]
        if not found and name:
            plain = plain_name(name)
            for person in self.people.values():
                # Chinese names, for instance, are written without a space, the last name first.
                joined = person.last_name + person.first_name
                if plain and plain in map(plain_name, (person.name, joined, person.folder)):
                    found.append(person)
        return found

    def match(self, person: Person) -> list[Person]:
        """Find who this is: somebody with the same id or, without that, with the same name."""
        # One id alone may be no id at all, such as "N/A", or another kind of number.
        found = self.find((*person.ids, person.folder))
        known = [other for other in found if not differ(other, person)]
        return known or [other for other in self.find((), person.name) if not differ(other, person)]

    def team(self, name: str) -> list[Person]:
        """List the members of a team."""
        plain = plain_name(name)
        return [person for person in self.people.values() if plain in person.teams]

    def merged(self, people: Iterable[Person]) -> tuple["Roster", list[str]]:
        """Add people, and what is new about those who are known.

        Returns
        -------
        Roster
            The new one.
        list of str
            What is doubtful, a line each.
        """
        known, problems = dict(self.people), []
        for person in people:
            found = Roster(known).match(person)
            if len(found) > 1:
                folders = ", ".join(other.folder for other in found)
                problems.append(
                    f"{person.name} could be any of {folders}; correct {FILE}, where two people "
                    "have the same id or name"
                )
                continue
            if found:
                old = found[0]
                known[old.folder] = updated(old, person)
            else:
                new = replace(person, folder=free_folder(person, known))
                known[new.folder] = new
        return Roster(known), problems

    def without(self, folders: Collection[str]) -> "Roster":
        """Return the roster without some people, whether they are in it or not."""
        people = self.people.items()
        return Roster({folder: one for folder, one in people if folder not in folders})

    def content(self) -> bytes:
        """Return the bytes of `roster.csv`; spreadsheets read its umlauts."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, [field.name for field in fields(Person)])
        writer.writeheader()
        for person in sorted(self.people.values(), key=lambda person: person.folder):
            writer.writerow({key: disarm(value) for key, value in asdict(person).items()})
        return text.getvalue().encode("utf-8-sig")


def read_roster(root: Path) -> Roster:
    """Read the roster of a course; an empty one if there is none yet.

    Raises
    ------
    CourseError
        If it can't be read, or if two people have one folder or one id.
    """
    path = root / FILE
    if not path.exists():
        return Roster({})
    people = read_people(path)
    known: dict[str, Person] = {}
    owners: dict[str, str] = {}
    for person in people:
        folder = person.folder or free_folder(person, known)
        if folder in known or not is_folder(folder):
            problem = "is there twice" if folder in known else "can't be a folder's name"
            raise CourseError(f"{path}: the folder {printable(folder)!r} {problem}; correct it")
        for one in person.ids:
            if owners.setdefault(one, folder) != folder:
                raise CourseError(
                    f"{path}: {owners[one]} and {folder} have the same id {printable(one)!r}; "
                    "correct it"
                )
        known[folder] = replace(person, folder=folder)
    return Roster(known)


def is_folder(name: str) -> bool:
    """Tell whether a person's folder can be called so: not outside submitted/, for instance."""
    return _FOLDER.fullmatch(name) is not None


def updated(old: Person, new: Person) -> Person:
    """Return somebody with what a newer list says; the folder stays."""
    news = {key: value for key, value in asdict(new).items() if value}
    if old.first_name and not new.first_name:
        # A full name of one word says less than the two names that are known.
        news.pop("last_name", None)
    return replace(old, **{**news, "folder": old.folder})


def free_folder(person: Person, taken: Collection[str]) -> str:
    """Make a name for a person's folder that is nobody else's.

    Parameters
    ----------
    person
        Who.
    taken
        The names of other folders.
    """
    ids = [one for one in (person.username, person.number, person.platform_id, person.email) if one]
    name = f"{person.first_name} {person.last_name}".strip()
    start = safe_folder(person.folder or name or next(iter(ids), ""))
    candidates = [start, *(safe_folder(f"{start}-{one}") for one in ids[:1])]
    candidates += [f"{start}-{number}" for number in range(2, 10_000)]
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    raise CourseError(f"more than 10,000 people are called {person.name}; give them user names")
