"""Running notebooks side by side, each in a clean folder and without a network."""

import argparse
import asyncio
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from helpers.commands.lint import read_notebook
from helpers.feature_cache import FOLDER_VARIABLE
from helpers.processors import cores

__all__ = ["Outcome", "add_timeout", "can_isolate", "run_notebooks"]

# The last three are of Windows, where Python does not start without SYSTEMROOT.
_KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
# A port where nothing listens (discard), so that what asks a proxy fails at once.
_CLOSED_PORT = "http://127.0.0.1:9"


@dataclass
class Outcome:
    """What became of one notebook.

    Attributes
    ----------
    values
        Its results by name.
    failure
        Why it could not be run to its end, in one line, or None.
    seconds, slowest_cell
        How long it ran, and how long its slowest cell did.
    html
        The executed notebook as a page, as far as it came.
    """

    values: dict[str, float] = field(default_factory=dict)
    failure: str | None = None
    seconds: float = 0.0
    slowest_cell: float = 0.0
    html: bytes = b""


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Declare the argument of commands that run notebooks: how long a cell may take."""
    parser.add_argument(
        "--timeout",
        type=int,
        default=600,
        metavar="SECONDS",
        help="how long one cell may take (default: 600)",
    )


def can_isolate() -> bool:
    """Say whether this system lets us make a network namespace (Linux, mostly)."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0


def run_notebooks(
    notebooks: Mapping[str, Path],
    known_seconds: Mapping[str, float],
    timeout: int,
    isolate: bool,
    then: Callable[[str, Outcome], None],
) -> dict[str, Outcome]:
    """Run notebooks on all cores, those that take longest first.

    Parameters
    ----------
    notebooks
        The source notebook of each name. Other files in its folder are at hand when it runs.
    known_seconds
        How long each took the last time. Those not in it are taken to be long, most of all if
        they have parameters that make them shorter.
    timeout
        How many seconds a cell may take.
    isolate
        Run in a network namespace, not just with proxies that lead nowhere.
    then
        What to do with each when it has run, in a thread, before the next one begins.
    """

    def shortest_last(name: str) -> tuple[float, bool]:
        return -known_seconds.get(name, math.inf), not _has_parameters(notebooks[name])

    order = sorted(notebooks, key=shortest_last)
    return asyncio.run(_run_all({name: notebooks[name] for name in order}, timeout, isolate, then))


async def _run_all(
    notebooks: Mapping[str, Path],
    timeout: int,
    isolate: bool,
    then: Callable[[str, Outcome], None],
) -> dict[str, Outcome]:
    workers = max(1, min(cores(), len(notebooks)))
    # Twice a fair share, as notebooks don't all end, or compute, at the same time.
    threads = min(cores(), 2 * cores() // workers)
    slots = asyncio.Semaphore(workers)

    async def run_one(position: int, name: str, source: Path) -> Outcome:
        async with slots:
            with tempfile.TemporaryDirectory(
                prefix="course-check-", ignore_cleanup_errors=True
            ) as folder:
                progress = _Progress(name, len(read_notebook(source)["cells"]), position)
                outcome = await _run(source, Path(folder), timeout, threads, isolate, progress)
            await asyncio.to_thread(then, name, outcome)
            return outcome

    runs = [run_one(place, *notebook) for place, notebook in enumerate(notebooks.items())]
    return dict(zip(notebooks, await asyncio.gather(*runs), strict=True))


async def _run(
    source: Path, folder: Path, timeout: int, threads: int, isolate: bool, progress: "_Progress"
) -> Outcome:
    """Run one notebook from a copy of its folder."""
    copy = folder / source.parent.name
    shutil.copytree(source.parent, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    executed = folder / "executed.ipynb"
    log = folder / "log.txt"
    worker = [sys.executable, "-m", f"{__package__}.worker"]
    command = [*worker, str(copy / source.name), str(executed), str(timeout)]
    if isolate:
        command = ["unshare", "-rn", *command, "isolated"]
    outcome = None
    begin = time.monotonic()
    times: list[float] = []
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=_environment(folder, threads, isolate),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            # Ctrl-C is for us: we then stop the workers, and their kernels follow. (On Windows it
            # reaches all of them, and this changes nothing.)
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            async for line in process.stdout:
                event = json.loads(line)
                if "cell" in event:
                    progress.start_cell(event["cell"])
                    times.append(time.monotonic())
                else:
                    outcome = Outcome(**event)
                    times.append(time.monotonic())
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            progress.close()
    if outcome is None:
        outcome = Outcome(failure=f"could not be run: {_last_line(log)}")
    outcome.seconds = time.monotonic() - begin
    outcome.slowest_cell = max((b - a for a, b in itertools.pairwise(times)), default=0.0)
    page = executed.with_suffix(".html")
    outcome.html = page.read_bytes() if page.is_file() else b""
    return outcome


def _environment(home: Path, threads: int, isolate: bool) -> dict[str, str]:
    """Make an environment in which nothing of the user's own set-up is seen."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "PATH": path,
        "HOME": str(home),
        # The home on Windows, where the cache folder does not lie in it.
        "USERPROFILE": str(home),
        FOLDER_VARIABLE: str(home / "cache"),
        "PYTHONNOUSERSITE": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    environment |= dict.fromkeys(_THREADS, str(threads))
    if not isolate:
        environment |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _CLOSED_PORT)
    return environment


def _has_parameters(notebook: Path) -> bool:
    cells = read_notebook(notebook)["cells"]
    return any("parameters" in cell["metadata"].get("tags", []) for cell in cells)


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it ended without a word"


class _Progress:
    """A line that says which cell of a notebook is running."""

    def __init__(self, name: str, cells: int, position: int) -> None:
        self.name, self.cells, self.current = name, cells, 0
        self.bar = tqdm(
            total=cells,
            desc=name,
            unit="cell",
            position=position,
            # On a screen the line changes in place; in a log there is one at either end.
            disable=not sys.stderr.isatty(),
            bar_format="{desc}: cell {n_fmt} of {total_fmt} |{bar:20}| {elapsed}",
        )
        if self.bar.disable:
            print(f"{name}: running its {cells} cells …", file=sys.stderr, flush=True)

    def start_cell(self, cell: int) -> None:
        self.bar.update(cell - self.current)
        self.current = cell

    def close(self) -> None:
        if self.bar.disable:
            print(f"{self.name}: cell {self.current} of {self.cells}", file=sys.stderr)
        self.bar.close()
