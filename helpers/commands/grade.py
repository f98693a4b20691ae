"""`course grade`: autograde the submissions."""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands import folder
from helpers.errors import CourseError
from helpers.grading.system import require_linux

if TYPE_CHECKING:
    from helpers.grading.cohort.grading import Done, Grading
    from helpers.grading.cohort.workers import Workers
    from helpers.grading.course import Course, Submission
    from helpers.grading.execution.engine import Options
    from helpers.grading.execution.preprocessor import ExecuteApart
    from helpers.grading.sandbox import Limits
    from helpers.grading.states import State

__all__ = ["add_arguments", "find_limits", "run"]

_UNRECOGNISED = "no assignment has this name; move it to submitted/STUDENT/ASSIGNMENT/"
_UNPRINTABLE = "its name has characters that can't be shown; rename it"
# A student's machine, or solution, may be so much slower than the instructor's.
_SLOWER = 30
_CELL_SECONDS = 60, 600
_OPEN = "course: warning: students' code runs without a sandbox, with all your rights"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course grade`."""
    # 1 says that a submission needs review.
    parser.set_defaults(failure=2)
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all by default")
    parser.add_argument("--student", metavar="ID", help="grade this student alone")
    parser.add_argument(
        "--exercise",
        metavar="NAME",
        help="judge the tests of this exercise anew (the grade_id of its solution cell, or of one "
        "test), and keep the points of all others",
    )
    parser.add_argument(
        "--force", action="store_true", help="grade submissions again that have not changed"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and change nothing"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON, too")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="execute on the workers of this Dask scheduler"
    )
    parser.add_argument(
        "--cold", action="store_true", help="start every kernel anew: slower, with the same marks"
    )
    parser.add_argument(
        "--all-cells",
        action="store_true",
        help="run the cells of the release that only show something, too: slower, with the same "
        "marks",
    )
    parser.add_argument(
        "--own-parameters",
        action="store_true",
        help="leave large values in cells tagged `parameters` as students have set them, instead "
        "of the smaller ones in nbgrader_config.py",
    )
    parser.add_argument(
        "--cell-seconds",
        type=float,
        metavar="SECONDS",
        help="how long a cell of a student's notebook may run (default: thirty times what the "
        "slowest cell of the instructor's took in `course check`, at least a minute, at most ten)",
    )
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run students' code with all your rights, if you trust it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Grade, print the report, and return 1 if a submission needs review."""
    require_linux()
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)
    _tell("Looking for submissions")

    from helpers.grading.course import open_course
    from helpers.grading.submission.wording import printable

    course = open_course(root)
    course.require_engine()
    submissions = course.submissions(names, arguments.student)
    unrecognised = [
        f"{'/'.join(map(printable, path.relative_to(root).parts))}: "
        f"{_UNRECOGNISED if path.name.isprintable() else _UNPRINTABLE}"
        for path in course.unrecognised(folder.assignments(root), arguments.student)
    ]
    if not submissions and not unrecognised:
        whose = f"of student {arguments.student} " if arguments.student else ""
        raise CourseError(
            f"submitted/ has no submission {whose}for {', '.join(names)}; "
            "put each as submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb"
        )
    if not submissions:
        print("To be reviewed:", *unrecognised, sep="\n  ")
        return 1

    from helpers.grading.execution.preprocessor import ExecuteApart

    settings = ExecuteApart(config=course.config)
    if arguments.dry_run:
        from helpers.grading.cohort.plan import show_plan

        grading, chosen = _prepare(course, settings, submissions, arguments)
        print(show_plan(grading, chosen, unrecognised))
        return 0
    _tell(f"Found {len(submissions)}; opening the gradebook")

    from helpers.classroom.names import name_students
    from helpers.classroom.roster import read_roster
    from helpers.grading.cohort.lock import alone
    from helpers.grading.cohort.report import as_json, as_text
    from helpers.grading.cohort.version import grader_version
    from helpers.grading.cohort.workers import workers
    from helpers.grading.nbgrader_steps.autograde import register, tidy
    from helpers.grading.states import REVIEW, find_state

    options, roster = _options(settings, arguments), read_roster(root)
    _require_sandbox(options, arguments)
    with alone(course), workers(arguments.scheduler, options, grader_version()) as workforce:
        tidy(course)
        for name in sorted({submission.assignment for submission in submissions}):
            register(course, name)
        course.require_writable_gradebook()
        name_students(course, roster)
        grading, chosen = _prepare(course, settings, submissions, arguments)
        for name, assignment in grading.assignments.items():
            lowered = [f"{variable} = {most:,}" for variable, most in assignment.parameters.items()]
            if lowered:
                _tell(f"{name} is graded with at most {', '.join(lowered)}")
        assignments = grading.assignments
        unchecked = [n for n in assignments if _cell_seconds(settings, arguments, n) is None]
        if unchecked:
            _tell(
                f"{', '.join(unchecked)} {'has' if len(unchecked) == 1 else 'have'} not passed "
                "`course check` here, so each endless loop takes "
                f"{assignments[unchecked[0]].limits.cell_seconds:.0f} s"
            )
        sandboxed = grading.options.sandboxed
        results: list[Done] = []

        def look_up() -> "dict[Submission, State]":
            results.sort(key=attrgetter("submission"))
            with course.gradebook() as gradebook:
                found = [done.submission for done in results]
                return {entry: find_state(course, gradebook, entry) for entry in found}

        def write_report(states: "dict[Submission, State]") -> None:
            if arguments.report is not None:
                content = as_json(results, states, unrecognised, sandboxed)
                folder.replace_files({arguments.report.absolute(): content})

        try:
            for done in _grade(grading, chosen, workforce):
                results.append(done)
        except KeyboardInterrupt:
            # What was graded until then is kept, so it is reported, too.
            write_report(look_up())
            raise KeyboardInterrupt(
                f"{len(results)} of {len(chosen)} submissions are graded; the next `course grade` "
                "goes on with the others"
            ) from None
        states = look_up()
    print(as_text(results, states, unrecognised, sandboxed))
    write_report(states)
    return 1 if unrecognised or any(state.status == REVIEW for state in states.values()) else 0


def _prepare(
    course: "Course",
    settings: "ExecuteApart",
    submissions: "list[Submission]",
    arguments: argparse.Namespace,
) -> "tuple[Grading, list[Submission]]":
    """Put together what the arguments ask for; list the submissions that it is about."""
    from helpers.grading.cohort.assignment import find_tests, read_assignment
    from helpers.grading.cohort.grading import Grading
    from helpers.grading.cohort.version import grader_version

    assignments = {
        name: replace(
            read_assignment(course, name),
            limits=find_limits(settings, arguments, name),
            parameters={} if arguments.own_parameters else settings.parameters.get(name, {}),
        )
        for name in sorted({submission.assignment for submission in submissions})
    }
    only = None
    if arguments.exercise is not None:
        only = find_tests(assignments.values(), arguments.exercise)
        submissions = [entry for entry in submissions if only & assignments[entry.assignment].tests]
    scores = {}
    if course.has_gradebook:
        with course.gradebook() as gradebook:
            scores = {name: course.scores(gradebook, name) for name in assignments}
    options = _options(settings, arguments)
    grading = Grading(course, assignments, options, grader_version(), scores, only, arguments.force)
    return grading, submissions


def _options(settings: "ExecuteApart", arguments: argparse.Namespace) -> "Options":
    """Return how to execute: as nbgrader_config.py and the arguments say."""
    options = settings.options
    return replace(
        options,
        warm=options.warm and not arguments.cold,
        sandboxed=options.sandboxed and not arguments.no_sandbox,
        all_cells=arguments.all_cells or options.all_cells,
    )


def find_limits(
    settings: "ExecuteApart", arguments: argparse.Namespace, assignment: str
) -> "Limits":
    """Return what a submission may use: an endless loop is not to hold up a class for long.

    Parameters
    ----------
    settings
        Those of nbgrader_config.py.
    arguments
        Those of the command.
    assignment
        Its name; how long its source notebook takes here is known from `course check`.
    """
    limits = settings.options.limits
    seconds = _cell_seconds(settings, arguments, assignment)
    return limits if seconds is None else replace(limits, cell_seconds=seconds)


def _cell_seconds(
    settings: "ExecuteApart", arguments: argparse.Namespace, assignment: str
) -> float | None:
    """Return how long a cell may run, or None if neither a person nor `course check` says so."""
    from helpers.commands.check.stamps import read_stamp

    chosen: float | None = arguments.cell_seconds or settings.cell_seconds
    if chosen is not None:
        return chosen
    stamp = read_stamp(arguments.root, assignment)
    # One that failed may have ended before its slowest cell.
    if stamp is None or stamp.fingerprint is None:
        return None
    least, most = _CELL_SECONDS
    # In whole minutes, so that the same machine says the same again.
    return min(most, max(least, 60 * math.ceil(_SLOWER * stamp.slowest_cell / 60)))


def _require_sandbox(options: "Options", arguments: argparse.Namespace) -> None:
    """Refuse to run students' code in the open, unless that is asked for."""
    from helpers.grading.sandbox import find_bubblewrap

    if not options.sandboxed:
        print(_OPEN, file=sys.stderr)
    elif arguments.scheduler is None:
        find_bubblewrap()


def _grade(
    grading: "Grading", submissions: "list[Submission]", workforce: "Workers"
) -> "Iterator[Done]":
    """Grade, and show how far it is: a bar on a screen, a line for each submission in a log."""
    from tqdm import tqdm

    _tell(f"Grading {len(submissions)} submissions side by side; the first takes longest")
    on_screen = sys.stderr.isatty()

    def tell(submission: "Submission", seconds: float) -> None:
        limit = grading.assignments[submission.assignment].limits.cell_seconds
        tqdm.write(
            f"submitted/{submission.student}/{submission.assignment} has been running for "
            f"{seconds:.0f} s (a cell may take {limit:.0f} s)",
            file=sys.stderr,
        )

    with tqdm(total=len(submissions), desc="grading", disable=not on_screen) as bar:
        for number, done in enumerate(grading.run(workforce, submissions, tell), 1):
            bar.update()
            if not on_screen:
                entry = done.submission
                place = f"submitted/{entry.student}/{entry.assignment}"
                print(f"{number}/{len(submissions)} {place}", file=sys.stderr, flush=True)
            yield done


def _tell(what: str) -> None:
    """Say what is being done: importing what grading needs alone takes seconds."""
    print(f"{what} …", flush=True)
