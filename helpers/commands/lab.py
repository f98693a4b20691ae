"""`course lab`: open JupyterLab, on a start page for students or on all for instructors."""

import argparse
import os
import sysconfig
from pathlib import Path

from helpers.errors import CourseError

__all__ = ["add_arguments", "run"]

# Folders with settings in the form that JupyterLab itself looks for. For everyone there is no
# question about news at the first start; students are spared what instructors need.
_SETTINGS = Path(__file__).with_name("jupyter")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course lab`."""
    parser.add_argument(
        "--source",
        action="store_true",
        help="open the whole course, with formgrader, for instructors",
    )
    parser.set_defaults(further=[])
    parser.epilog = "Other arguments go to `jupyter lab`, e.g. `course lab --no-browser`."


def run(arguments: argparse.Namespace) -> int:
    """Become JupyterLab, so that Ctrl-C and the exit code are its own."""
    root: Path = arguments.root
    folder = root if arguments.source else root / "release"
    if not folder.is_dir():
        raise CourseError("there is no release/ to open; run `course build` first")
    # Formgrader runs `nbgrader`, and nbgrader `alembic`, from the PATH.
    _put_first("PATH", [sysconfig.get_path("scripts")], os.defpath)
    roles = ["everyone"] if arguments.source else ["students", "everyone"]
    _put_first("JUPYTER_CONFIG_PATH", [str(_SETTINGS / role) for role in roles])
    # Formgrader reads nbgrader_config.py from the working directory.
    os.chdir(folder)
    options = [] if arguments.source else _start_page(folder)

    # In this process: Windows has no way to put another program in its place.
    from jupyterlab.labapp import LabApp

    options = [f"--ServerApp.root_dir={folder}", *_QUIET, *options, *arguments.further]
    LabApp.launch_instance(options)
    return 0


# No look for news and updates, whatever a person has set: the versions are locked.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def _start_page(folder: Path) -> list[str]:
    """Return the options that open the start page, unless it would be wrong."""
    from helpers.commands.start import free_name, read

    read(folder)
    name = free_name(folder)
    return [
        "--ServerApp.contents_manager_class=helpers.commands.start.contents.StudentContents",
        f"--StudentContents.start={name}",
        f"--LabApp.default_url=/lab/tree/{name}",
    ]


def _put_first(variable: str, paths: list[str], default: str = "") -> None:
    """Put paths in front of those of an environment variable, without those of another start."""
    # A terminal in JupyterLab has the variables of the `course lab` that it is in.
    before = os.environ.get(variable, default).split(os.pathsep)
    kept = [path for path in before if path and not Path(path).is_relative_to(_SETTINGS)]
    os.environ[variable] = os.pathsep.join([*paths, *kept])
