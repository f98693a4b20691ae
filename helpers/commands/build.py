"""`course build`: make release/ from source/ with nbgrader, the same bytes on every machine."""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from traitlets.config import Config, PyFileConfigLoader

from helpers.commands.folder import assignments, replace_files, shown, source_notebook
from helpers.commands.leaks import leaks
from helpers.commands.lint import problems, read_notebook
from helpers.commands.promises import wrong_points
from helpers.commands.style import advice
from helpers.console import raise_for, table
from helpers.errors import CourseError

__all__ = ["Release", "add_arguments", "generate", "run"]


class Release(NamedTuple):
    """One assignment as students get it.

    Attributes
    ----------
    files
        The content of every file by its path in release/<assignment>/, in POSIX form.
    exercises
        The number of cells that students fill in.
    points
        The sum of the points of all tests and written answers.
    """

    files: dict[str, bytes]
    exercises: int
    points: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course build`."""
    parser.add_argument(
        "assignments", nargs="*", metavar="ASSIGNMENT", help="all, if none is named"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing, but fail if release/ is not what source/ gives",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build the releases, or compare them with what is there, and print a table."""
    root: Path = arguments.root
    names = assignments(root, arguments.assignments)
    sources = [source_notebook(root, name) for name in names]
    found = [problem for path in sources for problem in problems(path) or wrong_points(path)]
    raise_for(found, "mend source/ and run `course build` again; nothing was built")
    releases = {name: generate(root, name) for name in names}
    outdated = {name: _outdated(root / "release" / name, releases[name]) for name in names}
    if arguments.check:
        print(_table(releases, outdated, "differs"))
        differing = [
            f"release/{name}/{path} differs from what source/ gives"
            for name in names
            for path in outdated[name]
        ]
        differing += _stray(root, releases, everything=not arguments.assignments)
        raise_for(differing, "run `course build` and commit release/")
    else:
        replace_files(
            {
                root / "release" / name / path: releases[name].files[path]
                for name in names
                for path in outdated[name]
            }
        )
        if lines := [line for name in names for line in _advice(root, name, releases[name])]:
            print("It could be easier to read:", *lines, sep="\n  ", end="\n\n")
        print(_table(releases, outdated, "changed"))
    return 0


def generate(root: Path, assignment: str) -> Release:
    """Make the students' version of an assignment, without writing into the course.

    Parameters
    ----------
    root
        The course folder.
    assignment
        Its name, a folder in source/ with a sound notebook.

    Raises
    ------
    CourseError
        If nbgrader fails, or if a part of a solution or hidden test is left in the release.
    """
    with tempfile.TemporaryDirectory(prefix="course-build-") as folder:
        config = _config(root)
        config.CourseDirectory.update(
            {"root": str(root), "release_directory": folder, "assignment_id": assignment}
        )
        # What `nbgrader generate_assignment --no-db` sets: a gradebook adds nothing to a release.
        config.SaveCells.enabled = False
        config.GenerateAssignment.no_database = True
        _convert(config, assignment)
        built = Path(folder, assignment)
        files = {
            path.relative_to(built).as_posix(): _content(path)
            for path in sorted(built.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        notebook = read_notebook(built / f"{assignment}.ipynb")
    leaked = leaks(read_notebook(source_notebook(root, assignment)), notebook, files, config)
    raise_for(
        [f"the release of {assignment} would show {leak}" for leak in leaked],
        "mend the preprocessors in nbgrader_config.py; nothing was built",
    )
    gradings = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return Release(
        files,
        exercises=sum(bool(grading.get("solution")) for grading in gradings),
        points=sum(grading["points"] for grading in gradings if grading.get("grade")),
    )


def _config(root: Path) -> Config:
    """Load nbgrader_config.py; nbgrader itself would only log an error and go on without it."""
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except Exception as error:
        raise CourseError(
            f"nbgrader_config.py fails with {type(error).__name__}: {error}; mend it"
        ) from error


def _convert(config: Config, assignment: str) -> None:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    log = _FirstError()
    coursedir = CourseDirectory(config=config, log=log.logger)
    try:
        GenerateAssignment(coursedir=coursedir, config=config, log=log.logger).start()
    except NbGraderException as error:
        cause = log.error or error
        if isinstance(cause, OSError):
            cause.filename = cause.filename or coursedir.release_directory
            raise cause from error
        raise CourseError(f"nbgrader can't release {assignment}: {cause}") from error


class _FirstError(logging.Handler):
    """Keep the first exception that nbgrader logs: the one that it raises is always the same."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.error: BaseException | None = None
        self.logger = logging.Logger("nbgrader")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Look at what is being handled while nbgrader logs it."""
        self.error = self.error or sys.exc_info()[1]


def _advice(root: Path, name: str, release: Release) -> list[str]:
    source = source_notebook(root, name)
    released = json.loads(release.files[source.name])
    return [f"{shown(source)}: {line}" for line in advice(read_notebook(source), released)]


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    # nbconvert writes the line ends of the system.
    return content.replace(b"\r\n", b"\n") if path.suffix == ".ipynb" else content


def _outdated(folder: Path, release: Release) -> list[str]:
    """List the files of a release that are not on disk, or not the same there."""
    return [
        path
        for path, content in release.files.items()
        if not (folder / path).is_file() or (folder / path).read_bytes() != content
    ]


def _stray(root: Path, releases: Mapping[str, Release], everything: bool) -> list[str]:
    """List the files in release/ that no source gives; people may keep theirs, CI may not."""
    folder = root / "release"
    built = {f"{name}/{path}" for name, release in releases.items() for path in release.files}
    there = {path.relative_to(folder) for path in folder.glob("*/**/*") if path.is_file()}
    return [
        f"release/{path.as_posix()} is not made from source/; delete it"
        for path in sorted(there)
        if path.as_posix() not in built
        and (everything or path.parts[0] in releases)
        and not any(part.startswith((".", "__")) for part in path.parts)
    ]


def _table(
    releases: Mapping[str, Release], outdated: Mapping[str, Sequence[str]], verdict: str
) -> str:
    rows = [
        [
            name,
            str(release.exercises),
            f"{release.points:g}",
            verdict if outdated[name] else "unchanged",
        ]
        for name, release in releases.items()
    ]
    return table(["assignment", "exercises", "points", "release"], rows, "<>><")
