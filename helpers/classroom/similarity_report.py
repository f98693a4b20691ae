"""The pairs of similar submissions, as a table and as a page that shows them side by side."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.classroom.answers import AnsweredExercise
from helpers.classroom.similarity import SimilarAnswers, find_pairs
from helpers.console import table
from helpers.grading.submission.wording import printable
from helpers.page import fill

__all__ = ["Match", "SimilarPeople", "as_html", "as_text", "compare"]

# Nobody looks at more, and the page would not open.
_MOST = 100
_LINE_BREAK = re.compile(r"(\s*\n\s*)")


@dataclass(frozen=True)
class Match:
    """Similar answers of two people to one exercise.

    Parameters
    ----------
    title
        The exercise.
    share
        How much of the shorter answer is in the other one, from 0 to 1.
    sides
        For each of the two, the parts of the answer, and whether each is common to both.
    """

    title: str
    share: float
    sides: tuple[list[tuple[str, bool]], list[tuple[str, bool]]]


@dataclass(frozen=True)
class SimilarPeople:
    """Two people, or teams, with similar answers.

    Parameters
    ----------
    names
        The two names.
    matches
        The exercises with similar answers, in order.
    """

    names: tuple[str, str]
    matches: Sequence[Match]


def compare(exercises: Iterable[AnsweredExercise]) -> list[SimilarPeople]:
    """Find the pairs that are worth a look, those with the most in common first."""
    found: dict[tuple[str, str], list[Match]] = defaultdict(list)
    common: dict[tuple[str, str], float] = defaultdict(float)
    for exercise in exercises:
        for pair in find_pairs(exercise.answers, exercise.known, exercise.tokeniser):
            names = pair.first, pair.second
            found[names].append(_match(exercise, pair))
            common[names] += pair.common
    return [
        SimilarPeople(names, found[names])
        for names in sorted(found, key=lambda names: -common[names])
    ]


def _match(exercise: AnsweredExercise, pair: SimilarAnswers) -> Match:
    first, second = (
        list(_parts(exercise.answers[name], places))
        for name, places in zip((pair.first, pair.second), pair.places, strict=True)
    )
    return Match(exercise.title, pair.share, (first, second))


def _parts(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    end = 0
    for start, stop in places:
        yield text[end:start], False
        # Line breaks and indentation are not marked.
        for number, part in enumerate(_LINE_BREAK.split(text[start:stop])):
            yield part, number % 2 == 0
        end = stop
    yield text[end:], False


def as_text(pairs: Sequence[SimilarPeople]) -> str:
    """Show the pairs in the terminal, a row for each; all their answers are on the page."""
    rows = []
    for pair in pairs[:_MOST]:
        most = max(pair.matches, key=lambda match: match.share)
        names = map(printable, pair.names)
        rows.append([*names, str(len(pair.matches)), f"{most.share:.0%}", printable(most.title)])
    columns = ["one", "the other", "exercises alike", "most in common", "in"]
    lines = [table(columns, rows, "<<>><")] if rows else []
    if len(pairs) > _MOST:
        lines.append(f"… and {len(pairs) - _MOST} pairs with less in common")
    return "\n".join(lines)


def as_html(assignment: str, pairs: Sequence[SimilarPeople], problems: Sequence[str]) -> bytes:
    """Make a page of the pairs that needs nothing from outside.

    Parameters
    ----------
    assignment
        Its name.
    pairs
        As `compare` finds them.
    problems
        What could not be compared, a line each.
    """
    page = fill(
        Path(__file__).with_name("similarity_report.html"),
        assignment=assignment,
        pairs=pairs[:_MOST],
        more=max(0, len(pairs) - _MOST),
        problems=problems,
    )
    return page.encode()
