"""The report on a class for one assignment: what it did, what looks broken, what is left to do."""

import json
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from helpers.classroom.exercises import Exercise
from helpers.classroom.items import FEWEST, Item, analyse
from helpers.classroom.late_notes import duration
from helpers.classroom.marks import Mark
from helpers.console import table
from helpers.grading.course import Course, Submission
from helpers.grading.records import Record, read_record
from helpers.grading.states import REVIEW
from helpers.grading.submission.wording import listed, printable
from helpers.page import fill

__all__ = ["ClassReport", "as_html", "as_text", "make_report"]

_BARS = 10
_MOST_MESSAGES = 3


@dataclass(frozen=True)
class ClassReport:
    """What there is to say.

    Parameters
    ----------
    assignment, maximum
        Which, and its points.
    marks
        Everybody's.
    exercises
        The exercises, in order.
    items
        The tests by their names.
    messages
        The most frequent failures of each test, with their numbers.
    waiting
        For each exercise that a person marks, how many are done and how many there are.
    records
        What grading noted about each submission, by person.
    """

    assignment: str
    maximum: float
    marks: Sequence[Mark]
    exercises: Sequence[Exercise]
    items: Mapping[str, Item]
    messages: Mapping[str, Sequence[tuple[str, int]]]
    waiting: Mapping[str, tuple[int, int]]
    records: Mapping[str, Record]

    @property
    def doubtful(self) -> list[Item]:
        """The tests that look broken, the worst first."""
        found = [item for item in self.items.values() if item.doubt]
        return sorted(found, key=lambda item: (item.discrimination or 0.0, item.solved))

    @property
    def too_few(self) -> str:
        """That there are too few people to call a test broken, else empty."""
        if len(self.graded) >= FEWEST:
            return ""
        return f"Which tests look broken is only said with {FEWEST} people or more."

    @property
    def bars(self) -> list[tuple[str, int]]:
        """How many people have how many points: ten ranges of the same width, and their counts."""
        counts = [0] * _BARS
        for mark in self.marks:
            if mark.points is not None and self.maximum:
                counts[min(_BARS - 1, int(_BARS * mark.points / self.maximum))] += 1
        edges = [self.maximum * number / _BARS for number in range(_BARS + 1)]
        return [
            (f"{low:g} to {high:g}", count)
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
        ]

    @property
    def graded(self) -> list[Mark]:
        """The marks of those who have points, as yet."""
        return [mark for mark in self.marks if mark.points is not None]

    @property
    def notes(self) -> dict[str, list[str]]:
        """Lists of lines under their titles; those without lines are left out."""
        lines = {
            "To be reviewed": [
                f"{mark.person.name}: {mark.reason}" for mark in self.marks if mark.status == REVIEW
            ],
            "Late": [
                f"{mark.person.name}: {duration(mark.seconds_late)}, costs {mark.lost:g}"
                if mark.seconds_late
                else f"{mark.person.name}: late, as the platform says"
                for mark in self.marks
                if mark.seconds_late or mark.late
            ],
            "Nothing to grade": [
                f"{mark.person.name}: {mark.reason or mark.status}"
                for mark in self.marks
                if mark.points is None and mark.status != REVIEW
            ],
            "Crashes and limits": list(self._lines(lambda record: record.incident_lines)),
            "Repaired": list(self._lines(lambda record: record.repairs)),
        }
        return {title: each for title, each in lines.items() if each}

    def _lines(self, lines: Callable[[Record], Iterable[str]]) -> Iterator[str]:
        """Say once what holds for several people, such as for all after a change of a test."""
        names = {mark.person.folder: mark.person.name for mark in self.marks}
        people: dict[str, list[str]] = defaultdict(list)
        for folder, record in self.records.items():
            for line in lines(record):
                people[line].append(names.get(folder, folder))
        for line, whose in people.items():
            yield f"{listed(whose)}: {line}"


def make_report(
    course: Course,
    gradebook: Gradebook,
    assignment: str,
    marks: Sequence[Mark],
    exercises: Sequence[Exercise],
) -> ClassReport:
    """Gather what is known about a class.

    Parameters
    ----------
    course, gradebook
        The course, and its gradebook, open.
    assignment
        Which assignment; it must be in the gradebook.
    marks, exercises
        Those for the assignment.
    """
    maxima, by_hand = {}, set()
    for notebook in gradebook.find_assignment(assignment).notebooks:
        solutions = {cell.name for cell in notebook.solution_cells}
        by_hand |= {cell.name for cell in notebook.task_cells}
        for cell in notebook.grade_cells:
            if cell.name in solutions:
                by_hand.add(cell.name)
            else:
                maxima[cell.name] = cell.max_score
    order = [cell for exercise in exercises for cell in exercise.cells]
    graded = {mark.person.folder for mark in marks if mark.points is not None}
    points = {
        folder: {
            cell: score
            for cells in notebooks.values()
            for cell, score in cells.items()
            if score is not None and cell in maxima
        }
        for folder, notebooks in course.scores(gradebook, assignment).items()
        if folder in graded
    }
    items = analyse(points, {name: maxima[name] for name in order if name in maxima})
    records = {}
    for folder in sorted(graded):
        if record := read_record(course, Submission(assignment, folder)):
            records[folder] = record
    return ClassReport(
        assignment,
        gradebook.find_assignment(assignment).max_score,
        marks,
        exercises,
        {item.name: item for item in items},
        _messages(course, assignment, graded),
        _progress(marks, exercises, by_hand),
        records,
    )


def _progress(
    marks: Sequence[Mark], exercises: Sequence[Exercise], by_hand: set[str]
) -> dict[str, tuple[int, int]]:
    waiting = {}
    for exercise in exercises:
        if by_hand & set(exercise.cells):
            values = [mark.exercises[exercise.name] for mark in marks if mark.exercises]
            waiting[exercise.title] = sum(value is not None for value in values), len(values)
    return waiting


def _messages(
    course: Course, assignment: str, folders: set[str]
) -> dict[str, list[tuple[str, int]]]:
    """Count what failed tests said, in the autograded notebooks."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in sorted(folders):
        place = course.folder("autograded", Submission(assignment, folder))
        for path in sorted(place.glob("*.ipynb")):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id")
                for output in cell.get("outputs", []):
                    if name and output["output_type"] == "error":
                        line = output["evalue"].partition("\n")[0] or output["ename"]
                        counts[name][line] += 1
    return {name: each.most_common(_MOST_MESSAGES) for name, each in counts.items()}


def as_text(report: ClassReport) -> str:
    """Show the report in the terminal."""
    graded = report.graded
    mean = sum(mark.points or 0.0 for mark in graded) / len(graded) if graded else 0.0
    parts = [
        f"{report.assignment}: {len(graded)} of {len(report.marks)} people have points, on average "
        f"{mean:.1f} of {report.maximum:g}"
    ]
    widest = max((count for _, count in report.bars), default=0) or 1
    parts.append(
        table(
            ["points", "people", ""],
            [[edges, str(count), "█" * round(40 * count / widest)] for edges, count in report.bars],
            ">><",
        )
    )
    if report.doubtful:
        lines = [_describe(report, item) for item in report.doubtful]
        parts.append("\n  ".join(["Tests that look broken:", *lines]))
    elif report.too_few:
        parts.append(report.too_few)
    rows = [
        [textwrap.shorten(exercise.title, 40, placeholder=" …"), name, *_cells(report.items[name])]
        for exercise in report.exercises
        for name in exercise.cells
        if name in report.items
    ]
    header = ["exercise", "test", "points", "solved", "discrimination"]
    parts.append(table(header, rows, "<<>>>"))
    if report.waiting:
        lines = [f"{title}: {done} of {all_}" for title, (done, all_) in report.waiting.items()]
        parts.append("\n  ".join(["Marked by hand:", *lines]))
    for title, lines in report.notes.items():
        parts.append("\n  ".join([f"{title}:", *lines]))
    return "\n\n".join(parts)


def _describe(report: ClassReport, item: Item) -> str:
    said = report.messages.get(item.name, [])
    most = f"; most often it says: {printable(said[0][0])}" if said else ""
    return f"{item.name}: {item.doubt} ({item.solved:.0%} solved it){most}"


def _cells(item: Item) -> list[str]:
    value = "" if item.discrimination is None else f"{item.discrimination:.2f}"
    return [f"{item.maximum:g}", f"{item.solved:.0%}", value]


def as_html(report: ClassReport) -> bytes:
    """Make a page of the report that needs nothing from outside."""
    seconds = sorted(record.seconds for record in report.records.values())
    memory = sorted(record.memory / 1e6 for record in report.records.values())
    middle = len(seconds) // 2
    facts = {}
    if seconds:
        facts = {
            "Seconds for one": f"{seconds[middle]:.1f} in the middle, {seconds[-1]:.1f} at most",
            "Memory for one": f"{memory[middle]:.0f} MB in the middle, {memory[-1]:.0f} MB at most",
        }
    template = Path(__file__).with_name("report.html")
    highest = max(count for _, count in report.bars) or 1
    return fill(template, report=report, facts=facts, highest=highest).encode()
