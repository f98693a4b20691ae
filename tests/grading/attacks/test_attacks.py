import os
from pathlib import Path

import nbformat
import psutil
import pytest

import helpers
from helpers.grading.states import MANUAL, REVIEW
from tests.grading.attacks import ATTACKS, secrets
from tests.grading.attacks.assignment import NAME
from tests.grading.attacks.batch import HONEST, grade, list_files

pytestmark = pytest.mark.needs("sandbox")

# One worker for all, since all tests look at the same batch.

EVERYBODY = [*HONEST, *ATTACKS]


def named(attacks):
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return grade(tmp_path_factory.mktemp("attacks"), ATTACKS)


@named([attack for attack in EVERYBODY if not attack.ungraded])
def test_every_test_gives_the_points_that_were_earned(batch, attack):
    assert batch.points(attack.name) == attack.points, batch.said(attack.name)
    assert batch.entries[attack.name]["status"] == MANUAL


@named([attack for attack in EVERYBODY if attack.ungraded])
def test_what_is_no_submission_needs_a_person_and_leaves_no_marks(batch, attack):
    assert batch.entries[attack.name]["status"] == REVIEW
    assert batch.points(attack.name) is None
    assert not (batch.root / "autograded" / attack.name / NAME).exists()


@named([attack for attack in EVERYBODY if attack.said])
def test_what_happened_is_said(batch, attack):
    assert any(attack.said in line for line in batch.said(attack.name))


def test_nobody_else_is_graded(batch):
    assert batch.entries.keys() == {attack.name for attack in EVERYBODY}


@named([attack for attack in EVERYBODY if not attack.ungraded])
def test_no_secret_is_shown_to_a_student(batch, attack):
    shown = batch.shown(attack.name)
    assert batch.secret not in shown
    assert batch.secret[::-1] not in shown


@named(secrets.ATTACKS)
def test_nothing_is_found_written_or_reached(batch, attack):
    assert secrets.CLEAN in batch.shown(attack.name)


def test_the_same_searches_find_everything_where_there_is_no_sandbox(batch):
    assert batch.secret[::-1] in batch.controls["searches"]
    for name in ("source", "submitted", "gradebook.db", "notes.txt"):
        assert f"{batch.root}/{name}" in batch.controls["searches"]
    assert secrets.CLEAN not in batch.controls["calls-home"]


def test_nobody_outside_was_called(batch):
    assert batch.visits == []


def test_no_file_of_the_course_was_changed(batch):
    after = list_files(batch.root)
    assert after == batch.before


def test_the_cache_is_as_it_was(batch):
    assert (batch.cache / "kept").read_text() == "features"
    assert {path.name for path in batch.cache.iterdir()} <= {"kept", "features.sqlite3"}


def test_nothing_was_put_beside_the_package(batch):
    package = Path(helpers.__file__).parent
    folders = [
        package,
        package.parent,
        Path(os.__file__).parent,
        Path(nbformat.__file__).parents[1],
    ]
    assert [path for folder in folders for path in folder.glob(f"*{batch.mark}*")] == []


def test_no_process_is_left(batch):
    left = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        if any(word in text for text in words for word in (batch.mark, str(batch.cache))):
            left.append(process)
    assert left == []


def test_students_print_nothing_on_the_screen_of_the_grader(batch):
    assert "Traceback" not in batch.printed
    assert "\x1b" not in batch.printed
    assert batch.mark not in batch.printed


def test_the_autograded_notebooks_are_valid_and_small(batch):
    for attack in EVERYBODY:
        if not attack.ungraded:
            path = batch.root / "autograded" / attack.name / NAME / f"{NAME}.ipynb"
            nbformat.validate(nbformat.read(path, as_version=4))
            assert path.stat().st_size < 1_000_000
            assert [file.name for file in path.parent.iterdir() if file != path] in (
                [],
                ["timestamp.txt"],
            )
