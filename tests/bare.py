"""The course on a bare machine: a fresh clone, and nothing but Python, pip, make and git."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.needs import require
from tests.samples.build import ROOT

__all__ = ["bare_environment", "clone", "name_python", "take_environment_over"]

_QUOTES = b"'" * 3

# What a developer's machine may have, and a new one has not.
EXTRAS = ("bwrap", "psql", "postgres", "initdb", "pg_", "chrom", "google", "node", "np", "uv")


def clone(folder: Path) -> Path:
    """Make a repository of the files that git knows or would add, as they are now; return it."""
    require("git")
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    for name in listed.split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    _git("init", "--quiet", cwd=folder)
    _git("add", "--all", cwd=folder)
    author = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    _git(*author, "commit", "--quiet", "--message", "The course", cwd=folder)
    return folder


def take_environment_over(course: Path) -> None:
    """Give a clone what is installed here, so that its set-up finds all packages installed.

    Files are linked, not copied; pip and Python replace files and never write into them.
    """
    target = course.resolve() / ".venv"
    shutil.copytree(sys.prefix, target, symlinks=True, copy_function=_link)
    for program in (target / "bin").iterdir():
        if not program.is_symlink():
            name_python(program, program, target)
    ready = target / "ready"
    ready.unlink(missing_ok=True)
    # Made from another lock file: all that is missing has to be installed.
    version = "{}.{}".format(*sys.version_info)
    ready.write_text(f"{version}\n{target}\nanother\n", encoding="utf-8")


def name_python(source: Path, target: Path, environment: Path) -> None:
    """Copy a program so that it runs in another environment; do nothing if it is no script.

    As pip does it, since the first line of a script can't name a path with a blank.
    """
    first, _, rest = source.read_bytes().partition(b"\n")
    if not first.startswith(b"#!"):
        return
    if b"/bin/sh" in first:
        # Lines of the shell that are a text to Python; pip wrote them for a path with a blank.
        rest = rest.partition(b"' " + _QUOTES + b"\n")[2]
    mode = source.stat().st_mode
    # It may be a link to a file that others have, too.
    target.unlink(missing_ok=True)
    python = os.fsencode(environment / "bin" / "python")
    start = _QUOTES + b"exec' \"" + python + b'" "$0" "$@"\n\' ' + _QUOTES
    target.write_bytes(b"#!/bin/sh\n" + start + b"\n" + rest)
    target.chmod(mode)


def bare_environment(folder: Path) -> dict[str, str]:
    """Return the only variables: a home, and a PATH with programs that every machine has."""
    programs = folder / "bin"
    programs.mkdir()
    for place in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = programs / program.name
            if not program.name.startswith(EXTRAS) and not os.path.lexists(link):
                link.symlink_to(program)
    python = programs / "python{}.{}".format(*sys.version_info)
    python.unlink(missing_ok=True)
    python.symlink_to(Path(sys.base_prefix, "bin", python.name))
    home = folder / "home"
    home.mkdir()
    return {"PATH": str(programs), "HOME": str(home)}


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another disk, or another owner.
        shutil.copy2(source, target)


def _git(*arguments: str, cwd: Path) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout
