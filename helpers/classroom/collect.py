"""From a platform's downloads to submissions: who handed in what, and where it goes."""

import shlex
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from helpers.classroom.archive import Download
from helpers.classroom.attempts import Attempt, Undecided, ask_for, newest
from helpers.classroom.identify import CourseNotebook, Marks
from helpers.classroom.ledger import HandIn
from helpers.classroom.matching import Matcher, is_blind
from helpers.classroom.owners import Owned, read_downloads
from helpers.classroom.people import Person
from helpers.classroom.placing import ABSENT, ASK, KEPT, NO_NOTEBOOK, UNCHANGED, Row, place
from helpers.classroom.policy import Policy
from helpers.classroom.roster import FILE, Roster
from helpers.classroom.uploads import Upload
from helpers.classroom.worksheet import Worksheet
from helpers.grading.submission.wording import listed, printable

__all__ = ["Collection", "Collector"]


@dataclass(frozen=True)
class Collection:
    """What comes of downloads.

    Parameters
    ----------
    roster
        The people who were known, and those who are new.
    rows
        A row for everybody in the roster or in the downloads, for each assignment.
    problems
        What is in the downloads that can't be used, a line each.
    platforms
        How many files came from which platform.
    """

    roster: Roster
    rows: Sequence[Row]
    problems: Sequence[str]
    platforms: Mapping[str, int]


class Collector:
    """Puts together what several downloads have; nothing is written.

    Parameters
    ----------
    marks
        From `identify.read_marks`.
    roster
        The people who are known.
    policy
        For the time zone.
    ledger
        Returns what was collected before for an assignment, by folder.
    worksheet
        Moodle's; an empty one if there is none.
    submitted
        Returns the folder of a submission, by assignment and person.
    wanted
        The assignment that it is about, if that was said.
    taken
        For some folders, the name of the file to take.
    """

    def __init__(
        self,
        marks: Mapping[CourseNotebook, Marks],
        roster: Roster,
        policy: Policy,
        ledger: Callable[[str], Mapping[str, HandIn]],
        worksheet: Worksheet,
        submitted: Callable[[str, str], Path],
        wanted: str | None = None,
        taken: Mapping[str, str] | None = None,
    ) -> None:
        self._marks = marks
        self._policy = policy
        self._ledger = cache(ledger)
        self._worksheet = worksheet
        self._matcher = Matcher(roster, worksheet, self._ledger)
        self._submitted = submitted
        self._wanted = wanted
        self._taken = taken or {}

    def collect(self, downloads: Sequence[Download]) -> Collection:
        """Find out who handed in what, and where it goes.

        Parameters
        ----------
        downloads
            All of them open.

        Raises
        ------
        CourseError
            If a download has no notebook of the course, and nobody said which assignment it is.
        """
        owned, problems, platforms = read_downloads(downloads, self._marks, self._wanted)
        doubts = self._matcher.read_worksheet(owned)
        problems = [*doubts, *self._undated(owned), *problems]
        # Making the rows puts new people into the roster.
        rows = self._rows(owned)
        return Collection(self._matcher.roster, rows, problems, platforms)

    def _undated(self, owned: Sequence[Owned]) -> list[str]:
        """Name people whom the worksheet lacks: without a date, nobody is late."""
        names = [
            one.name
            for one in owned
            if one.platform == "Moodle" and not is_blind(one)
            if not self._matcher.roster.team(one.name) and self._matcher.listed(one) is None
        ]
        if not self._worksheet.people or not names:
            return []
        return [
            f"the grading worksheet does not have {listed(names)}, so nothing says when they "
            "handed in; give the one of this assignment"
        ]

    def _rows(self, owned: Sequence[Owned]) -> list[Row]:
        """Make a row for everybody: those in the downloads, then the rest of the roster."""
        people = [self._matcher.people(one) for one in owned]
        claims: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for one, found in zip(owned, people, strict=True):
            for person in found:
                claims[one.assignment, person.folder].add((one.platform, one.key))
        rows = []
        for one, found in zip(owned, people, strict=True):
            folders = {person.folder for person in found}
            rivals = set().union(*(claims[one.assignment, folder] for folder in folders))
            if len(rivals) > 1:
                rows.append(_unclear(one, *_explain(rivals)))
                self._matcher.forget(folders)
            elif not found:
                namesakes = self._matcher.namesakes(one)
                why = f"roster.csv has {' and '.join(namesakes)} with this name"
                rows.append(_unclear(one, why if namesakes else "nothing says whose work it is"))
            elif others := self._matcher.others(one, found):
                known = found[0].folder if self._matcher.is_known(found[0]) else ""
                rows.append(_twice(one, others, known))
                self._matcher.forget(folders)
            else:
                rows += [self._row(one, person) for person in found]
        rows += [
            self._absent(assignment, person)
            for assignment in sorted({one.assignment for one in owned})
            for person in self._matcher.roster.people.values()
            if (assignment, person.folder) not in claims
        ]
        return sorted(rows, key=lambda row: (row.assignment, row.name.casefold(), row.folder))

    def _row(self, one: Owned, person: Person) -> Row:
        old = self._ledger(one.assignment).get(person.folder)
        earlier = old.earlier if old else ()
        new = HandIn(one.platform, one.key, one.uploads[0].place, earlier=earlier)
        make = partial(Row, one.assignment, person.name, person.folder)
        try:
            chosen = self._choose(one, person, old)
        except Undecided as error:
            problem = f"{error}; decide with `--take {shlex.quote(person.folder)}=FILE`"
            kept = old if old and old.digests else replace(new, problem=problem)
            return make(ASK, kept, problem)
        if not chosen:
            problem = ask_for(one.others)
            if old is not None and old.digests:
                return make(UNCHANGED, old, f"{problem}; what was collected before is kept")
            if self._is_there(one.assignment, person):
                return make(KEPT, new)
            return make(NO_NOTEBOOK, replace(new, problem=problem), problem)
        uploads = [attempt.upload for attempt in chosen.values()]
        when = max(filter(None, (self._when(one, upload) for upload in uploads)), default=None)
        digests = {name: attempt.digest for name, attempt in chosen.items()}
        damaged = {attempt.digest for attempt in one.attempts if attempt.damage}
        new = replace(
            new,
            # Damaged files that were not taken are not asked about again.
            earlier=tuple(sorted({*earlier, *(damaged - set(digests.values()))})),
            place=uploads[0].place,
            file=uploads[0].file,
            submitted=when.isoformat() if when else "",
            late=any(upload.late for upload in uploads),
            digests=digests,
        )
        folder = self._submitted(one.assignment, person.folder)
        taken = self._taken.get(person.folder) in {upload.file for upload in uploads}
        return place(make, new, old, chosen, folder, taken=taken)

    def _choose(self, one: Owned, person: Person, old: HandIn | None) -> dict[str, Attempt]:
        """Choose the newest file of each notebook of the assignment."""
        groups: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in one.attempts:
            if attempt.notebook is not None:
                groups[attempt.notebook.name].append(attempt)
        names = [known.name for known in self._marks if known.assignment == one.assignment]
        damaged = [attempt for attempt in one.attempts if attempt.damage]
        taken = self._taken.get(person.folder, "")
        digests, earlier = (old.digests, old.earlier) if old else ({}, ())
        if not groups and damaged:
            # `course grade` says what is wrong with one.
            return {names[0]: newest(damaged, taken, digests.get(names[0], ""), earlier)}
        for name, group in groups.items():
            # A damaged file may be any of them, unless it is called like another one.
            others = {f"{known}.ipynb" for known in names if known != name}
            group += [attempt for attempt in damaged if attempt.upload.file not in others]
        return {
            name: newest(group, taken, digests.get(name, ""), earlier)
            for name, group in groups.items()
        }

    def _when(self, one: Owned, upload: Upload) -> datetime | None:
        if upload.when is not None:
            return self._policy.utc(upload.when)
        moment = self._worksheet.submitted.get(one.key) if self._matcher.fits(one) else None
        return self._policy.utc(moment) if moment else None

    def _absent(self, assignment: str, person: Person) -> Row:
        """Make a row for somebody who is not in the downloads of an assignment."""
        old = self._ledger(assignment).get(person.folder)
        if old is not None and old.digests:
            status = UNCHANGED
        elif self._is_there(assignment, person):
            status = KEPT
        else:
            status = ABSENT if old is None else NO_NOTEBOOK
        problem = old.problem if old is not None and status == NO_NOTEBOOK else ""
        return Row(assignment, person.name, person.folder, status, old, problem)

    def _is_there(self, assignment: str, person: Person) -> bool:
        """Tell whether a notebook lies in somebody's folder, such as one that came by e-mail."""
        return any(self._submitted(assignment, person.folder).glob("[!.]*.ipynb*"))


def _explain(rivals: Set[tuple[str, str]]) -> tuple[str, str]:
    """Say why several works under one name can't be told apart, and what to do if that is known."""
    platforms = sorted({platform for platform, _ in rivals})
    if len(platforms) == 1:
        return "two people in the download have this name", ""
    why = f"downloads from {' and '.join(platforms)} have work under this name"
    return why, "collect them one after the other"


def _twice(one: Owned, others: Sequence[str], folder: str) -> Row:
    """Ask whether this is one person with several folders, of which the last may be empty."""
    *olds, last = map(shlex.quote, filter(None, (*others, folder)))
    commands = " and ".join(f"`course roster --join {old} {last}`" for old in olds)
    join = f"if this is one person, join the folders with {commands}, then collect again; "
    team = f"if it is a team, write its name into the column `team` of {FILE}"
    return _unclear(
        one, f"{listed(others)} had this number in Moodle before", f"{join if olds else ''}{team}"
    )


def _unclear(one: Owned, why: str, remedy: str = "") -> Row:
    """Ask whose work it is."""
    if not remedy and one.platform == "Moodle":
        remedy = (
            "give the grading worksheet of this assignment, with e-mail addresses, too: "
            "`course collect DOWNLOAD.zip WORKSHEET.csv`"
        )
    elif not remedy:
        remedy = "give each an id in roster.csv, or a folder with the person's name"
    name = one.name if one.key == one.name else f"{one.name} ({one.key})"
    return Row(one.assignment, printable(name), "", ASK, None, f"{why}; {remedy}")
