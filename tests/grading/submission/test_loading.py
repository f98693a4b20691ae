import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from helpers.grading.review import NeedsReview
from helpers.grading.submission import loading
from helpers.grading.submission.loading import load_submission
from tests.grading.builders import NAME, fractions_notebook

FILE = f"{NAME}.ipynb"
CONTENT = json.dumps(fractions_notebook()).encode()


@pytest.fixture
def folder(tmp_path):
    """A sound submission."""
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(CONTENT)
    return folder


def problem(folder):
    with pytest.raises(NeedsReview) as caught:
        load_submission(folder, [NAME])
    # One line that says what to do.
    assert "\n" not in str(caught.value) and "; " in str(caught.value)
    return str(caught.value)


def in_hours(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


def test_a_sound_submission_is_taken_in_without_a_remark(folder):
    (folder / "timestamp.txt").write_text("2999-11-23")
    (folder / "timestamp.txt").write_text(f"{in_hours(-1)}.250000 UTC\n")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / f"._{FILE}").write_bytes(b"Mac OS X")
    taken = load_submission(folder, [NAME])
    assert taken.notebooks == {NAME: CONTENT}
    assert taken.timestamp == (folder / "timestamp.txt").read_text().strip()
    assert taken.repairs == ()


def test_other_files_are_named_and_not_opened(folder):
    (folder / "numpy.py").write_text("raise SystemExit")
    (folder / "helpers").mkdir()
    (folder / "secret").symlink_to("/etc/passwd")
    (folder / "two\nlines").write_text("")
    os.mkfifo(folder / "pipe")
    taken = load_submission(folder, [NAME])
    assert taken.repairs == ("5 other files ignored: helpers, numpy.py, pipe, secret, two?lines",)
    assert taken.notebooks == {NAME: CONTENT}


def test_many_other_files_are_counted(folder):
    for number in range(100):
        (folder / f"{number:02}.png").write_bytes(b"")
    (line,) = load_submission(folder, [NAME]).repairs
    assert line.startswith("100 other files ignored: 00.png, 01.png, ")
    assert line.endswith(", 94 more")


def test_a_missing_notebook_is_named(folder):
    (folder / FILE).unlink()
    assert problem(folder).startswith("fractions.ipynb is missing; ask the student")
    for name in ("fractions.py", "submission_secret.txt", "timestamp.txt"):
        (folder / name).write_text("")
    assert problem(folder) == (
        "fractions.ipynb is missing, there is fractions.py; ask the student for it"
    )


def test_what_nbgrader_puts_beside_notebooks_is_no_strange_file(folder):
    (folder / "submission_secret.txt").write_text("b2c7")
    taken = load_submission(folder, [NAME])
    assert (taken.others, taken.repairs) == ((), ())


@pytest.mark.parametrize(
    "name",
    ["fractions (1).ipynb", "Fractions.ipynb", "my solution.IPYNB", "a\tb.ipynb", f"{FILE}.txt"],
)
def test_the_only_notebook_is_taken_whatever_its_name(folder, name):
    (folder / FILE).rename(folder / name)
    (folder / f"._{FILE}").write_bytes(b"Mac OS X")
    taken = load_submission(folder, [NAME])
    assert taken.notebooks == {NAME: CONTENT}
    shown = name.replace("\t", "?")
    assert taken.repairs == (f"fractions.ipynb was missing; {shown} was taken for it",)


def test_a_name_that_is_not_unicode_is_no_obstacle(folder):
    os.rename(folder / FILE, os.fsencode(folder / "caf") + b"\xe9.ipynb")
    assert load_submission(folder, [NAME]).notebooks == {NAME: CONTENT}


def test_of_several_renamed_notebooks_a_person_takes_one(folder):
    shutil.copy(folder / FILE, folder / "a.ipynb")
    (folder / FILE).rename(folder / "b.ipynb")
    assert "fractions.ipynb is missing, there is a.ipynb, b.ipynb; " in problem(folder)


def test_the_notebook_with_the_right_name_wins(folder):
    (folder / "fractions (1).ipynb").write_text("{}")
    taken = load_submission(folder, [NAME])
    assert taken.notebooks == {NAME: CONTENT}
    assert taken.repairs == ("another file ignored: fractions (1).ipynb",)


def test_several_notebooks_belong_to_an_assignment_and_one_may_be_renamed(folder):
    (folder / "two.ipynb").write_text("{}")
    assert load_submission(folder, [NAME, "more"]).notebooks == {NAME: CONTENT, "more": b"{}"}


def test_two_missing_notebooks_are_not_guessed(folder):
    (folder / FILE).rename(folder / "a.ipynb")
    with pytest.raises(NeedsReview, match=r"^fractions.ipynb, more.ipynb is missing, there is a"):
        load_submission(folder, [NAME, "more"])


def test_a_huge_file_is_not_read_whole(folder, monkeypatch):
    monkeypatch.setattr(loading, "LARGEST", 5_000_000)
    os.truncate(folder / FILE, 5_000_001)
    assert "has more than 5 MB; ask the student to clear its outputs" in problem(folder)


@pytest.mark.parametrize("name", [FILE, "renamed.ipynb"])
def test_a_link_to_the_work_of_another_student_is_refused(folder, name):
    other = shutil.copytree(folder, folder.parents[1] / "bob" / NAME)
    (folder / FILE).unlink()
    (folder / name).symlink_to(other / FILE)
    assert problem(folder).startswith(
        f"fractions.ipynb is {'a link' if name == FILE else 'missing'}"
    )


@pytest.mark.parametrize("level", [NAME, ""])
def test_a_link_in_place_of_the_folder_is_refused(folder, level):
    link = folder.parents[1] / "bob" / level
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(folder.parent / level)
    assert problem(folder.parents[1] / "bob" / NAME).startswith(
        f"{level or 'bob'} is not a folder of its own"
    )


def test_a_pipe_is_refused_and_not_waited_for(folder):
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE)
    assert problem(folder).startswith("fractions.ipynb is a link, a folder or a device")


def test_a_file_in_place_of_the_folder_is_refused(folder):
    shutil.rmtree(folder)
    folder.write_text("zip")
    assert problem(folder).startswith("fractions is not a folder of its own")


@pytest.mark.parametrize("name", ["[a-z]*", "ada ", " ada", "ada\n"])
def test_a_name_that_nbgrader_takes_for_another_is_refused(folder, name):
    folder = shutil.copytree(folder, folder.parents[1] / name / NAME)
    found = problem(folder)
    assert found.startswith("the folder '") and found.endswith("; rename it without")
    assert "\n" not in found


def test_other_files_are_named(folder):
    (folder / "mine.py").touch()
    (folder / ".DS_Store").touch()
    taken = load_submission(folder, [NAME])
    assert taken.others == ("mine.py",)
    assert taken.repairs == ("another file ignored: mine.py",)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-11-23 10:00:00 UTC", "2025-11-23 10:00:00"),
        ("2025-11-23 10:00:00.5 +0200", "2025-11-23 08:00:00.5"),
        ("2025-11-23 10:00:00 America/New_York", "2025-11-23 15:00:00"),
        ("\ufeff2025-11-23T10:00:00+01:00", "2025-11-23 09:00:00"),
    ],
)
def test_a_timestamp_is_converted_to_utc(folder, text, moment):
    (folder / "timestamp.txt").write_text(text)
    os.utime(folder / FILE, (0, 0))
    taken = load_submission(folder, [NAME])
    assert taken.timestamp.startswith(moment) and taken.timestamp.endswith(" UTC")
    assert taken.repairs == ()


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "", "12", "10:30", "2025-13-45", "../../../etc/2025", "\0" * 900),
        *("9" * 900, "2025-01-01 " * 500, "2025-01-01 10:00:00 +99999999999", "1e9999", "-2025"),
    ],
)
def test_a_timestamp_that_is_no_date_is_ignored(folder, text):
    (folder / "timestamp.txt").write_text(text)
    taken = load_submission(folder, [NAME])
    assert taken.timestamp is None
    (line,) = taken.repairs
    assert line.startswith("timestamp.txt ") and line.endswith("; ignored") and len(line) < 120


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1999-12-31 10:00:00 UTC", "too long ago"),
        (in_hours(24), "in the future"),
        ("9999-12-31 23:59:59 UTC", "in the future"),
    ],
    # Workers that collect the tests a second apart must give them the same names.
    ids=["too early", "tomorrow", "too late"],
)
def test_a_timestamp_that_cannot_be_is_ignored(folder, text, why):
    (folder / "timestamp.txt").write_text(text)
    taken = load_submission(folder, [NAME])
    assert taken.timestamp is None
    assert f"which is {why}; ignored" in taken.repairs[0]


def test_a_timestamp_much_older_than_the_notebook_is_left_to_a_person(folder):
    (folder / "timestamp.txt").write_text("2025-11-23 10:00:00 UTC")
    modified = datetime(2025, 11, 25, 9, tzinfo=UTC).timestamp()
    os.utime(folder / FILE, (modified, modified))
    taken = load_submission(folder, [NAME])
    assert taken.timestamp == "2025-11-23 10:00:00.000000 UTC"
    assert taken.repairs == (
        "timestamp.txt says 2025-11-23 10:00, but the notebook was changed on 2025-11-25 09:00 "
        "(UTC); see whether it was late",
    )


def test_a_timestamp_that_is_a_link_or_a_pipe_is_ignored(folder):
    (folder / "timestamp.txt").symlink_to("/etc/hostname")
    assert load_submission(folder, [NAME]).repairs == (
        "timestamp.txt is no file with a date; ignored",
    )
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")
    assert load_submission(folder, [NAME]).repairs == (
        "timestamp.txt is no file with a date; ignored",
    )
