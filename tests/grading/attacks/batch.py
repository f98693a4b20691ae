"""Grade all attacks at once with the real command, and collect what came of it."""

import hashlib
import json
import os
import secrets
import socket
import stat
import string
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers.commands.build import generate
from tests.builders import course, run_course
from tests.grading.attacks.assignment import ALL, NAME, NOTHING, RIGHT, WRONG, light_notebook
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.secrets import CONTROLS
from tests.grading.builders import ROOT

__all__ = ["HONEST", "Batch", "grade", "list_files"]

# Before, among and after the others: names are graded in their order.
HONEST = [
    Attack("Ada", answers=RIGHT, points=ALL),
    Attack("ida", answers={**RIGHT, "vowels": WRONG["vowels"]}, points={**ALL, "counted": 0.0}),
    Attack("moe", answers=WRONG, points=NOTHING),
    Attack("zoe", answers=RIGHT, points=ALL),
]

_LIMITS = """
c.ExecuteApart.cell_seconds = 20
c.ExecuteApart.total_seconds = 120
c.ExecuteApart.memory = 1_000_000_000
c.ExecuteApart.disk = 20_000_000
c.ExecuteApart.output = 1_000_000
c.ExecuteApart.processes = 60
"""


@dataclass(frozen=True)
class Batch:
    """What came of a batch.

    Parameters
    ----------
    root, cache
        The course, and the folder for features.
    mark
        Stands in what attacks leave behind.
    secret
        Stands in what no student's code may read.
    printed
        What the command printed, on both streams.
    entries
        The entries of the report, by student.
    before
        The files of the course before.
    visits
        Who was called by students' code, of the listeners outside.
    controls
        What some attacks print that are executed without any sandbox.
    """

    root: Path
    cache: Path
    mark: str
    secret: str
    printed: str
    entries: Mapping[str, dict[str, Any]]
    before: Mapping[str, tuple[object, ...]]
    visits: list[str]
    controls: Mapping[str, str]

    def points(self, name: str) -> dict[str, float | None] | None:
        """Return what the tests of a student got, without the written answer."""
        entry = self.entries[name]
        if entry["points"] is None:
            return None
        scores = entry["record"]["scores"][NAME]
        return {test: score for test, score in scores.items() if test != "why"}

    def said(self, name: str) -> list[str]:
        """Return all lines about a student."""
        entry = self.entries[name]
        record = entry["record"]
        incidents = record["incidents"].get(NAME, {}).items()
        lines = [f"{cell}: {what}" for cell, what in incidents]
        return [*lines, *record["repairs"], entry["reason"]]

    def shown(self, name: str) -> str:
        """Return what a student's own cells, and those of the course, printed and showed."""
        path = self.root / "autograded" / name / NAME / f"{NAME}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return json.dumps([cell.outputs for cell in cells if cell.cell_type == "code"])


def grade(folder: Path, attacks: Sequence[Attack]) -> Batch:
    """Grade attacks among honest submissions.

    Parameters
    ----------
    folder
        An empty one.
    attacks
        What to grade.
    """
    mark, secret = secrets.token_hex(16), secrets.token_hex(16)
    root, cache = folder / "course", folder / "cache"
    settings = (ROOT / "nbgrader_config.py").read_text() + _LIMITS
    course(root, {NAME: light_notebook(f"secret-{secret}")}, config=settings)
    cache.mkdir()
    (cache / "kept").write_text("features")
    (root / "notes.txt").write_text(f"secret-{secret}")
    release = generate(root, NAME).files[f"{NAME}.ipynb"]
    with _listeners(folder, mark) as (places, visits):
        places |= {"course": str(root), "cache": str(cache), "mark": mark}
        for attack in (*HONEST, *attacks):
            essay = f"secret-{secret}" if attack in HONEST else ""
            place = root / "submitted" / attack.name / NAME
            attack.submit(place, json.loads(release), {**places, "essay": essay})
        before = list_files(root)
        report = folder / "report.json"
        process = run_course(
            root,
            *("grade", NAME, "--report", str(report)),
            CNN_COURSE_CACHE=str(cache),
            COURSE_SECRET=f"secret-{secret}",
            PYTHONFAULTHANDLER="1",
        )
        students_visits = list(visits)
        controls = {name: _run_outside(code, places) for name, code in CONTROLS.items()}
    printed = process.stdout + process.stderr
    assert report.is_file(), f"ended with {process.returncode}\n{printed}"
    entries = {entry["student"]: entry for entry in json.loads(report.read_text())["submissions"]}
    return Batch(root, cache, mark, secret, printed, entries, before, students_visits, controls)


def list_files(root: Path) -> dict[str, tuple[object, ...]]:
    """Describe every file of the course that grading does not write."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            where = path.relative_to(root).as_posix()
            if not where.startswith(("autograded/", "gradebook.db")):
                status = path.lstat()
                small = stat.S_ISREG(status.st_mode) and status.st_size < 1_000_000
                content = hashlib.sha256(path.read_bytes()).digest() if small else b""
                found[where] = (status.st_mode, status.st_size, status.st_mtime_ns, content)
    return found


def _run_outside(code: str, places: Mapping[str, str]) -> str:
    """Run an attack as an ordinary program."""
    program = string.Template(code).safe_substitute(places)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout


@contextmanager
def _listeners(folder: Path, mark: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Listen for whoever gets out of the sandbox."""
    visits: list[str] = []
    listeners = {
        "port": socket.create_server(("127.0.0.1", 0)),
        "abstract": socket.socket(socket.AF_UNIX),
        "socket": socket.socket(socket.AF_UNIX),
    }
    # The path must be short.
    short = os.path.relpath(folder / "socket")
    listeners["abstract"].bind(f"\0attack-{mark}")
    listeners["socket"].bind(min(short, str(folder / "socket"), key=len))
    places = {
        "port": str(listeners["port"].getsockname()[1]),
        "abstract": f"attack-{mark}",
        "socket": str(folder / "socket"),
    }

    def listen(name: str) -> None:
        while True:
            try:
                listeners[name].accept()
            except OSError:
                return
            visits.append(name)

    threads = [threading.Thread(target=listen, args=(name,), daemon=True) for name in listeners]
    try:
        for name, thread in zip(listeners, threads, strict=True):
            listeners[name].listen()
            thread.start()
        yield places, visits
    finally:
        for listener in listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
