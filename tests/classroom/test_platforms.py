"""Each platform's download is recognised, and its people, dates and attempts are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.classroom.archive import Entry, open_download
from helpers.classroom.platforms import recognise
from tests.classroom.builders import archive, moodle, unpacked, work

ADA, BOB = work("1"), work("2")
METADATA = b"""\
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: 0042
    :email: ada@example.org
  - :name: Bob Ross
    :sid: '0043'
    :email: bob@example.org
  :created_at: 2026-11-20 21:26:00.000000000 Z
submission_12:
  :submitters:
  - :name: Eve Moneypenny
    :sid: '0044'
    :email: eve@example.org
  :created_at: 2026-11-20 22:00:00.000000000 Z
"""
BLACKBOARD = {
    "Week_1_ada_l_attempt_2026-11-20-21-26-03_squares.ipynb": ADA,
    "Week_1_ada_l_attempt_2026-11-20-21-26-03.txt": b"Name: Ada Lovelace (ada_l)\nAssignment: W",
    "Week_1_bob_attempt_2026-11-21-08-00-00_squares.ipynb": BOB,
    "Week_1_bob_attempt_2026-11-21-08-00-00.txt": b"Name: Bob Ross (bob)\n",
}
FORMS = {
    "moodle": ("Moodle", moodle({("Ada Lovelace", 1): ADA, ("Bob Ross", 2): BOB})),
    "moodle-3.1": ("Moodle", moodle({("Ada Lovelace", 1): ADA, ("Bob Ross", 2): BOB}, end="file_")),
    "moodle-flat": (
        "Moodle",
        {
            "Ada Lovelace_1_assignsubmission_file_squares.ipynb": ADA,
            "Bob Ross_2_assignsubmission_file_my_squares.ipynb": BOB,
        },
    ),
    "canvas": (
        "Canvas",
        {
            "lovelaceada_1_70_squares.ipynb": ADA,
            "rossbob_LATE_2_71_my_squares_2.ipynb": BOB,
        },
    ),
    "blackboard": ("Blackboard", BLACKBOARD),
    "brightspace": (
        "Brightspace",
        {
            "1-99 - Ada Lovelace - Nov 20, 2026 926 PM/squares.ipynb": ADA,
            "2-99 - Bob Ross - Nov 21, 2026 1201 AM/squares.ipynb": BOB,
            "index.html": b"<html>",
        },
    ),
    "gradescope": (
        "Gradescope",
        {
            "assignment_1_export/submission_metadata.yml": METADATA,
            "assignment_1_export/submission_11/squares.ipynb": ADA,
            "assignment_1_export/submission_12/squares.ipynb": BOB,
        },
    ),
    "nbgrader": (
        "nbgrader",
        {
            "ada+squares+2026-11-20 21:26:03.123456 UTC/squares.ipynb": ADA,
            "bob+squares+2026-11-21 08:00:00 UTC+c2VjcmV0/squares.ipynb": BOB,
        },
    ),
    "plain": ("plain files", {"class/ada/squares.ipynb": ADA, "class/bob/x.ipynb": BOB}),
    "plain-flat": ("plain files", {"ada.ipynb": ADA, "bob.ipynb": BOB}),
}
OWNERS = {
    "moodle": {("1", "Ada Lovelace"), ("2", "Bob Ross")},
    "canvas": {("1", "lovelaceada"), ("2", "rossbob")},
    "blackboard": {("ada_l", "Ada Lovelace"), ("bob", "Bob Ross")},
    "brightspace": {("1", "Ada Lovelace"), ("2", "Bob Ross")},
    "gradescope": {("0042", "Ada Lovelace"), ("0043", "Bob Ross"), ("0044", "Eve Moneypenny")},
    "nbgrader": {("ada", ""), ("bob", "")},
    "plain": {("ada", "ada"), ("bob", "bob")},
}


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("form", FORMS)
def test_a_download_is_recognised_with_its_people(form, packed, tmp_path):
    platform, entries = FORMS[form]
    source = archive(tmp_path / "a.zip", entries) if packed else unpacked(tmp_path / "a", entries)
    with open_download(source) as download:
        found, uploads, rest = recognise(download.entries)
        assert (found, rest, download.problems) == (platform, [], [])
        owners = {(upload.key, upload.name) for upload in uploads}
        assert owners == OWNERS[form if form in OWNERS else form.partition("-")[0]]
        notebooks = {upload.entry.read() for upload in uploads if upload.file.endswith(".ipynb")}
        assert notebooks == {ADA, BOB}


def uploads_of(form, tmp_path):
    with open_download(archive(tmp_path / "a.zip", FORMS[form][1])) as download:
        return recognise(download.entries)[1]


@pytest.mark.parametrize(
    ("form", "moments"),
    [
        ("blackboard", ["2026-11-20 21:26:03", "2026-11-21 08:00:00"]),
        ("brightspace", ["2026-11-20 21:26:00", "2026-11-21 00:01:00"]),
        ("gradescope", ["2026-11-20 21:26:00+00:00", "2026-11-20 22:00:00+00:00"]),
        ("nbgrader", ["2026-11-20 21:26:03.123456+00:00", "2026-11-21 08:00:00+00:00"]),
    ],
)
def test_the_time_is_the_platforms(form, moments, tmp_path):
    assert sorted({str(upload.when) for upload in uploads_of(form, tmp_path)}) == moments


def test_canvas_says_who_was_late_and_keeps_underscores_in_names_of_files(tmp_path):
    late = {upload.name: (upload.late, upload.file) for upload in uploads_of("canvas", tmp_path)}
    assert late == {
        "lovelaceada": (False, "squares.ipynb"),
        "rossbob": (True, "my_squares_2.ipynb"),
    }


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("anon_aB3x9_70_squares.ipynb", ("aB3x9", "anon")),
        ("anon_LATE_aB3x9_70_squares.ipynb", ("aB3x9", "anon")),
        ("_12_70_squares.ipynb", ("12", "")),
        ("lovelaceada_1_text.html", ("1", "lovelaceada")),
    ],
)
def test_canvas_names_that_are_hidden_or_empty(name, owner, tmp_path):
    with open_download(archive(tmp_path / "a.zip", {name: ADA})) as download:
        platform, [upload], _ = recognise(download.entries)
    assert (platform, (upload.key, upload.name)) == ("Canvas", owner)


def test_the_number_that_differs_between_people_is_the_persons(tmp_path):
    entries = {
        "99-1 - Ada Lovelace - Nov 20, 2026 926 PM/a.ipynb": ADA,
        "99-2 - Bob Ross - Nov 20, 2026 926 PM/a.ipynb": BOB,
    }
    with open_download(archive(tmp_path / "a.zip", entries)) as download:
        assert {upload.key for upload in recognise(download.entries)[1]} == {"1", "2"}


@pytest.mark.parametrize(
    "name",
    [
        "Week_ada_attempt_2026-99-99-99-99-99_a.ipynb",
        "1-99 - Ada - Feb 31, 2026 926 PM/a.ipynb",
        "1-99 - Ada - Smarch 1, 2026 926 PM/a.ipynb",
        "ada+squares+2026-13-20 21:26:03 UTC/a.ipynb",
    ],
)
def test_a_day_that_there_is_not_is_no_date(name, tmp_path):
    with open_download(archive(tmp_path / "a.zip", {name: ADA})) as download:
        _, [upload], _ = recognise(download.entries)
    assert upload.when is None


@pytest.mark.parametrize(
    "metadata",
    [
        b"{",
        b"- 1",
        b"submission_1:\n  :submitters: 1\n",
        b"submission_1:\n  :submitters:\n  - 1\n",
        b"submission_1: !ruby/object:Evil {}\n",
        b"\xff\xfe\x00",
    ],
    ids=range(6),
)
def test_damaged_metadata_of_gradescopes_is_no_harm(metadata, tmp_path):
    entries = {"submission_metadata.yml": metadata, "submission_1/squares.ipynb": ADA}
    with open_download(archive(tmp_path / "a.zip", entries)) as download:
        _, uploads, rest = recognise(download.entries)
    assert len(uploads) + len(rest) >= 1


PIECES = [
    *("_1_assignsubmission_file_", "_attempt_", "2026-11-20-21-26-03", "+", "_LATE", "_7_8_"),
    *(" - ", "1-2", "Nov 20, 2026 926 PM", "2026-11-20 21:26:03 UTC", "anon_aB3x9", "_text.html"),
    *(".txt", "submission_metadata.yml", "a.ipynb", "Zoë", " ", "٣٤"),
]
NAMES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1).map("".join)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3), max_size=6), st.binary(max_size=20))
def test_no_names_stop_it_and_no_file_is_lost(paths, content):
    entries = [Entry(tuple(path), lambda: content) for path in paths]
    _, uploads, rest = recognise(entries)
    named = {id(entry.read) for entry in [*(upload.entry for upload in uploads), *rest]}
    left_out = {("index.html",), ("submission_metadata.yml",)}
    assert named >= {id(entry.read) for entry in entries if entry.path[-1:] not in left_out}
