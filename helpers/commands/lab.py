"""`course lab`: open JupyterLab, on a start page for students or on all for instructors."""

import argparse
import os
import sysconfig
from pathlib import Path

from helpers.commands import jupyter_settings
from helpers.errors import CourseError

__all__ = ["add_arguments", "run"]


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
    programs = sysconfig.get_path("scripts")
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    jupyter_settings.apply(for_students=not arguments.source)
    # Formgrader reads nbgrader_config.py from the working directory.
    os.chdir(folder)
    options = [] if arguments.source else _for_students(folder)

    # In this process: Windows has no way to put another program in its place.
    from jupyterlab.labapp import LabApp

    try:
        LabApp.launch_instance(
            [f"--ServerApp.root_dir={folder}", *_QUIET, *options, *arguments.further]
        )
    except SystemExit as end:
        if end.code and _refuses_root():
            raise CourseError(
                "JupyterLab does not start for root, whose files everything in it could change; "
                "start it as another user or, if this is a container, by `course lab --allow-root`"
            ) from None
        raise
    return 0


def _refuses_root() -> bool:
    """Tell whether JupyterLab came so far as to look who starts it, and that was root."""
    from jupyter_server.serverapp import ServerApp

    # Windows has neither.
    if getattr(os, "geteuid", lambda: None)() != 0 or not ServerApp.initialized():
        return False
    app = ServerApp.instance()
    # It has a server when all its options were understood, right before it looks.
    return hasattr(app, "http_server") and not app.allow_root


# No look for news and updates, whatever a person has set: the versions are locked.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)

_INSTRUCTORS_EXTENSIONS = {
    f"nbgrader.server_extensions.{name}": False
    for name in ("assignment_list", "course_list", "formgrader")
}


def _for_students(folder: Path) -> list[str]:
    """Return the options that open the start page and leave out what instructors need."""
    from helpers.commands.start import free_name, read

    # A mistake in the table is told here, and not on the page.
    read(folder)
    name = free_name(folder)
    return [
        f"--ServerApp.jpserver_extensions={_INSTRUCTORS_EXTENSIONS}",
        "--ServerApp.contents_manager_class=helpers.commands.start.contents.StudentContents",
        f"--StudentContents.start={name}",
        f"--LabApp.default_url=/lab/tree/{name}",
    ]
