"""All runs of a notebook, each kept in a file, so that none is made twice."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from helpers.commands.calibrate.limits import instrument
from helpers.commands.check.runner import Outcome, can_isolate, run_notebooks
from helpers.commands.check.stamps import fingerprint
from helpers.commands.folder import replace_files, source_notebook
from helpers.errors import CourseError

__all__ = ["OUTPUT", "run_all"]

OUTPUT = Path("tests", "output", "calibration")
"""Where the runs are kept, in the course."""


def run_all(
    root: Path, names: Sequence[str], runs: int, timeout: int
) -> dict[str, list[dict[str, float]]]:
    """Run notebooks so many times, on all cores; what was run before is not run again.

    Parameters
    ----------
    root
        The course.
    names
        The assignments.
    runs
        How often each runs, at least once.
    timeout
        How many seconds a cell may take.

    Returns
    -------
    dict
        For each assignment and run, the results by name.

    Raises
    ------
    CourseError
        If a notebook can't be run to its end; what ran before is kept.
    """
    digests = {name: fingerprint(root, name) for name in names}
    found: dict[tuple[str, int], dict[str, float]] = {}
    missing: dict[str, tuple[str, int]] = {}
    for run in range(runs):
        for name in names:
            values = _read(_file(root, name, run), digests[name])
            if values is None:
                missing[f"{name} ({run})"] = name, run
            else:
                found[name, run] = values
    failures: list[str] = []

    def keep(title: str, outcome: Outcome) -> None:
        if outcome.failure:
            failures.append(f"{title}: {outcome.failure}")
            return
        name, run = missing[title]
        found[name, run] = outcome.values
        content = {"fingerprint": digests[name], "values": outcome.values}
        replace_files({_file(root, name, run): json.dumps(content, indent=1).encode()})

    with tempfile.TemporaryDirectory(prefix="course-calibrate-") as folder:
        notebooks = {}
        for place, (title, (name, run)) in enumerate(missing.items()):
            source = source_notebook(root, name)
            notebooks[title] = Path(folder, str(place), source.parent.name, source.name)
            shutil.copytree(source.parent, notebooks[title].parent)
            notebook, _ = instrument(nbformat.read(source, as_version=4), run)
            nbformat.write(notebook, notebooks[title])
        if notebooks:
            run_notebooks(notebooks, {}, timeout, can_isolate(), keep)
    if failures:
        raise CourseError("\n  ".join(["not all runs came to their end:", *failures]))
    return {name: [found[name, run] for run in range(runs)] for name in names}


def _file(root: Path, name: str, run: int) -> Path:
    return root / OUTPUT / name / f"{run}.json"


def _read(file: Path, digest: str) -> dict[str, float] | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return dict(kept["values"]) if kept["fingerprint"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
