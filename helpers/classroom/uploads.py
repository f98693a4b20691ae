"""Files with their owners, and how a platform's names for them are read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpers.classroom.archive import Entry

__all__ = ["Parsed", "Parser", "Upload", "by_name"]


@dataclass(frozen=True)
class Upload:
    """A file that somebody handed in.

    Parameters
    ----------
    entry
        The file; an empty folder for somebody whose folder is empty.
    key
        The id of its owner, as the platform writes it; empty if it tells none.
    name
        The full name of its owner, if the platform tells it.
    file
        The name under which it was handed in.
    place
        How the platform calls the owner's work, to return feedback there.
    when
        When it was handed in: with a time zone, or in that of the platform; None if nobody says.
    order
        A number that is larger for later uploads; 0 if there is none.
    late
        Whether the platform says that it was late.
    text
        Whether it is text, or a link, typed into the platform.
    email, number, platform_id
        Those of its owner, if the platform tells them.
    """

    entry: Entry
    key: str = ""
    name: str = ""
    file: str = ""
    place: str = ""
    when: datetime | None = None
    order: int = 0
    late: bool = False
    text: bool = False
    email: str = ""
    number: str = ""
    platform_id: str = ""


Parsed = tuple[list[Upload], list[Entry]]
"""The files with an owner, and the other ones."""

Parser = Callable[[Sequence[Entry]], Parsed]
"""Finds the owners of all files of a download, if it is of a certain platform."""


def by_name(pattern: str, make: Callable[[re.Match[str], Entry], Upload]) -> Parser:
    """Make a parser that goes by the first part of each entry's name.

    Parameters
    ----------
    pattern
        A regular expression for the whole part.
    make
        Makes the upload of a match.
    """
    expression = re.compile(pattern, re.DOTALL)

    def parse(entries: Sequence[Entry]) -> Parsed:
        uploads, rest = [], []
        for entry in entries:
            match = expression.fullmatch(entry.path[0])
            if match is None:
                rest.append(entry)
            else:
                uploads.append(make(match, entry))
        return uploads, rest

    return parse
