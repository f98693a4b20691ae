"""`course prove`: grade wrong answers, and say which of them the tests let pass."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.console import progress, raise_for
from helpers.errors import CourseError
from helpers.grading.system import require_linux

if TYPE_CHECKING:
    from helpers.grading.cohort.assignment import Assignment
    from helpers.grading.execution.engine import Engine

__all__ = ["add_arguments", "run"]

# No answer needs as long, and those that never end wait for it.
_SECONDS = 60
_OUTPUT = Path("tests", "output", "proof")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course prove`."""
    parser.add_argument(
        "assignment",
        nargs="?",
        metavar="ASSIGNMENT",
        help="whose tests; all that tests/proof/ knows, if none is named",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--exercise", metavar="ID", help="of this answer alone, by its grade_id")
    what.add_argument(
        "--check",
        action="store_true",
        help="grade nothing, but fail if the numbers in tests/proof/ are not those of the notebook",
    )
    what.add_argument(
        "--force", action="store_true", help="grade what has not changed since it was graded, too"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prove assignments, or check their numbers; return 1 if a test is wrong about an answer."""
    require_linux()
    root: Path = arguments.root
    names = _names(root, arguments)
    if arguments.check:
        return _check(root, names)
    print("Reading the solutions …", flush=True)

    from helpers.grading.execution.engine import Engine, Options
    from helpers.grading.sandbox import Limits

    anew = arguments.force or arguments.exercise is not None
    read = [_read(root, name) for name in names]
    assignments = [each for each in read if anew or not _unchanged(root, each)]
    if not assignments:
        return 0
    engine = Engine(Options(Limits(cell_seconds=_SECONDS), sandboxed=True))
    try:
        proven = [_prove(arguments, engine, each) for each in assignments]
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the next `course prove` goes on from here") from None
    finally:
        engine.close()
    return 0 if all(proven) else 1


def _names(root: Path, arguments: argparse.Namespace) -> list[str]:
    from helpers.proving.equivalents import FOLDER
    from helpers.proving.numbers import known

    if arguments.assignment is not None:
        return folder.assignments(root, [arguments.assignment])
    if arguments.exercise is not None:
        raise CourseError("--exercise needs the name of its assignment, too")
    names = known(root)
    if not names:
        raise CourseError(
            f"{FOLDER} knows no assignment yet; name one, such as `course prove "
            f"{folder.assignments(root)[0]}`"
        )
    return folder.assignments(root, names)


def _read(root: Path, name: str) -> "Assignment":
    from helpers.grading.cohort.assignment import read_assignment
    from helpers.grading.course import open_course
    from helpers.grading.execution.preprocessor import ExecuteApart

    course = open_course(root)
    # Students' work is graded with these, and training with all data would hit the limit of time.
    parameters = ExecuteApart(config=course.config).parameters.get(name, {})
    return replace(read_assignment(course, name), parameters=parameters)


def _equivalents(root: Path, assignment: "Assignment") -> dict[tuple[str, str], str]:
    from helpers.proving.equivalents import read_equivalents

    return read_equivalents(root, assignment.name, {answer for _, answer in assignment.answers})


def _unchanged(root: Path, assignment: "Assignment") -> bool:
    """Print the numbers of the last proof, if they belong to the notebook; tell whether they do."""
    from helpers.proving.numbers import fingerprint, read_numbers
    from helpers.proving.tables import tables

    name = assignment.name
    try:
        numbers = read_numbers(root, name)
    except CourseError:
        # A damaged file is made anew.
        return False
    if numbers is None or numbers[0] != fingerprint(assignment, _equivalents(root, assignment)):
        return False
    print(f"\n{name}: proven before, and unchanged\n\n{tables(numbers[1])}", flush=True)
    return True


def _prove(arguments: argparse.Namespace, engine: "Engine", assignment: "Assignment") -> bool:
    """Grade all wrong answers, print what was found, and keep the numbers if all is proven."""
    from helpers.grading.cohort.version import grader_version
    from helpers.proving.equivalents import equivalents_file
    from helpers.proving.exercises import find_exercises
    from helpers.proving.findings import as_text, find
    from helpers.proving.kept import Kept
    from helpers.proving.numbers import as_json, fingerprint, numbers_file
    from helpers.proving.outcome import sort_out
    from helpers.proving.page import as_html
    from helpers.proving.proof import prove
    from helpers.proving.tables import tables

    root, only, name = arguments.root, arguments.exercise, assignment.name
    equivalents = _equivalents(root, assignment)
    exercises = find_exercises(assignment, only)
    count = sum(each.count for each in exercises)
    kept = Kept(root / _OUTPUT / f"{name}.jsonl", grader_version(), forget=arguments.force)
    work = prove(engine, assignment, exercises, kept)
    verdicts = list(progress(work, name, count, "answer"))
    outcomes = [sort_out(exercise, verdicts, equivalents) for exercise in exercises]
    counts = {outcome.exercise.name: outcome.counts for outcome in outcomes}
    print(f"\n{name}\n\n{tables(counts)}", flush=True)
    findings = find(outcomes, folder.shown(equivalents_file(root, name)))
    print(as_text(findings), end="")
    page = root / _OUTPUT / f"{name}.html"
    folder.replace_files({page: as_html(name, counts, findings)})
    if findings:
        print(f"\n{folder.shown(page)}: the same beside the texts of the exercises")
    proven = all(outcome.proven for outcome in outcomes)
    if only is None and proven:
        content = as_json(fingerprint(assignment, equivalents), counts)
        folder.replace_files({numbers_file(root, name): content})
    return proven


def _check(root: Path, names: list[str]) -> int:
    """Compare the digests in the files of numbers with those of the notebooks."""
    from helpers.proving.numbers import fingerprint, numbers_file, read_numbers
    from helpers.proving.tables import summary

    rows, problems = {}, []
    for name in names:
        numbers = read_numbers(root, name)
        if numbers is None:
            problems.append(f"{numbers_file(root, name)} is missing")
            continue
        digest, counts = numbers
        assignment = _read(root, name)
        current = digest == fingerprint(assignment, _equivalents(root, assignment))
        rows[name] = list(counts.values()), "up to date" if current else "outdated"
        if not current:
            problems.append(
                f"{numbers_file(root, name)} has the numbers of another notebook, or of other "
                "wrong answers"
            )
    if rows:
        print(summary(rows))
    raise_for(problems, "run `course prove ASSIGNMENT` and commit tests/proof/")
    return 0
