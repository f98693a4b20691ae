"""What a person should look at after a proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from helpers.proving.equivalents import shown
from helpers.proving.exercises import Exercise
from helpers.proving.outcome import Outcome
from helpers.proving.proof import Verdict

__all__ = ["Finding", "as_text", "find"]


@dataclass(frozen=True)
class Finding:
    """Something that the tests get wrong.

    Attributes
    ----------
    title
        What is wrong, for all of this kind.
    exercise
        Where.
    about
        The kind of answer or the names of tests.
    change
        The lines in which the answer differs from the solution, with `-` and `+` before them;
        nothing if it is the same in other words, or if this is about a test.
    """

    title: str
    exercise: Exercise
    about: str
    change: str = ""


def find(outcomes: Sequence[Outcome], equivalents: str) -> list[Finding]:
    """List what a person should look at, by what is wrong, in the order of the notebook.

    Parameters
    ----------
    outcomes
        Those of the exercises.
    equivalents
        The name of the file that lists right answers.
    """
    found = [finding for outcome in outcomes for finding in _findings(outcome, equivalents)]
    titles = list(dict.fromkeys(finding.title for finding in found))
    return sorted(found, key=lambda finding: titles.index(finding.title))


def as_text(findings: Sequence[Finding]) -> str:
    """Write them, each group under its title; changes as the file of right answers has them."""
    groups = []
    for title, group in groupby(findings, key=lambda finding: finding.title):
        lines = [
            shown(each.exercise.name, each.change) + "\n"
            if each.change
            else f"{each.exercise.name}, {each.about}"
            for each in group
        ]
        groups.append(f"\n{title}\n\n" + "\n".join(lines).rstrip("\n") + "\n")
    return "".join(groups)


def _findings(outcome: Outcome, equivalents: str) -> Iterator[Finding]:
    exercise = outcome.exercise

    def changes(title: str, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
        for verdict in verdicts:
            yield Finding(title, exercise, verdict.variant.kind, verdict.change)

    for verdict in outcome.unfair:
        about = f"{verdict.variant.kind}: {', '.join(verdict.lost)}"
        yield Finding("The solution in other words loses points of these tests:", exercise, about)
    for verdict, kept in outcome.winners:
        title = "These keep points of tests because they write on the arrays that they are given:"
        yield Finding(title, exercise, f"{verdict.variant.kind}: {', '.join(kept)}")
    for test in outcome.known_by_heart:
        title = "Who knows the visible part of these tests by heart passes the hidden one, too:"
        yield Finding(title, exercise, test)
    for test in outcome.not_by_heart:
        title = "The answer by heart fails what students see of these tests, and so proves nothing:"
        yield Finding(title, exercise, test)
    for test in outcome.idle:
        yield Finding("No wrong answer loses the points of these tests:", exercise, test)
    yield from changes(
        f"No test catches these. Mend a test, or list the right ones in {equivalents}:",
        outcome.survivors,
    )
    yield from changes(
        f"{equivalents} lists these as right, but they lose points. Mend a test or the list:",
        outcome.refused,
    )
    for change in outcome.stale:
        title = (
            f"{equivalents} lists these, but no operator makes them now. Take them out of the list:"
        )
        yield Finding(title, exercise, "not made any more", change)
    yield from changes(
        "These pass all that students see, and lose more than one point; show more in a visible "
        "test:",
        outcome.surprises,
    )
