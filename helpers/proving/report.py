"""What `course prove` prints: tables of numbers, and the answers that a person should look at."""

from collections.abc import Mapping, Sequence

from helpers.console import table
from helpers.proving.equivalents import shown
from helpers.proving.outcome import Counts, Outcome

__all__ = ["findings", "summary", "tables"]

_HEADER = ["wrong answers", "caught", "in sight", "equivalent", "in other words", "scribblers"]


def tables(counts: Mapping[str, Counts]) -> str:
    """Write the numbers of exercises, and below them those of their tests.

    Parameters
    ----------
    counts
        By the `grade_id` of the answer.
    """
    rows = [[name, *_numbers([each])] for name, each in counts.items()]
    tests = [
        [name, f"{test.points:g}", str(test.catches), str(test.alone)]
        for each in counts.values()
        for name, test in each.tests.items()
    ]
    return "\n\n".join(
        [
            table(["exercise", *_HEADER], rows, "<>>>>>>"),
            table(["test", "points", "catches", "it alone"], tests, "<>>>"),
        ]
    )


def summary(rows: Mapping[str, tuple[Sequence[Counts], str]]) -> str:
    """Write a row for each assignment: the sum of its numbers, and whether they are up to date.

    Parameters
    ----------
    rows
        The numbers of its exercises and the state, by the name of the assignment.
    """
    return table(
        ["assignment", *_HEADER, "state"],
        [[name, *_numbers(counts), state] for name, (counts, state) in rows.items()],
        "<>>>>>><",
    )


def findings(outcomes: Sequence[Outcome], equivalents: str) -> str:
    """Write the changes that a person should look at, if there are any, each group under a title.

    Parameters
    ----------
    outcomes
        Those of the exercises.
    equivalents
        The name of the file that lists right answers.
    """
    groups = {
        f"No test catches these. Mend a test, or list the right ones in {equivalents}:": [
            (outcome.exercise.name, verdict.change)
            for outcome in outcomes
            for verdict in outcome.survivors
        ],
        f"{equivalents} lists these as right, but they lose points. Mend a test or the list:": [
            (outcome.exercise.name, verdict.change)
            for outcome in outcomes
            for verdict in outcome.refused
        ],
        f"{equivalents} lists these, but no operator makes them now. Take them out of the list:": [
            (outcome.exercise.name, change) for outcome in outcomes for change in outcome.stale
        ],
        "These pass all that students see, and lose more than one point:": [
            (outcome.exercise.name, verdict.change)
            for outcome in outcomes
            for verdict in outcome.surprises
        ],
    }
    lists = {
        "The solution in other words loses points of these tests:": [
            f"{outcome.exercise.name}, {verdict.variant.kind}: {', '.join(verdict.lost)}"
            for outcome in outcomes
            for verdict in outcome.unfair
        ],
        "These keep points because they write on the arrays that they are given:": [
            f"{outcome.exercise.name}, {verdict.variant.kind}"
            for outcome in outcomes
            for verdict in outcome.winners
        ],
        "No wrong answer loses the points of these tests:": [
            test for outcome in outcomes for test in outcome.idle
        ],
    }
    parts = [(title, "\n".join(lines)) for title, lines in lists.items() if lines]
    parts += [
        (title, "\n\n".join(shown(*change) for change in changes))
        for title, changes in groups.items()
        if changes
    ]
    return "".join(f"\n{title}\n\n{text}\n" for title, text in parts)


def _numbers(counts: Sequence[Counts]) -> list[str]:
    wrong = sum(each.wrong for each in counts)
    caught = sum(each.caught for each in counts)
    in_sight = sum(each.in_sight for each in counts)
    shares = [f"{100 * part / (wrong or 1):.1f} %" for part in (caught, in_sight)]
    others = [(each.equivalent, each.rewritten, each.scribblers) for each in counts]
    return [str(wrong), *shares, *(str(sum(numbers)) for numbers in zip(*others, strict=True))]
