"""Whose work each file of a download is: the forms of the learning platforms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from helpers.classroom.archive import Entry, Unreadable
from helpers.classroom.uploads import Parsed, Parser, Upload, by_name

__all__ = ["PLAIN", "recognise"]

PLAIN = "plain files"


def recognise(entries: Sequence[Entry]) -> tuple[str, list[Upload], list[Entry]]:
    """Find the platform that a download comes from, and the owners of its files.

    Parameters
    ----------
    entries
        From `open_download`.

    Returns
    -------
    platform
        Its name, or `PLAIN`.
    uploads
        The files with their owners.
    rest
        The entries that belong to nobody.
    """
    entries = list(entries)
    inner = entries
    while True:
        for platform, parse in _PARSERS.items():
            uploads, rest = parse(inner)
            if len(uploads) > len(rest):
                return platform, uploads, rest
        unwrapped = _unwrapped(inner)
        if unwrapped is None:
            break
        inner = unwrapped
    return PLAIN, *_plain(entries)


def _unwrapped(entries: list[Entry]) -> list[Entry] | None:
    """Take off the one folder that everything is in, as programs put there that pack again."""
    tops = {entry.path[0] for entry in entries}
    if len(tops) != 1 or any(len(entry.path) < 2 for entry in entries):
        return None
    return [replace(entry, path=entry.path[1:]) for entry in entries]


_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)(?P<part>\.\d{1,6})?\d*"
    r" ?(?P<zone>Z|[+-]\d\d:?\d\d)?"
)


def _moment(text: str) -> datetime | None:
    """Read a date and time; None if there is no such day."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    part = match["part"] or "."
    try:
        return datetime.fromisoformat(
            f"{match['date']}T{match['time']}{part:0<7}{match['zone'] or ''}"
        )
    except ValueError:
        return None


def _moodle(match: re.Match[str], entry: Entry) -> Upload:
    name, key = match["name"], match["key"]
    return Upload(
        entry,
        key,
        # In blind marking the word before the number is no name.
        f"{name} {key}" if name.startswith("Participant") and " " not in name else name,
        match["file"] or "/".join(entry.path[1:]),
        place=f"{name}_{key}_assignsubmission_file",
        text=match["plugin"] == "onlinetext",
    )


def _canvas(match: re.Match[str], entry: Entry) -> Upload:
    typed = match["attachment"] is None
    return Upload(
        entry,
        match["key"],
        match["name"],
        match["file"] or "",
        place=entry.path[0],
        order=0 if typed else int(match["attachment"]),
        late=match["late"] is not None,
        text=typed,
        platform_id=match["key"],
    )


def _blackboard_file(match: re.Match[str], entry: Entry) -> Upload:
    date, time = match["when"][:10], match["when"][11:]
    when = _moment(f"{date} {time.replace('-', ':')}")
    return Upload(entry, match["key"], file=match["file"] or "", place=match["key"], when=when)


_blackboard_files = by_name(
    r"(?P<title>.+)_(?P<key>[^_]+)_attempt_(?P<when>\d{4}(-\d\d){5})(_(?P<file>.+)|\.txt)?",
    _blackboard_file,
)
_RECEIPT = re.compile(r"Name:\s*(?P<name>.+?)\s*\((?P<key>[^()]+)\)\s*$", re.MULTILINE)


def _blackboard(entries: Sequence[Entry]) -> Parsed:
    """Take names from the receipts, which also tell user names that have a `_` in them."""
    uploads, rest = _blackboard_files(entries)
    owners = {}
    for upload in uploads:
        if not upload.file:
            receipt = _RECEIPT.search(_text(upload.entry))
            if receipt:
                owners[_attempt(upload)] = receipt["name"], receipt["key"]
    named = []
    for upload in uploads:
        name, key = owners.get(_attempt(upload), ("", upload.key))
        # A receipt with nothing beside it stands for an attempt without a file.
        named.append(replace(upload, name=name, key=key, place=key))
    return named, rest


def _text(entry: Entry) -> str:
    try:
        return entry.read()[:100_000].decode("utf-8-sig", errors="replace")
    except Unreadable:
        return ""


def _attempt(upload: Upload) -> str:
    start, _, end = upload.entry.path[0].partition("_attempt_")
    return f"{start}_{end[:19]}"


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _brightspace_file(match: re.Match[str], entry: Entry) -> Upload:
    when = None
    if match["month"] in _MONTHS:
        clock = match["clock"].zfill(4)
        hour = int(clock[:2]) % 12 + (12 if match["half"] == "PM" else 0)
        month = _MONTHS.index(match["month"]) + 1
        date = f"{match['year']}-{month:02}-{int(match['day']):02}"
        when = _moment(f"{date} {hour:02}:{clock[2:]}:00")
    key = f"{match['first']}-{match['second']}"
    return Upload(entry, key, match["name"], "/".join(entry.path[1:]), entry.path[0], when)


_brightspace_files = by_name(
    r"(?P<first>\d+)-(?P<second>\d+) - (?P<name>.+) - "
    r"(?P<month>[^\W\d]+)\.? (?P<day>\d{1,2}), (?P<year>\d{4}) (?P<clock>\d{3,4}) (?P<half>[AP]M)",
    _brightspace_file,
)


def _brightspace(entries: Sequence[Entry]) -> Parsed:
    """Take that one of the two numbers which differs between people."""
    uploads, rest = _brightspace_files(entries)
    # It comes with the download, and is nobody's.
    rest = [entry for entry in rest if entry.path != ("index.html",)]
    firsts = {upload.key.partition("-")[0] for upload in uploads}
    if len({upload.name for upload in uploads}) == 1:
        # Nothing tells which one it is.
        return uploads, rest
    part = 2 if len(firsts) == 1 else 0
    keys = [upload.key.partition("-")[part] for upload in uploads]
    return [
        replace(upload, key=key, platform_id=key) for upload, key in zip(uploads, keys, strict=True)
    ], rest


_METADATA = "submission_metadata.yml"
_LONGEST_METADATA = 50_000_000


def _gradescope(entries: Sequence[Entry]) -> Parsed:
    """Take the owners of each folder from the file beside them; a team has several."""
    entries = list(entries)
    found = [entry for entry in entries if entry.path == (_METADATA,)]
    if len(found) != 1:
        return [], entries
    try:
        text = found[0].read()[:_LONGEST_METADATA]
        # Everything as text: an id may begin with zeros.
        metadata = yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (Unreadable, yaml.YAMLError, ValueError, RecursionError):
        return [], entries
    if not isinstance(metadata, dict):
        return [], entries
    uploads, rest, seen = [], [], set()
    for entry in entries:
        owned = metadata.get(entry.path[0])
        if entry.path == (_METADATA,):
            continue
        if not isinstance(owned, dict) or not isinstance(owned.get(":submitters"), list):
            rest.append(entry)
            continue
        seen.add(entry.path[0])
        uploads += _gradescope_files(entry, owned)
    for folder, owned in metadata.items():
        # Somebody without a file is somebody all the same.
        if folder not in seen and isinstance(owned, dict):
            uploads += _gradescope_files(Entry((str(folder),), bytes, True), owned)
    return uploads, rest


def _gradescope_files(entry: Entry, owned: Mapping[str, Any]) -> list[Upload]:
    submitters = owned.get(":submitters")
    people = submitters if isinstance(submitters, list) else []
    return [
        Upload(
            entry,
            str(person.get(":sid") or person.get(":email") or ""),
            str(person.get(":name") or ""),
            "/".join(entry.path[1:]),
            place=entry.path[0],
            when=_moment(str(owned.get(":created_at"))),
            email=str(person.get(":email") or ""),
            number=str(person.get(":sid") or ""),
        )
        for person in people
        if isinstance(person, dict)
    ]


def _exchange(match: re.Match[str], entry: Entry) -> Upload:
    when = _moment(f"{match['when']}Z")
    return Upload(entry, match["key"], file="/".join(entry.path[1:]), place=match["key"], when=when)


def _plain(entries: Sequence[Entry]) -> Parsed:
    """Take folders for people, and so the names of files that are in none."""
    entries = list(entries)
    while (unwrapped := _unwrapped(entries)) is not None and len(unwrapped) > 1:
        entries = unwrapped
    uploads = []
    for entry in entries:
        alone = len(entry.path) == 1 and not entry.empty_folder
        owner = PurePosixPath(entry.path[0]).stem if alone else entry.path[0]
        file = entry.path[0] if alone else "/".join(entry.path[1:])
        uploads.append(Upload(entry, owner, owner, file, place=owner))
    return uploads, []


_PARSERS: dict[str, Parser] = {
    "Moodle": by_name(
        r"(?P<name>[^_]+)_(?P<key>\d+)_assignsubmission_(?P<plugin>file|onlinetext)"
        r"(_(?P<file>.+)?)?",
        _moodle,
    ),
    "Blackboard": _blackboard,
    "Brightspace": _brightspace,
    "Gradescope": _gradescope,
    "nbgrader": by_name(
        r"(?P<key>.+?)\+(?P<title>[^+]+)\+"
        r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?)( UTC)?(\+.*)?",
        _exchange,
    ),
    "Canvas": by_name(
        r"(?P<name>anon|\w*?)(?P<late>_LATE)?_(?P<key>\d+|(?<=anon_)\w{5}|(?<=anon_LATE_)\w{5})"
        r"(_(?P<attachment>\d+)_(?P<file>.+)|_(text|link)\.html)",
        _canvas,
    ),
}
