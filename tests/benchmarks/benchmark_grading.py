"""How many submissions a minute are graded, and what does a cohort cost?

``python -m tests.benchmarks.benchmark_grading`` grades the same submissions with nbgrader alone
(its own `Execute`, one after another), with our grader and cold kernels, and with warm ones, within
one run, and prints the ratios; it takes some minutes. ``--cohort 100 1000`` grades cohorts of that
size, of a light assignment, and prints throughput, memory and the seconds that the gradebook takes.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from helpers.grading import autograde
from helpers.grading.cohort.assignment import read_assignment
from helpers.grading.course import Submission, open_course
from helpers.grading.execution.outcome import Outcome
from helpers.grading.execution.run import Engine
from helpers.grading.judging.plan import Plan
from helpers.grading.repair import align, read_notebook
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
GRADEBOOK_ROUNDS = 20


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def run(command: Sequence[str | Path], folder: Path) -> float:
    """Wall time of a command that has to succeed, or to leave something to a person."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return time.perf_counter() - begun


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
    """Make a course with perfect submissions of one assignment."""
    if assignment == LIGHT:
        return light_course(folder, count, [RIGHT])
    right = submission(assignment, solutions(assignment))
    samples = {f"student{number:03}": right for number in range(count)}
    return course_copy(folder, assignment, samples)


def print_ways(assignment: str, count: int) -> None:
    """Print submissions a minute for each way to grade the same submissions."""
    print(f"{assignment}, {count} submissions\n\nway             seconds  a minute  ratio")
    first = None
    for way, options in (("nbgrader", None), ("ours, cold", ["--cold"]), ("ours, warm", [])):
        with tempfile.TemporaryDirectory() as folder:
            course = make_course(Path(folder) / "course", assignment, count)
            if options is None:
                with (course / "nbgrader_config.py").open("a") as settings:
                    settings.write(PLAIN)
                run([NBGRADER, "generate_assignment", assignment], course)
                took = run([NBGRADER, "autograde", assignment], course)
            else:
                took = run([COURSE, "grade", assignment, *options], course)
        first = first or took
        rate = 60 * count / took
        print(f"{way:14}  {took:7.1f}  {rate:8.1f}  {first / took:5.1f}", flush=True)


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
            again = run([COURSE, "grade"], root)
            report = json.loads((root / "report.json").read_text())
            found = {entry["points"] for entry in report["submissions"]}
            assert found <= {6.0, 2.0, 0.0}, found
            print(
                f"{size:11,}  {took:7.1f}  {60 * size / took:8.1f}  {again:15.1f}  "
                f"{memory.own / 1e6:18,.0f}  {memory.all / 1e6:15,.0f}",
                flush=True,
            )


def print_gradebook() -> None:
    """Print how long one submission keeps the writer of the gradebook."""
    with tempfile.TemporaryDirectory() as folder:
        root = fractions_course(Path(folder) / "course")
        path = submit(root, "student")
        course = open_course(root)
        entry = Submission(path.stem, "student")
        autograde.register(course, path.stem)
        reference = read_assignment(course, path.stem).references[path.stem]
        notebook, _ = read_notebook(path.stem, path.read_bytes())
        outcomes = {path.stem: Outcome(align(notebook, reference)[0])}

        def write() -> None:
            assert autograde.write(course, entry, outcomes) is None

        write()
        total = sum(seconds(write) for _ in range(GRADEBOOK_ROUNDS))
    print(f"gradebook: {total / GRADEBOOK_ROUNDS:.3f} seconds a submission")


def print_kernel() -> None:
    """Print the time and the memory of a submission that does next to nothing, warm and cold."""
    print("kernel  template, seconds  first submission  second submission  MB")
    with tempfile.TemporaryDirectory() as folder:
        root = fractions_course(Path(folder) / "course")
        path = submit(root, "student")
        reference = read_assignment(open_course(root), path.stem).references[path.stem]
        plan = Plan.of(reference.notebook)
        # Memory is looked at four times a second.
        pause = "\nimport time; time.sleep(1)"
        for warm in (False, True):
            begun = time.perf_counter()
            engine = Engine(warm=warm)
            engine.warm_up(plan)
            start = time.perf_counter() - begun
            found = []
            for _ in range(2):
                notebook, _ = align(read_notebook(path.stem, path.read_bytes())[0], reference)
                notebook.cells[0].source += pause
                found.append(engine.execute(notebook, plan))
            engine.close()
            first, second = (outcome.seconds - 1 for outcome in found)
            name = "warm" if warm else "cold"
            peak = found[-1].memory / 1e6
            print(f"{name:6}  {start:17.2f}  {first:16.2f}  {second:17.2f}  {peak:3.0f}")


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description="Measure how fast submissions are graded.")
    parser.add_argument("--submissions", type=int, default=6, help="default: %(default)s")
    parser.add_argument(
        "--assignments",
        nargs="*",
        default=[LIGHT, "convolution", "mnist-cnn"],
        metavar="NAME",
    )
    parser.add_argument("--cohort", type=int, nargs="*", default=[], metavar="N")
    arguments = parser.parse_args()
    print_kernel()
    print()
    print_gradebook()
    for assignment in arguments.assignments:
        print()
        print_ways(assignment, arguments.submissions)
    if arguments.cohort:
        print()
        print_cohorts(arguments.cohort)


if __name__ == "__main__":
    main()
