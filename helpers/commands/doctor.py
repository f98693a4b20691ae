"""`course doctor`: say what is installed, what is missing and what to do."""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

import helpers
from helpers.commands.folder import shown
from helpers.console import table
from helpers.errors import CourseError
from helpers.grading.system import CannotGrade, require_linux

__all__ = ["Finding", "add_arguments", "examine", "run"]

_ENGINE = Path(helpers.__file__).parents[1]
_LOCK = "requirements.lock"
_INSTALL = f"install what {_LOCK} pins: `python {shown(_ENGINE / 'helpers' / 'install.py')}`"
_FREE_GIGABYTES = 1
_LONGEST = 100


class Finding(NamedTuple):
    """What was found out about one thing.

    Attributes
    ----------
    what
        The thing.
    found
        What is there.
    remedy
        What to do; empty if all is well.
    required
        Whether the course needs it.
    """

    what: str
    found: str
    remedy: str = ""
    required: bool = True

    @property
    def verdict(self) -> str:
        """The finding in one word."""
        if not self.remedy:
            return "ok"
        return "MISSING" if self.required else "optional"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `course doctor`: none."""


def run(arguments: argparse.Namespace) -> int:
    """Print a table of findings and return 1 if something that is required is missing."""
    print("Looking at the packages, the notebooks' kernel, the data and the sandbox …", flush=True)
    findings = list(examine(arguments.root))
    # A reason that takes a sentence would make the table too wide to be read.
    long = [each for each in findings if each.remedy and len(each.found) > _LONGEST]
    print(
        table(
            ["", "what", "found", "what to do"],
            [
                [finding.verdict, finding.what, "see below", "see below"]
                if finding in long
                else [finding.verdict, finding.what, finding.found, finding.remedy]
                for finding in findings
            ],
            "<<<<",
        )
    )
    for finding in long:
        print(f"\n{finding.what}: {finding.found}\n  What to do: {finding.remedy}")
    missing = [finding.what for finding in findings if finding.remedy and finding.required]
    if missing:
        raise CourseError(f"not ready: {', '.join(missing)}; do what the table says")
    return 0


def examine(root: Path) -> Iterator[Finding]:
    """Look at everything that the course in a folder needs, without importing TensorFlow."""
    # The command itself refuses any other Python.
    yield Finding("Python", f"{sys.version.split()[0]} in {sys.prefix}")
    yield from _packages(root)
    yield _kernel()
    yield _server_extensions()
    yield _lab_extension()
    yield _data("MNIST", _count_digits)
    yield _data("pictures", _count_pictures)
    yield _course_folder(root)
    yield _disk_space(root)
    yield _sandbox()
    yield _browser()


def _packages(root: Path) -> Iterator[Finding]:
    """Compare the packages that the engine names itself with the course's lock file, or its own."""
    pins: dict[str, str] = {}
    locks = [folder / _LOCK for folder in (root, _ENGINE) if (folder / _LOCK).is_file()]
    if locks:
        lines = locks[0].read_text(encoding="utf-8")
        pins = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.M))
    else:
        remedy = f"to have the versions compared, put the engine's {_LOCK} here"
        yield Finding(_LOCK, "no such file", remedy, required=False)
    for requirement in requires("cnn-course") or []:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^\w.-]", requirement)[0]
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Finding(name, "not installed", _INSTALL)
            continue
        pinned = pins.get(name, found)
        yield Finding(name, found, "" if found == pinned else f"{pinned} is pinned: {_INSTALL}")


def _kernel() -> Finding:
    """Find out which Python the notebooks would run in."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding("kernel python3", "none", _INSTALL)
    # Jupyter replaces a bare `python`, or one with its version, by its own interpreter.
    bare = re.fullmatch(r"python[\d.]*", program) is not None
    own = bare or Path(program).parent.resolve() == Path(sys.executable).parent.resolve()
    remedy = "remove it: jupyter kernelspec remove python3"
    return Finding("kernel python3", program, "" if own else remedy)


def _server_extensions() -> Finding:
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    what = "nbgrader in Jupyter"
    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    states = manager.get_jpserver_extensions()
    needed = [
        f"nbgrader.server_extensions.{name}" for name in ("formgrader", "validate_assignment")
    ]
    disabled = [name for name in needed if not states.get(name)]
    if disabled:
        remedy = f"run jupyter server extension enable --sys-prefix {' '.join(disabled)}"
        return Finding(what, "not enabled", remedy)
    return Finding(what, "enabled")


def _lab_extension() -> Finding:
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    what, name = "nbgrader in JupyterLab", "@jupyter/nbgrader"
    folders = jupyter_path("labextensions")
    if name not in get_federated_extensions(folders):
        return Finding(what, "not installed", _INSTALL)
    if name in get_page_config(folders).get("disabledExtensions", ()):
        return Finding(what, "disabled", f"run jupyter labextension enable {name}")
    return Finding(what, "enabled")


def _data(what: str, count: Callable[[], str]) -> Finding:
    try:
        return Finding(what, count())
    except (CourseError, ImportError, OSError) as error:
        return Finding(what, str(error), _INSTALL)


def _count_digits() -> str:
    from helpers.datasets import mnist

    train, test = mnist.load()
    return f"{len(train.labels):,} + {len(test.labels):,} images"


def _count_pictures() -> str:
    from helpers.datasets import meals, photos, tools

    sets = {"photos": photos, "tools": tools, "meals": meals}
    return ", ".join(f"{len(data.load().files)} {what}" for what, data in sets.items())


def _course_folder(root: Path) -> Finding:
    try:
        # Asked of the disk itself: permission bits say nothing about a read-only one.
        tempfile.TemporaryFile(dir=root).close()
    except OSError as error:
        return Finding("course folder", f"{root}: {error.strerror}", "copy it to a writable disk")
    return Finding("course folder", f"{root}, writable")


def _disk_space(root: Path) -> Finding:
    gigabytes = shutil.disk_usage(root).free / 1e9
    remedy = "" if gigabytes >= _FREE_GIGABYTES else f"free {_FREE_GIGABYTES} GB"
    return Finding("disk space", f"{gigabytes:.1f} GB free", remedy)


def _sandbox() -> Finding:
    try:
        require_linux()
        # Other systems can't even import it.
        from helpers.grading.sandbox import find_bubblewrap

        return Finding("sandbox", f"built with {find_bubblewrap()}")
    except CannotGrade as error:
        remedy = f"only grading needs it: {error.remedy}"
        return Finding("sandbox", error.found, remedy, required=False)


def _browser() -> Finding:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    remedy = "" if found else "only the browser tests need it: apt-get install chromium-driver"
    return Finding("Chromium", found or "not found", remedy, required=False)
