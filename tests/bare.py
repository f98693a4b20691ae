"""The course on a bare machine: a fresh clone, and nothing but Python, pip, make and git."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.samples.build import ROOT

__all__ = ["bare_environment", "clone", "take_environment_over"]

# What a developer's machine may have, and a new one has not.
EXTRAS = ("bwrap", "psql", "postgres", "initdb", "pg_", "chrom", "google", "node", "np", "uv")


def clone(folder: Path) -> Path:
    """Clone the course as it is now, with changes that are not yet committed; return the folder."""
    state = _git("stash", "create", cwd=ROOT).strip() or "HEAD"
    # What is stashed is in no branch, but in the files that both share.
    _git("clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(folder), cwd=ROOT)
    commit = _git("rev-parse", state, cwd=ROOT).strip()
    _git("-c", "advice.detachedHead=false", "checkout", "--quiet", commit, cwd=folder)
    return folder


def take_environment_over(course: Path) -> None:
    """Give a clone what is installed here, so that its set-up finds all packages installed.

    Files are linked, not copied; pip and Python replace files and never write into them.
    """
    source, target = Path(sys.prefix), course.resolve() / ".venv"
    shutil.copytree(source, target, symlinks=True, copy_function=_link)
    for program in (target / "bin").iterdir():
        # Programs name their Python in the first line.
        text = b"" if program.is_symlink() else program.read_bytes()
        if os.fsencode(source) in text:
            mode = program.stat().st_mode
            program.unlink()
            program.write_bytes(text.replace(os.fsencode(source), os.fsencode(target)))
            program.chmod(mode)
    (target / "ready").unlink()
    version = "{}.{}".format(*sys.version_info)
    # Made from another lock file: all that is missing has to be installed.
    (target / "ready").write_text(f"{version}\n{target}\nanother\n", encoding="utf-8")


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
