import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest
from distributed import Client
from nbgrader.api import Gradebook

import helpers
from helpers.cli import main
from helpers.commands import grade
from helpers.commands.check.stamps import OUTPUT, Stamp
from helpers.grading.cohort.assignment import Assignment
from helpers.grading.cohort.grading import Grading
from helpers.grading.cohort.task import Task, execute
from helpers.grading.course import Submission, open_course
from helpers.grading.execution import Options
from helpers.grading.execution.preprocessor import ExecuteApart
from helpers.grading.records import Record, limits_that_matter
from helpers.grading.sandbox import Limits
from helpers.grading.states import GRADED, find_state
from helpers.grading.submission.loading import SubmittedFiles
from tests.builders import COURSE, code_cell, files, grading, run_course, write_source
from tests.grading.builders import (
    HALF,
    NAME,
    RIGHT,
    WRONG,
    cell,
    fractions_course,
    fractions_notebook,
    run_nbgrader,
    submit,
)

pytestmark = pytest.mark.needs("sandbox")

COHORT = {"ada": RIGHT, "bob": HALF, "cyd": WRONG}
# Code that can be held up and let go from outside does not exist in a sandbox; time is all it has.
SLOW = f"{RIGHT}\nimport time; time.sleep(3600)"
PATIENCE = 120


def marks(root):
    """The points of every test by student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def report(root, *arguments, code=0):
    """What a grading says to programs, by student."""
    printed = run_course(root, "grade", "--cold", "--report", "report.json", *arguments)
    assert printed.returncode == code, printed.stdout + printed.stderr
    content = json.loads((root / "report.json").read_text())
    assert content["version"] == 4
    return {entry["student"]: entry for entry in content["submissions"]}


def wait_until(true, process):
    """Poll until something is so, unless the process ends first or it takes too long."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for_workers(address, count):
    with Client(address) as client:
        client.wait_for_workers(count, timeout=PATIENCE)


def records(root):
    return list(root.glob(f"autograded/*/.{NAME}.json"))


def start(root, *arguments):
    return subprocess.Popen(
        [str(COURSE), "grade", "--cold", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course that was graded, and the report of it."""
    root = fractions_course(tmp_path_factory.mktemp("cohort"))
    for student, code in COHORT.items():
        submit(root, student, code)
    return root, report(root)


def test_a_cohort_gets_the_marks_that_plain_nbgrader_gives_one_at_a_time(graded, tmp_path):
    root, _ = graded
    plain = fractions_course(tmp_path)
    for student, code in COHORT.items():
        submit(plain, student, code)
    assert run_nbgrader(plain, "generate_assignment", NAME).returncode == 0
    printed = run_nbgrader(plain, "autograde", NAME)
    assert printed.returncode == 0, printed.stderr
    assert marks(plain) == marks(root)
    for student in COHORT:
        place = Path("autograded", student, NAME, f"{NAME}.ipynb")
        ours, theirs = (json.loads((folder / place).read_text()) for folder in (root, plain))
        assert [entry["source"] for entry in ours["cells"]] == [
            entry["source"] for entry in theirs["cells"]
        ]


def test_the_report_for_programs_has_points_and_circumstances(graded):
    _, found = graded
    ada = found["ada"]
    assert (ada["points"], ada["pending"], ada["maximum"]) == (6, 3, 9)
    assert ada["status"] == "needs manual grading"
    assert not ada["unchanged"]
    record = ada["record"]
    assert record["scores"] == {NAME: {"warns": 2, "in_parts": 4, "written": None}}
    assert record["sandboxed"] and not record["warm"]
    assert record["seconds"] > 0
    # An interpreter with IPython at least, and no TensorFlow.
    assert 20e6 < record["memory"] < 400e6


def test_only_what_has_changed_is_graded_again(tmp_path):
    root = fractions_course(tmp_path)
    for student in ("ada", "bob", "cyd"):
        path = submit(root, student)
    report(root)
    content = json.loads(path.read_text())
    cell(content, "answer")["source"] = HALF
    path.write_text(json.dumps(content))
    # As after plain nbgrader, whose autograding our record knows nothing of.
    notebook = root / "autograded" / "bob" / NAME / f"{NAME}.ipynb"
    notebook.chmod(0o644)
    notebook.write_text(notebook.read_text() + "\n")
    found = report(root)
    assert {student: entry["unchanged"] for student, entry in found.items()} == {
        "ada": True,
        "bob": False,
        "cyd": False,
    }
    assert found["cyd"]["points"] == 2
    assert not report(root, "--force", "--student", "ada")["ada"]["unchanged"]


def test_another_limit_grades_only_those_again_that_a_limit_has_cost_something(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    submit(root, "eve", "while True: pass")
    found = report(root, "--cell-seconds", "2")
    assert found["eve"]["record"]["incidents"] == {
        NAME: {"answer": "it ran longer than 2 seconds and was stopped"}
    }
    found = report(root, "--cell-seconds", "3")
    assert {student: entry["unchanged"] for student, entry in found.items()} == {
        "ada": True,
        "eve": False,
    }
    assert all(entry["unchanged"] for entry in report(root, "--cell-seconds", "3").values())


def test_another_limit_of_memory_grades_all_again_and_one_of_time_what_hit_it():
    limits = Limits()
    clean = Record(incidents={NAME: {}}, limits=limits_that_matter(limits))
    stopped = replace(clean, incidents={NAME: {"answer": "it ran longer than 600 seconds"}})
    for record, other, enough in [
        (clean, replace(limits, cell_seconds=7), True),
        (stopped, replace(limits, cell_seconds=7), False),
        (clean, replace(limits, memory=7), False),
        (stopped, limits, True),
    ]:
        assert Grading.had_enough(record, other) == enough


def test_a_second_grading_in_one_process_is_as_good_as_the_first(tmp_path, monkeypatch):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    monkeypatch.chdir(root)
    for _ in range(2):
        assert main(["grade", "--cold", "--force"]) == 0
    assert marks(root)["ada"]["warns"] == 2


@pytest.mark.parametrize(
    ("slowest", "options", "seconds"),
    [
        (None, [], 600),
        (0.4, [], 60),
        (3.1, [], 120),
        (50, [], 600),
        # In a run that failed, which may have ended before the slowest cell.
        (-0.4, [], 600),
        (0.4, ["--cell-seconds", "7"], 7),
    ],
)
def test_a_cell_may_take_longer_than_the_slowest_of_the_instructor(
    tmp_path, slowest, options, seconds
):
    root = fractions_course(tmp_path)
    if slowest is not None:
        stamp = root / OUTPUT / f"{NAME}.json"
        stamp.parent.mkdir(parents=True)
        passed = "passed" if slowest > 0 else None
        stamp.write_bytes(Stamp(passed, {}, 9.0, abs(slowest), []).as_json())
    parser = argparse.ArgumentParser()
    grade.add_arguments(parser)
    arguments = parser.parse_args(options)
    arguments.root = root
    settings = ExecuteApart(config=open_course(root).config)
    assert grade.find_limits(settings, arguments, NAME).cell_seconds == seconds


def test_without_the_gradebook_everything_is_graded_again(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    report(root)
    (root / "gradebook.db").unlink()
    assert not report(root)["ada"]["unchanged"]
    assert marks(root)["ada"]["warns"] == 2


def test_one_exercise_is_judged_anew_and_the_other_points_are_kept(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada", HALF)
    report(root)
    content = fractions_notebook()
    for name in ("warns", "in_parts"):
        test = cell(content, name)
        test["source"] = ["2.0 * float(answer())"]
    write_source(root, NAME, content)
    assert report(root, "--exercise", "warns")["ada"]["record"]["scores"] == {
        NAME: {"warns": 1, "in_parts": 2, "written": None}
    }
    # The other test has changed as well, and that is not forgotten.
    assert report(root)["ada"]["record"]["scores"][NAME]["in_parts"] == 1
    printed = run_course(root, "grade", "--exercise", "nothing")
    assert printed.returncode == 2
    assert "no exercise has tests and the name nothing; there are answer" in printed.stderr


def test_after_one_exercise_was_judged_anew_nothing_is_left_to_do(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada", HALF)
    report(root)
    content = fractions_notebook()
    cell(content, "warns")["source"] = ["2.0 * float(answer())"]
    write_source(root, NAME, content)
    assert report(root, "--exercise", "warns")["ada"]["record"]["scores"][NAME]["warns"] == 1
    again = report(root)["ada"]
    assert again["unchanged"]
    assert again["points"] == 3
    # What tests have in common counts for each of them.
    content["cells"][0]["source"] = ["import warnings\n", "import numpy as np\n"]
    cell(content, "warns")["source"] = ["1.0 * float(answer())"]
    write_source(root, NAME, content)
    report(root, "--exercise", "warns")
    assert not report(root)["ada"]["unchanged"]


def test_what_was_judged_in_two_ways_is_judged_anew_in_one(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    report(root)
    report(root, "--exercise", "warns", "--all-cells")
    assert not report(root)["ada"]["unchanged"]
    assert report(root)["ada"]["unchanged"]


@pytest.mark.parametrize("arguments", [(), ("--exercise", "warns")], ids=["all", "one exercise"])
def test_a_written_answer_stays_marked_when_a_test_changes(arguments, tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    report(root)
    course = open_course(root)
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("written", NAME, NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    content = fractions_notebook()
    cell(content, "warns")["source"] = ["1.0 * answer()"]
    write_source(root, NAME, content)
    assert report(root, *arguments)["ada"]["record"]["scores"][NAME]["warns"] == 1
    with course.gradebook() as gradebook:
        state = find_state(course, gradebook, Submission(NAME, "ada"))
    assert (state.status, state.points) == (GRADED, 8)


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    report(root)
    submit(root, "bob", change=lambda content: content["cells"].append(content["cells"][1]))
    submit(root, "cyd").write_text("{")
    before = files(root)
    printed = run_course(root, "grade", "--dry-run")
    assert printed.returncode == 0
    rows = [" ".join(line.split()) for line in printed.stdout.splitlines()]
    assert "ada fractions unchanged" in rows
    assert any(row.startswith("bob fractions graded ") for row in rows)
    assert "cyd fractions needs review" in rows
    assert "submitted/cyd/fractions: fractions.ipynb is not JSON" in printed.stdout
    assert files(root) == before


def test_a_grading_that_was_killed_goes_on_where_it_was(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    submit(root, "bob")
    for number in range(4):
        slow = submit(root, f"slow{number}", SLOW)
    process = start(root)
    wait_until(lambda: len(records(root)) == 2, process)
    process.kill()
    process.communicate()
    assert not list(root.glob("autograded/slow*"))
    for slow in root.glob("submitted/slow*"):
        place = slow / NAME / f"{NAME}.ipynb"
        place.write_text(place.read_text().replace("time.sleep(3600)", ""))
    found = report(root)
    assert {student: entry["unchanged"] for student, entry in found.items()} == {
        "ada": True,
        "bob": True,
        **{f"slow{number}": False for number in range(4)},
    }
    assert {entry["points"] for entry in found.values()} == {6}
    assert not (root / "autograded" / ".grading").exists()


def test_ctrl_c_ends_everything_that_was_started(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada", SLOW)
    process = start(root)
    descendants, lines = [], []
    # Before that, a sandbox is built to see whether it can be.
    while not "".join(lines[-1:]).startswith("Grading 1 submissions"):
        lines.append(process.stdout.readline())
        assert lines[-1], process.communicate()

    def executing():
        descendants[:] = psutil.Process(process.pid).children(recursive=True)
        return any(child.name() == "bwrap" for child in descendants)

    wait_until(executing, process)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate()
    printed = "".join([*lines, rest])
    assert process.returncode == 130
    goes_on = "the next `course grade` goes on with the others"
    assert errors == f"stopped: 0 of 1 submissions are graded; {goes_on}\n"
    assert f"{NAME} has not passed `course check` here, so each endless loop takes 600 s" in printed
    # What it was doing, and nothing after that.
    assert [line for line in printed.splitlines() if not line.endswith(" …")] == []
    _, alive = psutil.wait_procs(descendants, timeout=PATIENCE)
    assert not alive


def test_after_ctrl_c_the_report_has_what_was_graded(tmp_path):
    root = fractions_course(tmp_path)
    for student, code in {"ada": RIGHT, "bob": RIGHT, "slow": SLOW}.items():
        submit(root, student, code)
    process = start(root, "--report", "report.json")
    # The second is written when the first is done.
    wait_until(lambda: len(records(root)) == 2, process)
    process.send_signal(signal.SIGINT)
    assert "stopped: 2 of 3 submissions are graded; " in process.communicate()[1]
    assert process.returncode == 130
    entries = json.loads((root / "report.json").read_text())["submissions"]
    assert {entry["points"] for entry in entries} == {6}
    assert "slow" not in {entry["student"] for entry in entries}
    printed = run_course(root, "export")
    assert printed.returncode == 0, printed.stderr
    assert "it has not been graded; run `course grade fractions --student slow`" in (
        root / "grades.csv"
    ).read_text("utf-8")


def test_a_second_grading_is_turned_away(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada", SLOW)
    process = start(root)
    try:
        wait_until((root / "gradebook.db").exists, process)
        printed = run_course(root, "grade")
        assert printed.returncode == 2
        assert printed.stderr.startswith("course: another `course grade` is under way")
    finally:
        process.kill()
        process.communicate()


def test_a_test_that_cannot_be_judged_waits_for_a_person_and_the_rest_counts(tmp_path):
    root = fractions_course(tmp_path)
    content = fractions_notebook()
    broken = code_cell("limit = 1 / 0", "limits", grading("limits", locked=True))
    content["cells"].insert(1, broken)
    cell(content, "warns")["source"] = ["assert answer() < limit"]
    write_source(root, NAME, content)
    submit(root, "ada")
    entry = report(root, code=1)["ada"]
    assert entry["status"] == "needs review"
    assert entry["reason"].startswith("test `warns` was not judged: ")
    assert entry["reason"].endswith("; give the points in formgrader")
    assert (entry["points"], entry["pending"]) == (4, 5)
    assert run_course(root, "feedback").returncode == 1
    assert (root / "feedback" / "ada" / NAME / f"{NAME}.html").is_file()
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for name, points in (("warns", 1.5), ("written", 3)):
            grade = gradebook.find_grade(name, NAME, NAME, "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    entry = report(root)["ada"]
    assert (entry["status"], entry["points"], entry["pending"]) == ("graded", 8.5, 0)
    # Other code may not earn the test's points; the written answer is the same as before.
    shutil.rmtree(root / "submitted" / "ada")
    submit(root, "ada", WRONG)
    entry = report(root)["ada"]
    assert (entry["status"], entry["pending"]) == ("needs manual grading", 2)


@contextmanager
def cluster(*environments):
    """A real Dask scheduler with a worker process for each environment, on this machine.

    Gives its address, and the processes: of the scheduler, then of the workers.
    """
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    quiet = {"stdout": subprocess.DEVNULL, "text": True}
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, *options], stderr=subprocess.PIPE, **quiet)
    processes = [scheduler]
    try:
        line = next(line for line in scheduler.stderr if "Scheduler at:" in line)
        address = line.split()[-1]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address]
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        for environment in environments:
            processes.append(
                subprocess.Popen(
                    [*worker, *options],
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, **environment},
                    **quiet,
                )
            )
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
        scheduler.stderr.close()


def executes(worker):
    """Whether a worker has a sandbox for a submission, which `cat` holds."""
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(worker.pid).children()
        return any("cat" in child.cmdline() for child in children)


def test_the_workers_of_a_cluster_grade_and_one_that_dies_costs_nothing(tmp_path):
    root = fractions_course(tmp_path)
    with cluster({}, {}) as (address, (_, first, _)):
        for student in ("ada", "bob", "cyd"):
            submit(root, student)
        submit(root, "eve", f"{RIGHT}\nimport time; time.sleep(1)")
        process = start(root, "--scheduler", address)
        wait_until(partial(executes, first), process)
        first.kill()
        printed, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, printed + errors
    assert {student: points["warns"] for student, points in marks(root).items()} == {
        "ada": 2,
        "bob": 2,
        "cyd": 2,
        "eve": 2,
    }


def test_a_worker_that_dies_while_it_is_looked_at_costs_nothing(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    deadly = tmp_path / "deadly" / "bwrap"
    deadly.parent.mkdir()
    deadly.write_text("#!/bin/sh\nkill -9 $PPID\n")
    deadly.chmod(0o755)
    search = {"PATH": f"{deadly.parent}:{os.environ['PATH']}"}
    with cluster({}, search) as (address, (_, _, second)):
        wait_for_workers(address, 2)
        printed = run_course(root, "grade", "--cold", "--scheduler", address)
        assert printed.returncode == 0, printed.stderr
        assert second.wait(PATIENCE) == -signal.SIGKILL
    assert marks(root)["ada"]["warns"] == 2


def test_a_worker_with_another_version_is_named(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    package = tmp_path / "other" / "helpers"
    without = shutil.ignore_patterns("__pycache__", "data")
    shutil.copytree(Path(helpers.__file__).parent, package, ignore=without)
    (package / "errors.py").open("a").write("# Changed.\n")
    with cluster({"PYTHONPATH": str(package.parent), "PYTHONSAFEPATH": "1"}) as (address, _):
        wait_for_workers(address, 1)
        printed = run_course(root, "grade", "--scheduler", address)
    assert printed.returncode == 2
    assert "has another version of the course" in printed.stderr
    assert not records(root)


def test_a_worker_with_another_version_that_comes_late_grades_nothing():
    files = SubmittedFiles({}, None, (), ())
    task = Task(Assignment(NAME, {}, {}, {}), files, Options(Limits()), "another")
    assert "has another version" in execute(task).result.reason


def test_a_scheduler_that_dies_is_told_and_what_was_graded_is_kept(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    submit(root, "bob", SLOW)
    with cluster({}) as (address, (scheduler, _)):
        process = start(root, "--scheduler", address)
        wait_until(lambda: records(root), process)
        scheduler.kill()
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    last = errors.splitlines()[-1]
    assert last.startswith("course: the connection with the Dask scheduler is lost"), errors
    assert len(records(root)) == 1


def test_a_scheduler_that_does_not_answer_is_named(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    printed = run_course(root, "grade", "--scheduler", "nonsense://127.0.0.1:1")
    assert printed.returncode == 2
    assert printed.stderr.startswith("course: no Dask scheduler answers at nonsense://")
