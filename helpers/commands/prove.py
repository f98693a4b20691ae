"""`course prove`: grade wrong answers, and say which of them the tests let pass."""

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.console import table
from helpers.grading.system import require_linux

if TYPE_CHECKING:
    from helpers.proving.proof import Exercise, Verdict

__all__ = ["add_arguments", "run"]

PROOF = "tests/proof/"
# No answer needs as long, and those that never end wait for it.
_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course prove`."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="whose tests")
    parser.add_argument("--exercise", metavar="ID", help="of this answer alone, by its grade_id")


def run(arguments: argparse.Namespace) -> int:
    """Print a table and the survivors; return 1 if a wrong answer loses nothing."""
    require_linux()
    root: Path = arguments.root
    [name] = folder.assignments(root, [arguments.assignment])
    print("Reading the solutions …", flush=True)

    from tqdm import tqdm

    from helpers.grading.cohort.assignment import read_assignment
    from helpers.grading.course import open_course
    from helpers.grading.execution.engine import Engine, Options
    from helpers.grading.sandbox import Limits
    from helpers.proving.equivalents import read_equivalents
    from helpers.proving.proof import find_exercises, prove

    equivalents = read_equivalents(root, name)
    assignment = read_assignment(open_course(root), name)
    exercises = find_exercises(assignment, arguments.exercise)
    count = sum(len(exercise.mutants) for exercise in exercises)
    engine = Engine(Options(Limits(cell_seconds=_SECONDS), sandboxed=True))
    try:
        proof = prove(engine, assignment, exercises)
        verdicts = list(tqdm(proof, "wrong answers", count, disable=None, unit="answer"))
    finally:
        engine.close()

    wrong = defaultdict(list)
    equivalent: Counter[str] = Counter()
    for verdict in verdicts:
        if (verdict.exercise.name, verdict.change) in equivalents:
            equivalent[verdict.exercise.name] += 1
        else:
            wrong[verdict.exercise.name].append(verdict)
    rows = [_row(each, wrong[each.name], equivalent[each.name]) for each in exercises]
    tests = [row for each in exercises for row in _tests(each, wrong[each.name])]
    print(table(["exercise", "wrong answers", "caught", "in sight", "equivalent"], rows, "<>>>>"))
    print()
    print(table(["test", "points", "catches", "it alone"], tests, "<>>>"))
    in_order = [verdict for exercise in exercises for verdict in wrong[exercise.name]]
    survivors = [verdict for verdict in in_order if not verdict.lost]
    _list(f"No test catches these. Mend a test, or list the right ones in {PROOF}:", survivors)
    surprises = [verdict for verdict in in_order if verdict.surprises]
    _list("These pass all that students see, and lose more than one point:", surprises)
    return 1 if survivors else 0


def _list(title: str, verdicts: list["Verdict"]) -> None:
    from helpers.proving.equivalents import shown

    if verdicts:
        changes = "\n\n".join(shown(each.exercise.name, each.change) for each in verdicts)
        print(f"\n{title}\n\n{changes}")


def _row(exercise: "Exercise", wrong: list["Verdict"], equivalent: int) -> list[str]:
    caught = sum(bool(verdict.lost) for verdict in wrong)
    visible = sum(bool(verdict.visible) for verdict in wrong)
    share = [f"{100 * part / (len(wrong) or 1):.1f} %" for part in (caught, visible)]
    return [exercise.name, str(len(wrong)), *share, str(equivalent)]


def _tests(exercise: "Exercise", wrong: list["Verdict"]) -> list[list[str]]:
    catches = Counter(test for verdict in wrong for test in verdict.lost)
    alone = Counter(next(iter(verdict.lost)) for verdict in wrong if len(verdict.lost) == 1)
    return [
        [test, f"{points:g}", str(catches[test]), str(alone[test])]
        for test, points in exercise.points.items()
    ]
