"""Grade wrong answers, and right ones in other words."""

import copy
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial

from nbformat import NotebookNode
from nbgrader import utils

from helpers.checksums import digest_of_list
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.execution.engine import Engine
from helpers.grading.submission import Reference, align
from helpers.processors import cores
from helpers.proving.by_heart import BY_HEART, by_heart, read_questions, telling
from helpers.proving.exercises import Exercise, visible_part
from helpers.proving.kept import Kept, Said
from helpers.proving.variants import Variant

__all__ = ["Verdict", "prove"]

_HIDDEN = "Hidden test"


@dataclass(frozen=True)
class Verdict:
    """What the tests said of an answer.

    Attributes
    ----------
    exercise, variant
        The answer.
    lost
        The points that each test took off, by `grade_id`; a test that could not be judged took
        them all.
    visible
        Those of the tests that fail in front of the student, too.
    decided
        Whether all tests could be judged.
    """

    exercise: Exercise
    variant: Variant
    lost: Mapping[str, float]
    visible: frozenset[str]
    decided: bool

    @property
    def change(self) -> str:
        """The lines that differ from the solution, with `-` and `+` before them."""
        lines = unified_diff(
            self.exercise.solution.splitlines(), self.variant.source.splitlines(), lineterm="", n=0
        )
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))

    @property
    def surprises(self) -> bool:
        """Whether it passes all that a student sees, and loses more than one point."""
        return not self.visible and sum(self.lost.values()) > 1


def prove(
    engine: Engine, assignment: Assignment, exercises: Sequence[Exercise], kept: Kept
) -> Iterator[Verdict]:
    """Grade each variant in the place of its solution, beside the solutions of the others.

    Parameters
    ----------
    engine
        What executes them.
    assignment, exercises
        The answers, as `find_exercises` finds them.
    kept
        Verdicts that need not be found again; new ones are added.

    Yields
    ------
    Verdict
        In the order in which they are done.

    Raises
    ------
    NeedsReview
        If a notebook can't be executed at all.
    """
    judge = partial(_judge, engine, assignment)
    learn = partial(_judge_by_heart, engine, assignment, visible_part(assignment))
    tasks = [
        partial(_find_or_judge, kept, assignment, each, variant, judge)
        for each in exercises
        for variant in each.variants
    ]
    for each in exercises:
        asked = Variant(BY_HEART, telling(each.solution))
        tasks.append(partial(_find_or_judge, kept, assignment, each, asked, learn))
    with ThreadPoolExecutor(cores()) as pool:
        waiting = [pool.submit(task) for task in tasks]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _find_or_judge(
    kept: Kept,
    assignment: Assignment,
    exercise: Exercise,
    variant: Variant,
    judge: Callable[[Exercise, Variant], Verdict],
) -> Verdict:
    key = _depends_on(assignment, exercise, variant)
    said = kept.find(key)
    if said is not None:
        answer = Variant(variant.kind, said.source)
        return Verdict(exercise, answer, said.lost, frozenset(said.visible), decided=True)
    verdict = judge(exercise, variant)
    if verdict.decided:
        visible = sorted(verdict.visible)
        kept.add(key, Said(verdict.variant.source, dict(verdict.lost), visible))
    return verdict


def _depends_on(assignment: Assignment, exercise: Exercise, variant: Variant) -> str:
    """Return a digest of what is executed for a verdict: code up to the exercise's last test."""
    parts = [json.dumps([exercise.name, variant.kind, dict(assignment.parameters)], sort_keys=True)]
    left = set(exercise.points)
    for cell in assignment.references[exercise.notebook].notebook.cells:
        if left and cell.cell_type == "code":
            mark = cell.metadata.get("nbgrader", {})
            name = mark.get("grade_id")
            source = variant.source if name == exercise.name else cell.source
            parts += [source, json.dumps(mark, sort_keys=True)]
            left.discard(name)
    return digest_of_list(part.encode() for part in parts)


def _judge(engine: Engine, assignment: Assignment, exercise: Exercise, variant: Variant) -> Verdict:
    notebook, undecided = _execute(engine, assignment, exercise, variant.source)
    lost, visible = _lost(notebook, exercise.points)
    lost |= {test: exercise.points[test] for test in undecided}
    return Verdict(exercise, variant, lost, visible | undecided, decided=not undecided)


def _judge_by_heart(
    engine: Engine, assignment: Assignment, visible: Assignment, exercise: Exercise, asked: Variant
) -> Verdict:
    notebook, _ = _execute(engine, visible, exercise, asked.source)
    source = by_heart(exercise.solution, read_questions(notebook))
    return _judge(engine, assignment, exercise, Variant(asked.kind, source))


def _execute(
    engine: Engine, assignment: Assignment, exercise: Exercise, source: str
) -> tuple[NotebookNode, frozenset[str]]:
    """Execute the instructor's notebook with another answer; return it, and undecided tests."""
    reference = assignment.references[exercise.notebook]
    notebook, _ = align(_with_answer(reference, exercise.name, source), reference)
    result = engine.execute(
        exercise.notebook,
        notebook,
        assignment.plans[exercise.notebook],
        exercise.points.keys(),
        parameters=assignment.parameters,
    )
    undecided = result.undecided[exercise.notebook].keys() & exercise.points.keys()
    return notebook, frozenset(undecided)


def _with_answer(reference: Reference, name: str, source: str) -> NotebookNode:
    notebook = copy.deepcopy(reference.notebook)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = source
    return notebook


def _lost(
    notebook: NotebookNode, tests: Collection[str]
) -> tuple[dict[str, float], frozenset[str]]:
    lost, visible = {}, set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in tests:
            points, most = utils.determine_grade(cell)
            if points is not None and points < most:
                lost[name] = most - points
                if all(output.get("ename") != _HIDDEN for output in cell.outputs):
                    visible.add(name)
    return lost, frozenset(visible)
