"""`course check`: run every source notebook, compare its results with the thresholds, grade it."""

import argparse
from pathlib import Path

from helpers.commands.check.report import as_html, as_text, rows_of
from helpers.commands.check.runner import Outcome, add_timeout, can_isolate, run_notebooks
from helpers.commands.check.solutions import Solutions
from helpers.commands.check.stamps import OUTPUT, Stamp, fingerprint, read_stamp
from helpers.commands.check.thresholds import THRESHOLDS, load, shortcomings
from helpers.commands.folder import assignments, replace_files, source_notebook
from helpers.commands.lint import read_notebook
from helpers.console import raise_for

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course check`."""
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    parser.add_argument(
        "--force", action="store_true", help="run notebooks again that have not changed"
    )
    add_timeout(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the notebooks that changed, print a table and write the report."""
    root: Path = arguments.root
    output = root / OUTPUT
    thresholds = load(root / THRESHOLDS, assignments(root))
    notebooks = {
        name: source_notebook(root, name) for name in assignments(root, arguments.assignments)
    }
    for notebook in notebooks.values():
        read_notebook(notebook)

    stamps = {name: stamp for name in notebooks if (stamp := read_stamp(root, name))}
    fingerprints = {name: fingerprint(root, name) for name in notebooks}
    unchanged = {
        name: Outcome(stamp.values, None, stamp.seconds, stamp.slowest_cell)
        for name, stamp in stamps.items()
        if stamp.fingerprint == fingerprints[name]
        and (output / f"{name}.html").is_file()
        and not arguments.force
    }
    isolate = can_isolate()
    problems: dict[str, list[str]] = {}
    with Solutions(root, arguments.timeout) as solutions:

        def conclude(name: str, outcome: Outcome) -> None:
            failure = outcome.failure
            problems[name] = (
                [failure] if failure else shortcomings(outcome.values, thresholds[name])
            )
            if not problems[name] and name not in unchanged and _has_tests(notebooks[name]):
                problems[name] = solutions.grade(name)

        for name, outcome in unchanged.items():
            conclude(name, outcome)
        outcomes = unchanged | run_notebooks(
            {name: path for name, path in notebooks.items() if name not in unchanged},
            {name: stamp.seconds for name, stamp in stamps.items()},
            arguments.timeout,
            isolate,
            conclude,
        )
    sharing = {name: stamps[name].sharing for name in unchanged}
    sharing |= {name: found.sharing for name, found in solutions.graded.items()}
    rows = [
        row
        for name in notebooks
        for row in rows_of(name, outcomes[name], thresholds[name], name in unchanged)
    ]
    print(as_text(rows))
    for name in notebooks:
        if tests := ", ".join(sharing.get(name, [])):
            print(f"{name}: what functions write on their arguments decides about {tests}.")
    files = {output / "index.html": as_html(rows, problems, isolate).encode()}
    for name in outcomes.keys() - unchanged.keys():
        # Without a fingerprint, a notebook that failed runs again the next time.
        passed = None if problems[name] else fingerprints[name]
        outcome = outcomes[name]
        stamp = Stamp(
            passed,
            outcome.values,
            outcome.seconds,
            outcome.slowest_cell,
            sharing.get(name, []),
        )
        files[output / f"{name}.json"] = stamp.as_json()
        files[output / f"{name}.html"] = outcomes[name].html
    replace_files(files)
    found = [f"{name}: {problem}" for name in notebooks for problem in problems[name]]
    raise_for(found, f"the report is {(OUTPUT / 'index.html').as_posix()}")
    return 0


def _has_tests(notebook: Path) -> bool:
    marks = (cell["metadata"].get("nbgrader", {}) for cell in read_notebook(notebook)["cells"])
    return any(mark.get("grade") and not mark.get("solution") for mark in marks)
