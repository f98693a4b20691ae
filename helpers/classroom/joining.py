"""One person with two folders becomes one, and who has left is taken out."""

import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from helpers.classroom.ledger import HandIn
from helpers.classroom.people import differ
from helpers.classroom.roster import FILE, Roster, is_folder, updated
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


def join_work(course: Course, assignments: Collection[str], old: str, new: str) -> list[str]:
    """Give a person's submissions, marks and feedback to another folder.

    Where both folders have the same work, the marks that stay are those given by hand or, without
    these, those of `new`. What was interrupted goes on with the next call.

    Parameters
    ----------
    course
        No grading may be under way in it.
    assignments
        All of the course; those for which one of the two has work or marks are added.
    old, new
        The folder that goes, and the one that stays.

    Returns
    -------
    list of str
        The assignments for which the work or the marks of `old` stay.

    Raises
    ------
    CourseError
        If both have handed in different work for an assignment, if both have marks by hand, or if
        there is a link; nothing is changed then.
    """
    _refuse_links(course, old)
    _refuse_links(course, new)
    olds, news = _entries(course, old) or {}, _entries(course, new) or {}
    known = {*assignments, *olds, *news, *_handed_in(course, old), *_handed_in(course, new)}
    moved = [
        assignment
        for assignment in sorted(known)
        if _moves(
            course,
            Submission(assignment, old),
            Submission(assignment, new),
            olds.get(assignment),
            news.get(assignment),
        )
    ]
    if course.has_gradebook:
        with course.gradebook() as gradebook:
            _join_marks(course, gradebook, moved, old, new)
    for assignment in sorted(known):
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
    return moved


def remove_work(course: Course, student: str) -> None:
    """Take somebody out of the gradebook, with all marks, and delete what grading has made.

    Raises
    ------
    CourseError
        If there is work in submitted/, which only a person should delete.
    """
    _refuse_links(course, student)
    if _handed_in(course, student):
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
    """Return the roster in which two are one, who has what is known of both.

    Raises
    ------
    CourseError
        If they have different ids, so that they may be two people after all.
    """
    people = dict(roster.people)
    gone = people.pop(old, None)
    if gone is not None:
        kept = people.get(new, replace(gone, folder=new))
        if differ(gone, kept):
            raise CourseError(
                f"{old} and {new} have different ids in {FILE}, as two people have; if they are "
                "one, delete the ids that are out of date, and run the command again"
            )
        people[new] = updated(replace(gone, folder=new), kept)
    return Roster(people)


def join_entries(
    ledger: Mapping[str, HandIn], old: str, new: str, *, moved: bool
) -> dict[str, HandIn]:
    """Return what was collected for an assignment, with one entry for two folders.

    Parameters
    ----------
    ledger
        By folder.
    old, new
        The folder that goes, and the one that stays.
    moved
        Whether the work of `old` is what lies in submitted/ now.
    """
    entries = dict(ledger)
    gone = entries.pop(old, None)
    kept = entries.get(new)
    if gone is None or kept is None:
        return {**entries, new: gone} if gone is not None else entries
    stays, goes = (gone, kept) if moved else (kept, gone)
    same = stays.digests == goes.digests
    earlier = {*stays.earlier, *goes.earlier, *goes.digests.values()} - {*stays.digests.values()}
    entries[new] = replace(
        stays,
        submitted=stays.submitted or (goes.submitted if same else ""),
        earlier=tuple(sorted(earlier)),
    )
    return entries


def _moves(
    course: Course, old: Submission, new: Submission, olds: bool | None, news: bool | None
) -> bool:
    """Tell whether the work, or the marks, of `old` are those that stay.

    `olds` and `news` tell whether they have marks, and whether by hand.
    """
    here, there = course.folder("submitted", old), course.folder("submitted", new)
    if here.exists() != there.exists():
        return here.exists()
    if here.exists() and _files(here) != _files(there):
        raise CourseError(
            f"{old.student} and {new.student} have handed in different work for {old.assignment}; "
            f"delete one of the folders submitted/{old.student}/{old.assignment} and "
            f"submitted/{new.student}/{new.assignment}, then run the command again"
        )
    if olds and news:
        raise CourseError(
            f"{old.student} and {new.student} both have marks by hand for {old.assignment}; take "
            "those that are not to stay away in formgrader, then run the command again"
        )
    if olds or news:
        return bool(olds)
    if here.exists():
        graded = course.folder("autograded", new).is_dir()
        return not graded and course.folder("autograded", old).is_dir()
    return olds is not None and news is None


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


def _join_marks(
    course: Course, gradebook: Gradebook, moved: Sequence[str], old: str, new: str
) -> None:
    try:
        person = gradebook.find_student(old)
        entries = {entry.assignment.name: entry for entry in person.submissions}
    except MissingEntry:
        person, entries = None, {}
    for assignment in moved:
        # What is graded, but has no marks, has given them to `new` before it was interrupted.
        graded = course.folder("autograded", Submission(assignment, old)).is_dir()
        if assignment in entries or not graded:
            with suppress(MissingEntry):
                gradebook.remove_submission(assignment, new)
    if person is None:
        return
    heir = gradebook.update_or_create_student(new)
    for assignment in moved:
        if assignment in entries:
            entries[assignment].student = heir
    gradebook.db.commit()
    gradebook.remove_student(old)


def _root(course: Course, student: str, step: str = "submitted") -> Path:
    return course.folder(step, Submission("any", student)).parent


def _handed_in(course: Course, student: str) -> list[str]:
    """List the assignments for which somebody has a folder in submitted/."""
    root = _root(course, student)
    return [path.name for path in root.iterdir()] if root.is_dir() else []


def _refuse_links(course: Course, student: str) -> None:
    for step in ("submitted", *_MADE):
        root = _root(course, student, step)
        for path in (root, *root.rglob("*")):
            if path.is_symlink():
                raise CourseError(
                    f"{path} is a link, behind which may be the work of others; put the files "
                    "themselves in its place, or delete it, then run the command again"
                )


def _files(folder: Path) -> dict[str, bytes]:
    """Read everything in a submission but when it came, and what programs hide."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != TIMESTAMP
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _move(path: Path, to: Path) -> None:
    _delete(to)
    if path.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)


def _delete(path: Path) -> None:
    if path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _tidy(course: Course, student: str) -> None:
    """Delete somebody's folders if nothing is left in them."""
    for step in ("submitted", *_MADE):
        with suppress(OSError):
            _root(course, student, step).rmdir()
