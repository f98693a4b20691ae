"""The course folder: finding it, listing its assignments, writing into it safely."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import CourseError

__all__ = [
    "assignments",
    "explain",
    "find_root",
    "naming",
    "replace_files",
    "shown",
    "source_notebook",
]

_FULL = "there is no space left for it; free some disk space and run the command again"
_FORBIDDEN = "it may not be read or written; make it and its folder writable for you"
_IN_THE_WAY = "a file stands where a folder belongs; move it away and run the command again"
_REMEDIES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "it would be larger than the system allows; raise the file size limit (ulimit -f)",
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: "it is on a read-only disk; copy the course to a writable one",
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
}


def find_root(start: Path | None = None) -> Path:
    """Find the course folder at or above a folder.

    Parameters
    ----------
    start
        Where to begin; the working directory by default.

    Raises
    ------
    CourseError
        If neither it nor a folder above it holds nbgrader_config.py and source/.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "nbgrader_config.py").is_file() and (folder / "source").is_dir():
            return folder
    raise CourseError(
        f"{start} is not in a course, which has nbgrader_config.py and source/; "
        "change to the course folder and run the command again"
    )


def assignments(root: Path, wanted: Sequence[str] = ()) -> list[str]:
    """List the assignments in source/, or those that are wanted, in alphabetical order.

    Raises
    ------
    CourseError
        If there are none, or not one that is wanted.
    """
    found = sorted(
        entry.name
        for entry in (root / "source").iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "_"))
    )
    if not found:
        raise CourseError("source/ has no assignments; an assignment is source/NAME/NAME.ipynb")
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        raise CourseError(
            f"source/ has no assignment {', '.join(unknown)}; it has {', '.join(found)}"
        )
    return [name for name in found if not wanted or name in wanted]


def source_notebook(root: Path, assignment: str) -> Path:
    """Return where the instructors' notebook of an assignment belongs."""
    return root / "source" / assignment / f"{assignment}.ipynb"


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the name of a file into any OSError, since a full disk comes without one."""
    try:
        yield
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write all of several files or, if one can't be written, none of them.

    All are written beside their places first and moved there last, so a reader never sees half a
    file, and a full disk is noticed while the old files are all still there.
    """
    drafts: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for path, content in contents.items():
            with naming(path):
                missing = [folder for folder in path.parents if not folder.exists()]
                for folder in reversed(missing):
                    folder.mkdir()
                    made.append(folder)
                draft = path.with_name(f".{path.name}.new")
                drafts[path] = draft
                draft.write_bytes(content)
        for path, draft in drafts.items():
            with naming(path):
                draft.replace(path)
    except BaseException:
        # Whatever clearing up meets, the first error is the one to tell.
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink()
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def explain(error: OSError) -> str:
    """Say in one line which file an OSError is about and what to do."""
    remedy = _REMEDIES.get(error.errno or 0, error.strerror or str(error))
    if error.filename is None:
        return f"a file could not be read or written: {remedy}"
    return f"{shown(Path(os.fsdecode(error.filename)))}: {remedy}"


def shown(path: Path) -> str:
    """Return the shortest name of a file: from here, if it is below."""
    # Not os.path.relpath, which fails for another drive of Windows.
    full, here = Path(os.path.abspath(path)), Path.cwd()
    return str(full.relative_to(here) if full.is_relative_to(here) else path)
