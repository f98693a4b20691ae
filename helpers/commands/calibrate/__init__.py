"""`course calibrate`: say how often an honest run would fall short of what is demanded.

A notebook runs many times, each time with other luck. What it records, and what its tests compare
with a number, is kept; a limit is right if hardly any honest run falls short of it.

Modules
-------
limits          the numbers that a notebook's tests compare with, and a notebook that reports them
luck            in the notebook's kernel: other random numbers, and what was compared
runs            all runs of a notebook, kept, so that none is made twice
report          each limit beside the limit that has the chance wanted
"""

import argparse
from pathlib import Path

from helpers.commands import folder
from helpers.errors import CourseError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course calibrate`."""
    # Not above: the notebooks' kernels import this package, too.
    from helpers.commands.check.runner import add_timeout

    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    parser.add_argument(
        "--seeds", type=int, default=20, metavar="N", help="how many runs each (default: 20)"
    )
    add_timeout(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the notebooks and print a table of the limits.

    Returns 1 if a limit is too tight, or if a test failed in a run.
    """
    from helpers.commands.calibrate.limits import limits_of
    from helpers.commands.calibrate.report import (
        as_text,
        as_thresholds,
        failures,
        rows_of,
        without_threshold,
    )
    from helpers.commands.calibrate.runs import run_all
    from helpers.commands.check.thresholds import THRESHOLDS, load

    if arguments.seeds < 2:
        raise CourseError(f"--seeds {arguments.seeds}: two runs at least show how results spread")
    root: Path = arguments.root
    names = folder.assignments(root, arguments.assignments)
    thresholds = load(root / THRESHOLDS, folder.assignments(root))
    found = run_all(root, names, arguments.seeds, arguments.timeout)
    doubtful = False
    for name in names:
        limits = limits_of(folder.source_notebook(root, name))
        rows = rows_of(found[name], thresholds[name], limits)
        print(f"\n{name}, {arguments.seeds} runs\n\n{as_text(rows, found[name])}", flush=True)
        new = without_threshold(found[name], thresholds[name], limits)
        if measured := as_thresholds(name, rows, new):
            print(f"\nMeasured, for {THRESHOLDS}:\n\n{measured}")
        tight = any(row.verdict == "tight" for row in rows)
        doubtful |= tight or bool(failures(found[name]))
    return 1 if doubtful else 0
