"""What the verdicts on answers say of the tests of an exercise."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from helpers.proving.by_heart import BY_HEART
from helpers.proving.exercises import Exercise
from helpers.proving.proof import Verdict

__all__ = ["Counts", "Outcome", "TestCounts", "sort_out"]


@dataclass(frozen=True)
class TestCounts:
    """How much a test is worth.

    Attributes
    ----------
    points
        What it gives at most.
    catches
        The number of wrong answers that lose its points.
    alone
        The number of those that lose no other points.
    """

    points: float
    catches: int
    alone: int


@dataclass(frozen=True)
class Counts:
    """The numbers of an exercise.

    Attributes
    ----------
    wrong
        The number of wrong answers.
    caught
        The number of those that lose points.
    in_sight
        The number of those that fail where the student sees it.
    equivalent
        The number of changes that are right answers still.
    rewritten
        The number of right answers in other words.
    scribblers
        The number of wrong answers that write on what they are given.
    by_heart
        The points of an answer that knows by heart what the visible tests ask.
    tests
        The numbers of each test, by its `grade_id`.
    """

    wrong: int
    caught: int
    in_sight: int
    equivalent: int
    rewritten: int
    scribblers: int
    by_heart: float
    tests: dict[str, TestCounts]


@dataclass(frozen=True)
class Outcome:
    """All verdicts on the answers to an exercise.

    Attributes
    ----------
    exercise
        The exercise.
    wrong
        The verdicts on wrong answers, in the order of the code.
    equivalent
        The verdicts on those that a person found right.
    rewritten
        The verdicts on the solution in other words.
    scribblers
        The verdicts on wrong answers without and with writing on what they are given.
    by_heart
        The verdict on an answer that knows by heart what the visible tests ask.
    stale
        The changes listed as right that are none of the mutants any more.
    """

    exercise: Exercise
    wrong: Sequence[Verdict]
    equivalent: Sequence[Verdict]
    rewritten: Sequence[Verdict]
    scribblers: Sequence[tuple[Verdict, Verdict]]
    by_heart: Verdict
    stale: Sequence[str]

    @property
    def survivors(self) -> list[Verdict]:
        """The wrong answers that no test catches."""
        return [verdict for verdict in self.wrong if not verdict.lost]

    @property
    def surprises(self) -> list[Verdict]:
        """The wrong answers that pass all that a student sees, and lose more than one point."""
        return [verdict for verdict in self.wrong if verdict.surprises]

    @property
    def refused(self) -> list[Verdict]:
        """The right answers that lose points all the same."""
        return [verdict for verdict in self.equivalent if verdict.lost]

    @property
    def unfair(self) -> list[Verdict]:
        """The solution in other words, where that costs points."""
        return [verdict for verdict in self.rewritten if verdict.lost]

    @property
    def winners(self) -> list[tuple[Verdict, list[str]]]:
        """The wrong answers that keep points because they write on what they are given.

        Each with the tests that give them these points.
        """
        found = []
        for plain, writing in self.scribblers:
            kept = [test for test, lost in plain.lost.items() if lost > writing.lost.get(test, 0)]
            if kept:
                found.append((writing, kept))
        return found

    @property
    def known_by_heart(self) -> list[str]:
        """The tests whose hidden part asks nothing but what the visible one does."""
        return [test for test in self._kept_by_heart if test in self.exercise.hidden]

    @property
    def not_by_heart(self) -> list[str]:
        """The tests of whose hidden part nothing is known: the visible one fails the answer."""
        visible = self.by_heart.visible
        return [test for test in self.by_heart.lost if test in visible & {*self.exercise.hidden}]

    @property
    def _kept_by_heart(self) -> dict[str, float]:
        # What is no function is asked nothing, and knows nothing by heart.
        if self.by_heart.variant.source == self.exercise.solution:
            return {}
        points, lost = self.exercise.points, self.by_heart.lost
        return {test: points[test] for test in points if test not in lost}

    @property
    def idle(self) -> list[str]:
        """The tests whose points no wrong answer loses."""
        lost = {test for verdict in self.wrong for test in verdict.lost}
        return [
            test for test, points in self.exercise.points.items() if points and test not in lost
        ]

    @property
    def proven(self) -> bool:
        """Whether every wrong answer loses points, no right one does, and each test is needed."""
        wrong = self.survivors or self.winners or self.known_by_heart or self.idle
        return not (wrong or self.refused or self.unfair or self.stale)

    @property
    def counts(self) -> Counts:
        """The numbers of the exercise."""
        catches = Counter(test for verdict in self.wrong for test in verdict.lost)
        alone = Counter(test for each in self.wrong if len(each.lost) == 1 for test in each.lost)
        return Counts(
            wrong=len(self.wrong),
            caught=sum(bool(verdict.lost) for verdict in self.wrong),
            in_sight=sum(bool(verdict.visible) for verdict in self.wrong),
            equivalent=len(self.equivalent),
            rewritten=len(self.rewritten),
            scribblers=len(self.scribblers),
            by_heart=sum(self._kept_by_heart.values()),
            tests={
                test: TestCounts(points, catches[test], alone[test])
                for test, points in self.exercise.points.items()
            },
        )


def sort_out(
    exercise: Exercise, verdicts: Collection[Verdict], equivalents: Collection[tuple[str, str]]
) -> Outcome:
    """Tell wrong answers from those that a person found right.

    Parameters
    ----------
    exercise
        The exercise.
    verdicts
        Those on its variants and, if there are any, on those of other exercises, in any order.
    equivalents
        The `grade_id` of the answer and the change, for each right answer of the assignment.
    """
    found = {each.variant: each for each in verdicts if each.exercise is exercise}
    ours = [found[mutant] for mutant in exercise.mutants]
    listed = [change for name, change in equivalents if name == exercise.name]
    changes = {verdict.change for verdict in ours}
    return Outcome(
        exercise,
        wrong=[verdict for verdict in ours if verdict.change not in listed],
        equivalent=[verdict for verdict in ours if verdict.change in listed],
        rewritten=[found[rewrite] for rewrite in exercise.rewrites],
        scribblers=[(found[each.plain], found[each.writing]) for each in exercise.scribblers],
        by_heart=next(each for each in found.values() if each.variant.kind == BY_HEART),
        stale=[change for change in listed if change not in changes],
    )
