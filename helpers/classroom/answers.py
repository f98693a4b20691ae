"""What everybody answered, exercise by exercise, without what all of them were given."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.classroom.exercises import Exercise
from helpers.classroom.ledger import HandIn
from helpers.classroom.people import Person
from helpers.classroom.roster import Roster
from helpers.classroom.similarity import (
    LONGEST,
    Fingerprint,
    Tokeniser,
    fingerprints,
    tokenise_code,
    tokenise_text,
)
from helpers.grading.cohort.assignment import read_assignment
from helpers.grading.course import Course, Submission
from helpers.grading.review import NeedsReview
from helpers.grading.submission import Reference, align, read_notebook
from helpers.grading.submission.loading import load_submission
from helpers.grading.submission.reference import ANSWER, WRITTEN

__all__ = ["AnsweredExercise", "read_answers"]

_TOKENISERS = {ANSWER: tokenise_code, WRITTEN: tokenise_text}
_Work = dict[tuple[str, str], str]
"""Answers by notebook and label of the cell."""


@dataclass(frozen=True)
class AnsweredExercise:
    """All answers to one exercise.

    Parameters
    ----------
    title
        As students know it.
    tokeniser
        How its answers are read: as code or as text.
    known
        Fingerprints of what students were given, and of the instructor's own answers: what is
        written as the exercise asks for says nothing about who wrote it.
    answers
        By the names of people, without those who left the exercise open.
    """

    title: str
    tokeniser: Tokeniser
    known: frozenset[Fingerprint]
    answers: Mapping[str, str]


def read_answers(
    course: Course,
    assignment: str,
    exercises: Sequence[Exercise],
    roster: Roster,
    ledger: Mapping[str, HandIn],
) -> tuple[list[AnsweredExercise], list[str]]:
    """Read all submissions for an assignment as grading would, without running anything.

    Parameters
    ----------
    course, assignment
        Which submissions.
    exercises
        Those of the assignment, for their titles.
    roster, ledger
        Who is who, and who handed in together: a team's work is read once.

    Returns
    -------
    list of AnsweredExercise
        In the order of the assignment.
    list of str
        What could not be compared, a line each.
    """
    given = read_assignment(course, assignment)
    references = given.references
    works, problems = _read_all(course, assignment, references, roster, ledger)
    titles = {
        (exercise.notebook, cell): exercise.title
        for exercise in exercises
        for cell in exercise.cells
    }
    # A test belongs to the exercise of the answer before it.
    titles |= {place: titles[place[0], tests[0]] for place, tests in given.answers.items() if tests}
    answered = []
    for notebook, reference in references.items():
        known = {kind: _known(reference, kind) for kind in _TOKENISERS}
        for cell in reference.labelled:
            if cell.kind not in _TOKENISERS:
                continue
            place = notebook, cell.label
            title = titles.get(place, cell.label)
            answers = {name: work[place] for name, work in works.items() if place in work}
            too_long = {name: len(text) for name, text in answers.items() if len(text) > LONGEST}
            for name, length in too_long.items():
                del answers[name]
                problems.append(
                    f"{name}: the answer to {title} has {length:,} characters; at most "
                    f"{LONGEST:,} can be compared"
                )
            tokeniser = _TOKENISERS[cell.kind]
            answered.append(AnsweredExercise(title, tokeniser, known[cell.kind], answers))
    return answered, problems


def _read_all(
    course: Course,
    assignment: str,
    references: Mapping[str, Reference],
    roster: Roster,
    ledger: Mapping[str, HandIn],
) -> tuple[dict[str, _Work], list[str]]:
    """Read the answers of each person or team, by names, and say whose can't be read."""
    submissions = course.submissions([assignment])
    labels = _labels(submissions, roster)
    teams: dict[object, list[str]] = defaultdict(list)
    works: dict[object, _Work] = {}
    problems = []
    for submission in submissions:
        label = labels[submission.student]
        try:
            work = _read(course, submission, references)
        except NeedsReview as reason:
            problems.append(f"{label}: {reason}")
            continue
        hand_in = ledger.get(submission.student)
        # A platform has one place for all members of a team.
        place = (hand_in.platform, hand_in.place) if hand_in and hand_in.place else label
        team = place, tuple(work.items())
        teams[team].append(label)
        works[team] = work
    return {", ".join(names): works[team] for team, names in teams.items()}, problems


def _labels(submissions: Sequence[Submission], roster: Roster) -> dict[str, str]:
    """Name people; with their folders, if two have one name."""
    folders = [submission.student for submission in submissions]
    names = {folder: roster.people.get(folder, Person(folder)).name for folder in folders}
    count = Counter(names.values())
    return {
        folder: name if count[name] == 1 else f"{name} ({folder})" for folder, name in names.items()
    }


def _read(course: Course, submission: Submission, references: Mapping[str, Reference]) -> _Work:
    """Return the answers of a submission."""
    files = load_submission(course.folder("submitted", submission), list(references))
    work: _Work = {}
    for name, reference in references.items():
        notebook, _ = read_notebook(name, files.notebooks[name])
        aligned, _ = align(notebook, reference)
        work |= {(name, label): text for label, text in _answers(aligned, reference).items()}
    return work


def _answers(notebook: NotebookNode, reference: Reference) -> dict[str, str]:
    """Find the answers of an aligned notebook, with the cells that a student put below them."""
    cells = {cell.node.id: cell for cell in reference.cells}
    found: dict[str, list[str]] = {}
    label = ""
    for cell in notebook.cells:
        owner = cells.get(cell.id)
        if owner is not None and owner.kind in _TOKENISERS:
            label = owner.label
            found[label] = [] if owner.unanswered(cell) else [cell.source.strip()]
        elif owner is None and label and cell.cell_type == "code":
            found[label].append(cell.source.strip())
    texts = {label: "\n\n".join(filter(None, parts)) for label, parts in found.items()}
    return {label: text for label, text in texts.items() if text}


def _known(reference: Reference, kind: str) -> frozenset[Fingerprint]:
    """Return the fingerprints of what was given, and of the instructor's answers."""
    tokeniser = _TOKENISERS[kind]
    wanted = "code" if kind == ANSWER else "markdown"
    texts = [
        text
        for cell, solved in zip(reference.cells, reference.notebook.cells, strict=True)
        if cell.node.cell_type == wanted
        for text in {cell.released, solved.source}
    ]
    return frozenset(key for text in texts for key in fingerprints(text, tokeniser))
