"""Whose work it is: the owners in downloads, matched with the people in the roster."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from helpers.classroom.ledger import HandIn
from helpers.classroom.owners import Owned
from helpers.classroom.people import Person, plain_name, split_name
from helpers.classroom.platforms import PLAIN
from helpers.classroom.roster import Roster, free_folder, updated
from helpers.classroom.worksheet import Worksheet

__all__ = ["Matcher", "is_blind"]

# What these call a submission after is a person's user name or number, never a team's name.
_OF_PEOPLE = ("Canvas", "Blackboard", "Gradescope", "nbgrader")


class Matcher:
    """Finds people, and puts new ones into the roster.

    Parameters
    ----------
    roster
        The people who are known.
    worksheet
        Moodle's; an empty one if there is none.
    ledger
        Returns what was collected before for an assignment, by folder.
    """

    def __init__(
        self, roster: Roster, worksheet: Worksheet, ledger: Callable[[str], Mapping[str, HandIn]]
    ) -> None:
        self.roster = roster
        self._worksheet = worksheet
        self._ledger = ledger
        self._known: Set[str] = roster.people.keys()

    def read_worksheet(self, owned: Sequence[Owned]) -> list[str]:
        """Put the people of the worksheet into the roster; return what is doubtful, a line each.

        Parameters
        ----------
        owned
            Everything in the downloads. Who had another name before is found by the number.
        """
        renamed = [line for one in owned for line in self._rename(one)]
        self.roster, doubts = self.roster.merged(self._worksheet.people.values())
        self._known = self.roster.people.keys()
        return [*renamed, *doubts]

    def people(self, one: Owned) -> list[Person]:
        """Find the owner, or all members of a team; nobody if it is not clear who that is."""
        person = self._person(one)
        found, members = self.roster.match(person) or self._same(one), self._members(one)
        if len(found) > 1:
            earlier = self._earlier(one)
            found = [namesake for namesake in found if namesake.folder in earlier] or found
        if found:
            return found if len(found) == 1 and not members else []
        if members:
            return members
        if not (person.ids or person.name):
            return []
        new = replace(person, folder=free_folder(person, self.roster.people))
        if not is_blind(one):
            self.roster = Roster({**self.roster.people, new.folder: new})
        return [new]

    def namesakes(self, one: Owned) -> list[str]:
        """List who has the name of an owner who is not clear."""
        found = [person.folder for person in self.roster.match(self._person(one))]
        return [*found, *(["a team"] if self._members(one) else [])]

    def others(self, one: Owned, found: Sequence[Person]) -> list[str]:
        """List other folders under which the work of this one person was collected before."""
        if is_blind(one) or self._members(one):
            return []
        teams = found[0].teams
        people = self.roster.people
        return [
            folder
            for folder in self._earlier(one)
            if folder != found[0].folder
            if folder not in people or not teams & people[folder].teams
        ]

    def is_known(self, person: Person) -> bool:
        """Tell whether somebody was in the roster, or the worksheet, before."""
        return person.folder in self._known

    def listed(self, one: Owned) -> Person | None:
        """Return who the owner is by the worksheet, if that is of this assignment."""
        return self._worksheet.people.get(one.key) if self.fits(one) else None

    def fits(self, one: Owned) -> bool:
        """Tell whether a number means the same person there: it may be of another assignment."""
        listed = self._worksheet.people.get(one.key)
        same = listed is None or plain_name(listed.name) == plain_name(one.name)
        return one.platform == "Moodle" and same

    def forget(self, folders: Set[str]) -> None:
        """Take people out of the roster again who may be two."""
        self.roster = self.roster.without(folders - self._known)

    def _earlier(self, one: Owned) -> list[str]:
        """List the folders under which the owner's work was collected before.

        Moodle's number is the person's, or the team's, as long as the assignment is the same;
        names change. Other platforms have numbers for good, which are in the roster.
        """
        if one.platform != "Moodle" or not one.key:
            return []
        ledger = self._ledger(one.assignment).items()
        return [name for name, old in ledger if (old.platform, old.key) == ("Moodle", one.key)]

    def _same(self, one: Owned) -> list[Person]:
        """Find the person, not the team, whose work was collected under the same number."""
        earlier = self._earlier(one)
        if is_blind(one) or self._members(one) or len(earlier) != 1:
            return []
        [folder] = earlier
        old = self.roster.people.get(folder, Person(folder))
        # A team of which one member is known has a number, too.
        called = self._ledger(one.assignment)[folder].place.partition(f"_{one.key}_")[0]
        return [] if plain_name(called) in old.teams else [old]

    def _rename(self, one: Owned) -> list[str]:
        """Note the new name, and what else is new, of somebody who is known by the number."""
        person = self._person(one)
        for old in [] if self.roster.match(person) else self._same(one):
            # Names out of a list stay until another list says otherwise.
            if self.listed(one) is not None or not old.ids:
                first, last = person.first_name, person.last_name
                fresh = replace(updated(old, person), first_name=first, last_name=last)
                self.roster = Roster({**self.roster.people, old.folder: fresh})
                return [
                    f"{old.folder} is called {fresh.name} now, and {old.name} before; it is one "
                    "person, since the number in Moodle is the same"
                ]
        return []

    def _members(self, one: Owned) -> list[Person]:
        """List the members of a team, if the name can be that of one."""
        of_people = one.platform in _OF_PEOPLE or self.listed(one) is not None
        return [] if of_people else self.roster.team(one.name)

    def _person(self, one: Owned) -> Person:
        """Return what the download says about an owner."""
        upload = one.uploads[0]
        listed = self.listed(one)
        if listed is not None:
            return listed
        if one.platform == PLAIN:
            return Person(_without(one.key, one.assignment))
        first, last = split_name(one.name)
        if is_blind(one):
            first, last = one.name.partition(" ")[0], one.key
        person = Person("", last, first, upload.email, "", upload.number, upload.platform_id)
        if one.platform in ("Blackboard", "nbgrader"):
            return replace(person, username=one.key)
        return person


def is_blind(one: Owned) -> bool:
    """Tell people whose names, and ids, are hidden and different in each assignment."""
    return one.name == f"Participant {one.key}" or (one.platform == "Canvas" and one.name == "anon")


def _without(owner: str, assignment: str) -> str:
    """Leave the name of the assignment out of a file's name such as `convolution_ada (1)`."""
    # Browsers number the files of one name.
    owner = re.sub(r"[ _-]*\(\d+\)$", "", owner)
    start = owner.casefold().find(assignment.casefold())
    if start < 0:
        return owner
    return f"{owner[:start]} {owner[start + len(assignment) :]}".strip(" _-.()")
