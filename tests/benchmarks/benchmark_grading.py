"""What does it cost to grade, beside plain nbgrader: to start, and for one more submission?

``python -m tests.benchmarks.benchmark_grading`` grades the same perfect submissions with nbgrader
alone (its own `Execute`, one after another) and with `course grade`, few and then many of them,
within one run. From the difference follows the cost of one more, and from that the cost to start:
wall time, and processor time of all processes. It takes some minutes for each assignment.
``--cohort 100 1000`` grades cohorts of a light assignment instead, and prints throughput and
memory.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from helpers.console import table
from tests.builders import COURSE
from tests.grading.builders import HALF, NAME, RIGHT, WRONG, fractions_course, submit
from tests.samples.build import solutions, submission
from tests.samples.grading import course_copy

NBGRADER = Path(sys.executable).with_name("nbgrader")
# What nbgrader has without us.
PLAIN = """
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""
ANSWERS = (RIGHT, HALF, WRONG)
# Three cells and two tests.
LIGHT = NAME
# How many submissions are few and many, for nbgrader and for us: seconds for each at least.
SIZES = {LIGHT: ((2, 8), (20, 120)), "convolution": ((1, 4), (10, 50))}
SLOW_SIZES = (1, 2), (2, 8)


class Cost(NamedTuple):
    """Wall time and, where that can be measured, processor time, in seconds."""

    wall: float
    processors: float


class Processors:
    """The processor time of a command and of all that it starts, by a control group.

    Processes that nobody waits for, as those that are forked from templates, are in no other
    account.
    """

    def __init__(self) -> None:
        version_1 = Path("/sys/fs/cgroup/cpuacct")
        self._file = "cpuacct.usage" if version_1.is_dir() else "cpu.stat"
        folder = version_1 if version_1.is_dir() else Path("/sys/fs/cgroup")
        self._group: Path | None = folder / f"benchmark-{os.getpid()}"
        try:
            self._group.mkdir()
            (self._group / "cgroup.procs").read_text()
        except OSError:
            self._group = None

    def join(self) -> None:
        """Put this process into the group, before it becomes the command."""
        if self._group is not None:
            (self._group / "cgroup.procs").write_text("0")

    def seconds(self) -> float:
        """Return the seconds so far; NaN if there can be no group."""
        if self._group is None:
            return float("nan")
        text = (self._group / self._file).read_text()
        if self._file == "cpu.stat":
            return int(text.split()[1]) / 1e6
        return int(text) / 1e9

    def close(self) -> None:
        """Remove the group."""
        if self._group is not None:
            # Its last processes may be about to end.
            with suppress(OSError):
                self._group.rmdir()


def run(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run a command that has to succeed, or to leave something to a person."""
    processors = Processors()
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, preexec_fn=processors.join
    )
    cost = Cost(time.perf_counter() - begun, processors.seconds())
    processors.close()
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return cost


def light_course(folder: Path, count: int, answers: Sequence[str]) -> Path:
    """Make a course with submissions of a light assignment, whose answers are these in turn."""
    root = fractions_course(folder)
    first = [submit(root, f"student{place:05}", answer) for place, answer in enumerate(answers)]
    for place in range(len(answers), count):
        again = first[place % len(answers)]
        copy = root / "submitted" / f"student{place:05}" / again.parent.name / again.name
        copy.parent.mkdir(parents=True)
        shutil.copy(again, copy)
    return root


def make_course(folder: Path, assignment: str, count: int) -> Path:
    """Make a course with perfect submissions of one assignment, as students hand them in."""
    if assignment == LIGHT:
        return light_course(folder, count, [RIGHT])
    right = submission(assignment, solutions(assignment), budget=False)
    samples = {f"student{number:03}": right for number in range(count)}
    return course_copy(folder, assignment, samples)


def grade(way: str, assignment: str, count: int) -> Cost:
    """Grade so many submissions, by nbgrader or by us."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course", assignment, count)
        if way != "nbgrader":
            return run([COURSE, "grade", assignment], course)
        with (course / "nbgrader_config.py").open("a") as settings:
            settings.write(PLAIN)
        run([NBGRADER, "generate_assignment", assignment], course)
        return run([NBGRADER, "autograde", assignment], course)


def costs_of(assignment: str) -> Iterator[list[str]]:
    """Measure what it costs to start, and to grade one more; yield rows of a table."""
    plain: Cost | None = None
    ways = zip(("nbgrader", "course grade"), SIZES.get(assignment, SLOW_SIZES), strict=True)
    for way, (few, many) in ways:
        small, large = grade(way, assignment, few), grade(way, assignment, many)
        more = Cost(*((b - a) / (many - few) for a, b in zip(small, large, strict=True)))
        start = Cost(*(a - few * b for a, b in zip(small, more, strict=True)))
        plain = plain or more
        yield [
            *(assignment, way, f"{few}, {many}"),
            *(f"{small.wall:.1f}, {large.wall:.1f}", f"{start.wall:.1f}", f"{more.wall:.3f}"),
            f"{plain.wall / more.wall:.1f}",
            f"{small.processors:.1f}, {large.processors:.1f}",
            *(f"{start.processors:.1f}", f"{more.processors:.3f}"),
            f"{plain.processors / more.processors:.1f}",
        ]


class Memory(threading.Thread):
    """Watches the most memory of a process and of all that it has started."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(process)
        self.own = self.all = 0

    def run(self) -> None:
        """Look once a second, until the process ends."""
        while self.process.is_running():
            try:
                own = self.process.memory_info().rss
                started = self.process.children(recursive=True)
                # Template and kernels share most pages: counted once each.
                total = own + sum(child.memory_full_info().pss for child in started)
            except psutil.Error:
                continue
            self.own, self.all = max(self.own, own), max(self.all, total)
            time.sleep(1)


def print_cohorts(sizes: Sequence[int]) -> None:
    """Print throughput and memory for cohorts of a light assignment."""
    print("submissions  seconds  a minute  unchanged again  MB of course grade  MB with kernels")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = light_course(Path(folder) / "course", size, ANSWERS)
            begun = time.perf_counter()
            command = [COURSE, "grade", "--report", "report.json"]
            process = subprocess.Popen(
                command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            memory = Memory(process.pid)
            memory.start()
            if process.wait():
                raise RuntimeError(f"course grade ended with {process.returncode}")
            took = time.perf_counter() - begun
            again = run([COURSE, "grade"], root).wall
            report = json.loads((root / "report.json").read_text())
            found = {entry["points"] for entry in report["submissions"]}
            assert found <= {6.0, 2.0, 0.0}, found
            print(
                f"{size:11,}  {took:7.1f}  {60 * size / took:8.1f}  {again:15.1f}  "
                f"{memory.own / 1e6:18,.0f}  {memory.all / 1e6:15,.0f}",
                flush=True,
            )


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description="Measure how fast submissions are graded.")
    parser.add_argument(
        "assignments", nargs="*", metavar="ASSIGNMENT", default=[LIGHT, "convolution"]
    )
    parser.add_argument("--cohort", type=int, nargs="*", default=[], metavar="N")
    arguments = parser.parse_args()
    if arguments.cohort:
        print_cohorts(arguments.cohort)
    else:
        header = ["assignment", "way", "submissions", "wall s", "start", "one more", "ratio"]
        header += ["CPU s", "start", "one more", "ratio"]
        rows: list[list[str]] = []
        for assignment in arguments.assignments:
            for row in costs_of(assignment):
                print(f"{row[0]}, {row[1]} …", file=sys.stderr, flush=True)
                rows.append(row)
        print(table(header, rows, "<<<>>>>>>>>"))


if __name__ == "__main__":
    main()
