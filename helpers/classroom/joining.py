"""One person with two folders becomes one, and who has left is taken out."""

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from helpers.classroom.ledger import HandIn
from helpers.classroom.roster import Roster, is_folder, updated
from helpers.errors import CourseError
from helpers.grading.course import Course, Submission
from helpers.grading.records import delete_record, move_record
from helpers.grading.submission.loading import TIMESTAMP

__all__ = ["join_entries", "join_people", "join_work", "remove_work", "require_known"]

# What the grader and `course feedback` have made of a submission.
_MADE = ("autograded", "feedback")


def require_known(
    course: Course, roster: Roster, ledgers: Mapping[str, Mapping[str, HandIn]], student: str
) -> None:
    """Find out whether anybody has this folder.

    Raises
    ------
    CourseError
        If not.
    """
    listed = student in roster.people or any(student in ledger for ledger in ledgers.values())
    if is_folder(student) and (
        listed or _entries(course, student) is not None or _root(course, student).is_dir()
    ):
        return
    raise CourseError(f"nobody has the folder {student!r}; `course roster` lists the folders")


def join_work(course: Course, assignments: Sequence[str], old: str, new: str) -> None:
    """Give a person's submissions, marks and feedback to another folder.

    Where both folders have the same work, the marks that stay are those given by hand or, without
    these, those of `new`. What was interrupted goes on with the next call.

    Parameters
    ----------
    course
        No grading may be under way in it.
    assignments
        All of the course.
    old, new
        The folder that goes, and the one that stays.

    Raises
    ------
    CourseError
        If both have handed in different work for an assignment, or both have marks by hand;
        nothing is changed then.
    """
    olds, news = _entries(course, old) or {}, _entries(course, new) or {}
    moved = [
        assignment
        for assignment in assignments
        if _moves(course, Submission(assignment, old), Submission(assignment, new), olds, news)
    ]
    if course.has_gradebook:
        with course.gradebook() as gradebook:
            _join_marks(gradebook, moved, old, new)
    for assignment in assignments:
        here, there = Submission(assignment, old), Submission(assignment, new)
        for step in ("submitted", *_MADE):
            place = course.folder(step, here)
            if assignment in moved:
                _move(place, course.folder(step, there))
            _delete(place)
        if assignment in moved:
            move_record(course, here, there)
        delete_record(course, here)
    _tidy(course, old)


def remove_work(course: Course, student: str) -> None:
    """Take somebody out of the gradebook, with all marks, and delete what grading has made.

    Raises
    ------
    CourseError
        If there is work in submitted/, which only a person should delete.
    """
    folder = _root(course, student)
    if folder.is_dir() and any(folder.iterdir()):
        raise CourseError(
            f"submitted/{student} has work; delete the folder first, or move it out of the course"
        )
    if _entries(course, student) is not None:
        with course.gradebook() as gradebook:
            gradebook.remove_student(student)
    for step in _MADE:
        _delete(_root(course, student, step))
    _tidy(course, student)


def join_people(roster: Roster, old: str, new: str) -> Roster:
    """Return the roster in which two are one, who has what is known of both."""
    people = dict(roster.people)
    gone = people.pop(old, None)
    if gone is not None:
        kept = people.get(new, replace(gone, folder=new))
        people[new] = updated(replace(gone, folder=new), kept)
    return Roster(people)


def join_entries(ledger: Mapping[str, HandIn], old: str, new: str) -> dict[str, HandIn]:
    """Return what was collected for an assignment, with one entry for two folders.

    That of the work that lies in submitted/ stays; of two of these, the one with a time.
    """
    entries = dict(ledger)
    gone = entries.pop(old, None)
    if gone is not None:
        kept = entries.get(new, gone)
        entries[new] = max(kept, gone, key=lambda one: (bool(one.digests), bool(one.submitted)))
    return entries


def _moves(
    course: Course,
    old: Submission,
    new: Submission,
    olds: Mapping[str, bool],
    news: Mapping[str, bool],
) -> bool:
    """Tell whether the marks of `old` are those that stay."""
    here, there = course.folder("submitted", old), course.folder("submitted", new)
    by_hand = olds.get(old.assignment, False), news.get(new.assignment, False)
    if not os.path.lexists(there):
        return by_hand[0] or os.path.lexists(here)
    if not os.path.lexists(here):
        return False
    if _files(here) != _files(there):
        raise CourseError(
            f"{old.student} and {new.student} have handed in different work for {old.assignment}; "
            f"delete one of the folders submitted/{old.student}/{old.assignment} and "
            f"submitted/{new.student}/{new.assignment}, then run the command again"
        )
    if all(by_hand):
        raise CourseError(
            f"{old.student} and {new.student} both have marks by hand for {old.assignment}; delete "
            f"the folder submitted/{old.student}/{old.assignment} if those of {new.student} are to "
            "stay, or the other way round, then run the command again"
        )
    graded = course.folder("autograded", new).is_dir()
    return by_hand[0] or (not graded and course.folder("autograded", old).is_dir())


def _entries(course: Course, student: str) -> dict[str, bool] | None:
    """Look up for which assignments somebody has marks, and whether by hand; None for nobody."""
    if not course.has_gradebook:
        return None
    with course.gradebook() as gradebook:
        try:
            person = gradebook.find_student(student)
        except MissingEntry:
            return None
        return {entry.assignment.name: _is_by_hand(entry) for entry in person.submissions}


def _is_by_hand(entry: SubmittedAssignment) -> bool:
    return any(
        grade.manual_score is not None or grade.extra_credit
        for notebook in entry.notebooks
        for grade in notebook.grades
    ) or any(
        comment.manual_comment for notebook in entry.notebooks for comment in notebook.comments
    )


def _join_marks(gradebook: Gradebook, moved: Sequence[str], old: str, new: str) -> None:
    try:
        person = gradebook.find_student(old)
    except MissingEntry:
        return
    heir = gradebook.update_or_create_student(new)
    for entry in list(person.submissions):
        if entry.assignment.name in moved:
            with suppress(MissingEntry):
                gradebook.remove_submission(entry.assignment.name, new)
            entry.student = heir
    gradebook.db.commit()
    gradebook.remove_student(old)


def _root(course: Course, student: str, step: str = "submitted") -> Path:
    return course.folder(step, Submission("any", student)).parent


def _files(folder: Path) -> dict[str, bytes]:
    """Read everything in a submission but when it came."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != TIMESTAMP
    }


def _move(path: Path, to: Path) -> None:
    _delete(to)
    if os.path.lexists(path):
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)


def _delete(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _tidy(course: Course, student: str) -> None:
    """Delete somebody's folders if nothing is left in them."""
    for step in ("submitted", *_MADE):
        with suppress(OSError):
            _root(course, student, step).rmdir()
