"""`course collect`: everybody is in the list, the newest attempt counts, and no work is lost."""

import csv
import os

import pytest

from tests.builders import files
from tests.classroom.builders import archive, moodle, moodle_name, unpacked, work

WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
)


def worksheet(path, *people):
    """Moodle's own, of (id, name, e-mail)."""
    rows = [
        f'"Participant {key}","{name}",{mail},"Submitted for grading",,2.00,Yes,'
        f'"Friday, 20 November 2026, {key}:26 PM",-,\r\n'
        for key, name, mail in people
    ]
    path.write_bytes(f"\ufeff{WORKSHEET}{''.join(rows)}".encode())
    return path


@pytest.fixture
def roster(root):
    """Write the roster, of rows as in the file."""

    def roster(text):
        (root / "roster.csv").write_text(text)

    return roster


def row(printed, name):
    line = next(line for line in printed.splitlines() if name in line and "squares " in line)
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_everybody_in_the_download_or_in_the_roster_is_in_the_list(run, roster, tmp_path):
    roster("folder,last_name,first_name\nada,Lovelace,Ada\ngrace,Hopper,Grace\n")
    entries = moodle({("Ada Lovelace", 1): work(), ("Bob Ross", 2): work("2")})
    entries |= {
        "Eve A_3_assignsubmission_file/squares.py": b"print(1)",
        "Eve B_4_assignsubmission_file/squares.html": b"<html>",
        "Eve C_5_assignsubmission_file/report.pdf": b"%PDF",
        "Eve C_5_assignsubmission_file/squares.txt": b"text",
        "Eve D_6_assignsubmission_file/all.zip": b"PK",
        "Eve E_7_assignsubmission_onlinetext/onlinetext.html": b"<p>here it is",
        "Eve F_8_assignsubmission_file/": b"",
        "Eve G_9_assignsubmission_file/squares.ipynb": work(name="cubes"),
        "Eve H_10_assignsubmission_file/mine.ipynb": b'{"cells": [], "nbformat": 4}',
    }
    code, printed = run("collect", archive(tmp_path / "a.zip", entries))
    assert code == 1
    assert row(printed, "Ada Lovelace") == ["squares", "Ada Lovelace", "ada", "collected"]
    assert row(printed, "Bob Ross")[-1] == "collected"
    assert row(printed, "Grace Hopper")[-1] == "not submitted"
    for letter, words in {
        "A": "squares.py, a Python export; ask for the notebook itself (.ipynb)",
        "B": "squares.html, a page, not a notebook; ask for",
        "C": "report.pdf, a PDF; ask for the notebook itself (.ipynb) (and 1 other file)\n",
        "D": "all.zip, an archive in the archive; unpack it",
        "E": "text typed into the platform; ask for",
        "F": "no file; ask for",
        "G": "squares.ipynb, the notebook of cubes; ask for that of squares",
    }.items():
        assert f"Eve {letter}, squares: handed in {words}" in printed
        assert row(printed, f"Eve {letter}")[-1] == "no notebook"


def test_a_damaged_notebook_is_collected_for_grading_to_say_what_is_wrong(run, root, tmp_path):
    people = {("Ada Lovelace", 1): work(), ("Bob Ross", 2): b'{"cells": ['}
    code, printed = run("collect", archive(tmp_path / "a.zip", moodle(people)))
    assert code == 1
    assert "Bob Ross, squares: squares.ipynb is not JSON" in printed
    assert (root / "submitted/bob-ross/squares/squares.ipynb").read_bytes() == b'{"cells": ['


def test_names_of_all_kinds_get_folders_of_their_own(run, root, handed_in, tmp_path):
    names = {
        "Zoë Müller-Weiß": "zoe-muller-weiss",
        "O'Neil, Ann [a-z]*": "ann-a-z-oneil",
        "王 小明": "王-小明",
        "محمد علي": "محمد-علي",
        ". .": "unknown",
        "x" * 200: "x" * 60,
    }
    people = {(name, number): work(str(number)) for number, name in enumerate(names)}
    assert run("collect", archive(tmp_path / "a.zip", moodle(people)))[0] == 0
    assert handed_in() == {folder: str(number) for number, folder in enumerate(names.values())}


class TestAgain:
    def test_run_twice_nothing_changes(self, run, root, tmp_path):
        people = {("Ada Lovelace", 1): work(), ("Bob Ross", 2): work("2")}
        source = archive(tmp_path / "a.zip", moodle(people))
        assert run("collect", source)[0] == 0
        before, times = files(root), {path: path.stat().st_mtime_ns for path in root.rglob("*")}
        code, printed = run("collect", source)
        assert (code, files(root)) == (0, before)
        assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == times
        assert row(printed, "Ada Lovelace")[-1] == "unchanged"

    def test_a_dry_run_writes_nothing(self, run, root, tmp_path):
        source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()}))
        before = files(root)
        code, printed = run("collect", source, "--dry-run")
        assert (code, files(root)) == (0, before)
        assert row(printed, "Ada Lovelace")[-1] == "collected"
        assert "Nothing was written." in printed

    def test_a_newer_download_replaces_and_an_older_one_does_not(self, run, handed_in, tmp_path):
        old, new = (
            archive(tmp_path / f"{answer}.zip", moodle({("Ada Lovelace", 1): work(answer)}))
            for answer in ("1", "2")
        )
        run("collect", old)
        assert row(run("collect", new)[1], "Ada Lovelace")[-1] == "updated"
        assert row(run("collect", old)[1], "Ada Lovelace")[-1] == "unchanged"
        assert handed_in() == {"ada-lovelace": "2"}

    def test_what_was_put_there_by_hand_is_kept(self, run, root, handed_in, tmp_path):
        source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()}))
        run("collect", source)
        (root / "submitted/ada-lovelace/squares/squares.ipynb").write_bytes(work("mended"))
        for _ in range(2):
            code, printed = run("collect", source)
            assert (code, handed_in()) == (1, {"ada-lovelace": "mended"})
            assert row(printed, "Ada Lovelace")[-1] == "put there by hand"

    def test_a_notebook_that_came_by_mail_is_not_asked_for_again(self, run, root, tmp_path):
        pdf = moodle({("Ada Lovelace", 1): b"%PDF"}, file="squares.pdf")
        first = archive(tmp_path / "a.zip", pdf | moodle({("Bob Ross", 2): work()}))
        assert "Ada Lovelace, squares: handed in squares.pdf" in run("collect", first)[1]
        folder = root / "submitted/ada-lovelace/squares"
        folder.mkdir(parents=True)
        (folder / "squares.ipynb").write_bytes(work())
        later = archive(tmp_path / "b.zip", moodle({("Bob Ross", 2): work()}))
        for source in (first, later):
            code, printed = run("collect", source)
            assert (code, row(printed, "Ada Lovelace")[-1]) == (0, "put there by hand")

    @pytest.mark.parametrize("first", ["collected", "put there"])
    def test_what_is_refused_gives_the_file_that_stays_no_time(
        self, first, run, root, handed_in, tmp_path
    ):
        name = "Week_ada_attempt_2026-11-{}-12-00-00_squares.ipynb"
        mended = root / "submitted/ada/squares/squares.ipynb"
        if first == "collected":
            early = archive(tmp_path / "a.zip", {name.format("20"): work("1")})
            run("collect", early)
        mended.parent.mkdir(parents=True, exist_ok=True)
        mended.write_bytes(work("mended"))
        (root / "policy.toml").write_text("[assignments.squares]\ndue = 2026-11-21\n")
        late = archive(tmp_path / "b.zip", {name.format("28"): work("2")})
        _, printed = run("collect", late)
        assert handed_in() == {"ada": "mended"}
        moment = ["2026-11-20 12:00"] if first == "collected" else []
        assert row(printed, "ada")[3:] == [*moment, "put there by hand"]

    def test_canvas_calls_no_file_late_that_stays(self, run, root, tmp_path):
        run("collect", archive(tmp_path / "a.zip", {"lovelaceada_1_70_a.ipynb": work("1")}))
        (root / "submitted/lovelaceada/squares/squares.ipynb").write_bytes(work("mended"))
        late = archive(tmp_path / "b.zip", {"lovelaceada_LATE_1_71_b.ipynb": work("2")})
        _, printed = run("collect", late)
        assert row(printed, "lovelaceada")[2:] == ["lovelaceada", "put there by hand"]
        # Without the mended file, the late one is taken, and is late.
        (root / "submitted/lovelaceada/squares/squares.ipynb").unlink()
        assert row(run("collect", late)[1], "lovelaceada")[2:] == [
            *("lovelaceada", "late", "collected")
        ]

    def test_the_time_of_a_mended_file_may_come_later(self, run, root, tmp_path):
        source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()}))
        run("collect", source)
        (root / "submitted/ada-lovelace/squares/squares.ipynb").write_bytes(work("mended"))
        sheet = worksheet(tmp_path / "w.csv", (1, "Ada Lovelace", "ada@x.org"))
        _, printed = run("collect", source, sheet)
        assert row(printed, "Ada Lovelace")[3:] == ["2026-11-20 13:26", "put there by hand"]

    def test_who_goes_back_to_an_earlier_file_is_asked_about(self, run, handed_in, tmp_path):
        first, second = (
            archive(tmp_path / f"{answer}.zip", moodle({("Ada Lovelace", 1): work(answer)}))
            for answer in ("1", "2")
        )
        run("collect", first)
        run("collect", second)
        code, printed = run("collect", first)
        assert (code, handed_in()) == (1, {"ada-lovelace": "2"})
        take = "ada-lovelace=squares.ipynb"
        assert "squares.ipynb was collected before, and replaced by a newer file" in printed
        assert f"take it with `--take {take}`" in printed
        assert row(run("collect", first, "--take", take)[1], "Ada Lovelace")[-1] == "updated"
        assert handed_in() == {"ada-lovelace": "1"}
        assert run("collect", first)[0] == 0
        assert run("collect", second)[0] == 1
        assert handed_in() == {"ada-lovelace": "1"}

    def test_who_is_missing_in_a_later_download_is_still_in_the_list(self, run, tmp_path):
        run("collect", archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()})))
        later = archive(tmp_path / "b.zip", moodle({("Bob Ross", 2): work("2")}))
        assert row(run("collect", later)[1], "Ada Lovelace")[-1] == "unchanged"


class TestAttempts:
    BLACKBOARD = "Week 1_ada_attempt_2026-11-{}-21-26-03_{}.ipynb"

    def test_the_latest_counts_where_there_are_dates(self, run, root, handed_in, tmp_path):
        entries = {
            self.BLACKBOARD.format("20", "a"): work("1"),
            self.BLACKBOARD.format("22", "b"): work("3"),
            self.BLACKBOARD.format("21", "c"): work("2"),
        }
        (root / "policy.toml").write_text('timezone = "Europe/Berlin"\n')
        code, printed = run("collect", archive(tmp_path / "a.zip", entries))
        assert (code, handed_in()) == (0, {"ada": "3"})
        assert row(printed, "ada")[3] == "2026-11-22 21:26"
        stamp = root / "submitted/ada/squares/timestamp.txt"
        assert stamp.read_text() == "2026-11-22 20:26:03 UTC\n"
        # Else grading would remark that the notebook was changed after it was handed in.
        notebook = stamp.with_name("squares.ipynb")
        assert os.stat(notebook).st_mtime == pytest.approx(1795379163)

    def test_a_second_upload_of_one_name_is_the_newer_one_in_canvas(self, run, handed_in, tmp_path):
        entries = {
            "lovelaceada_1_70_squares.ipynb": work("1"),
            "lovelaceada_1_71_squares-1.ipynb": work("2"),
        }
        assert run("collect", archive(tmp_path / "a.zip", entries))[0] == 0
        assert handed_in() == {"lovelaceada": "2"}

    def test_where_nothing_tells_a_line_asks_and_the_answer_is_remembered(
        self, run, handed_in, tmp_path
    ):
        folder = "Ada Lovelace_1_assignsubmission_file"
        entries = {f"{folder}/a.ipynb": work("1"), f"{folder}/b.ipynb": work("2")}
        source = archive(tmp_path / "a.zip", entries)
        code, printed = run("collect", source)
        assert (code, handed_in()) == (1, {})
        assert (
            "Ada Lovelace, squares: handed in a.ipynb, b.ipynb, and nothing tells which is the "
            "newest; decide with `--take ada-lovelace=FILE`" in printed
        )
        assert run("collect", source, "--take", "ada-lovelace=a.ipynb")[0] == 0
        assert run("collect", source)[0] == 0
        assert handed_in() == {"ada-lovelace": "1"}

    @pytest.mark.parametrize("form", ["with dates", "without"])
    def test_a_damaged_newest_attempt_is_not_passed_over(self, form, run, handed_in, tmp_path):
        names = ["a.ipynb", "b.ipynb"]
        if form == "with dates":
            names = [self.BLACKBOARD.format("20", "a"), self.BLACKBOARD.format("22", "b")]
            words = "handed in b.ipynb last, which is damaged (b.ipynb is not JSON"
        else:
            names = [f"ada_1_assignsubmission_file/{name}" for name in names]
            words = "handed in a.ipynb, b.ipynb (damaged), and nothing tells which is the newest"
        source = archive(
            tmp_path / "a.zip", dict(zip(names, [work("1"), b'{"cells": ['], strict=True))
        )
        code, printed = run("collect", source)
        assert (code, handed_in()) == (1, {})
        assert words in printed
        assert "decide with `--take ada=FILE`" in printed
        assert run("collect", source, "--take", "ada=a.ipynb")[0] == 0
        assert run("collect", source)[0] == 0
        assert handed_in() == {"ada": "1"}

    def test_a_damaged_earlier_attempt_needs_no_decision(self, run, handed_in, tmp_path):
        entries = {
            self.BLACKBOARD.format("20", "a"): b'{"cells": [',
            self.BLACKBOARD.format("22", "b"): work("2"),
        }
        assert run("collect", archive(tmp_path / "a.zip", entries))[0] == 0
        assert handed_in() == {"ada": "2"}

    def test_the_newest_counts_whatever_its_owner_is_called_now(self, run, handed_in, tmp_path):
        entries = {
            "1-99 - Ada Byron - Nov 22, 2026 926 PM/a.ipynb": work("2"),
            "1-99 - Ada Lovelace - Nov 20, 2026 926 PM/a.ipynb": work("1"),
            "2-99 - Bob Ross - Nov 20, 2026 926 PM/a.ipynb": work("3"),
        }
        code, printed = run("collect", archive(tmp_path / "a.zip", entries))
        assert (code, handed_in()) == (0, {"ada-byron": "2", "bob-ross": "3"})
        assert "Lovelace" not in printed

    def test_several_copies_of_the_same_need_no_decision(self, run, handed_in, tmp_path):
        folder = "Ada Lovelace_1_assignsubmission_file"
        entries = {f"{folder}/a.ipynb": work("1"), f"{folder}/b.ipynb": work("1")}
        assert run("collect", archive(tmp_path / "a.zip", entries))[0] == 0
        assert handed_in() == {"ada-lovelace": "1"}


NAMESAKES = {("Anna Bär", 1): work("1"), ("Anna Bär", 2): work("2")}


class TestNamesakes:
    def test_moodle_alone_does_not_tell_two_people_of_one_name_apart(
        self, run, root, handed_in, tmp_path
    ):
        code, printed = run("collect", archive(tmp_path / "a.zip", moodle(NAMESAKES)))
        assert (code, handed_in()) == (1, {})
        for key in (1, 2):
            assert (
                f"Anna Bär ({key}), squares: two people in the download have this name; give the "
                "grading worksheet of this assignment" in printed
            )
        # Nobody is in the list, or in the roster, who may be two.
        assert "not submitted" not in printed
        assert "Anna" not in (root / "roster.csv").read_text()

    def test_with_the_worksheet_each_keeps_a_folder(self, run, root, handed_in, tmp_path):
        sheet = worksheet(
            tmp_path / "w.csv", (1, "Anna Bär", "ab@x.org"), (2, "Anna Bär", "baer@x.org")
        )
        source = archive(tmp_path / "a.zip", moodle(NAMESAKES))
        assert run("collect", source, sheet)[0] == 0
        assert handed_in() == {"anna-bar": "1", "anna-bar-baer-x.org": "2"}
        # In the next assignment, Moodle numbers people anew.
        people = {("Anna Bär", 8): work("baer", "cubes"), ("Anna Bär", 9): work("ab", "cubes")}
        sheet = worksheet(
            tmp_path / "v.csv", (8, "Anna Bär", "baer@x.org"), (9, "Anna Bär", "ab@x.org")
        )
        assert run("collect", archive(tmp_path / "b.zip", moodle(people)), sheet)[0] == 0
        assert handed_in("cubes") == {"anna-bar": "ab", "anna-bar-baer-x.org": "baer"}

    def test_canvas_ids_tell_them_apart(self, run, handed_in, tmp_path):
        entries = {"baranna_1_70_a.ipynb": work("1"), "baranna_2_71_a.ipynb": work("2")}
        assert run("collect", archive(tmp_path / "a.zip", entries))[0] == 0
        assert handed_in() == {"baranna": "1", "baranna-2": "2"}


def test_moodles_worksheet_brings_dates_and_people_who_handed_in_nothing(run, root, tmp_path):
    sheet = worksheet(
        tmp_path / "w.csv", (1, "Ada Lovelace", "ada@x.org"), (2, "Bob Ross", "bob@x.org")
    )
    source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()}))
    (root / "policy.toml").write_text("[assignments.squares]\ndue = 2026-11-19\n")
    code, printed = run("collect", source, sheet)
    assert code == 0
    assert row(printed, "Ada Lovelace")[3:5] == ["2026-11-20 13:26", "13.4 hours"]
    assert row(printed, "Bob Ross")[-1] == "not submitted"
    # Whose lateness costs a day is not shown as 0.0 days.
    (root / "policy.toml").write_text("[assignments.squares]\ndue = 2026-11-20T12:56:00\n")
    assert row(run("collect", source, sheet)[1], "Ada Lovelace")[4] == "30 minutes"


@pytest.mark.parametrize(
    "name", ["Sean O'Brien", "Fiona D'Arcy (she/her)", "Anna `Ann` Bär", "Jo|e", "王 'Ming' 小明"]
)
def test_what_moodle_leaves_out_of_names_in_archives_makes_nobody_two(
    name, run, root, handed_in, tmp_path
):
    sheet = worksheet(tmp_path / "w.csv", (1, name, "o@x.org"), (2, "Bob Ross", "bob@x.org"))
    source = archive(tmp_path / "a.zip", moodle({(name, 1): work(), ("Bob Ross", 2): work("2")}))
    assert name not in moodle_name(name)
    code, printed = run("collect", source, sheet)
    assert (code, sorted(handed_in().values())) == (0, ["1", "2"])
    assert row(printed, name)[1:4:2] == [name, "2026-11-20 13:26"]
    people = csv.DictReader((root / "roster.csv").read_text("utf-8-sig").splitlines())
    assert sorted(person["email"] for person in people) == ["bob@x.org", "o@x.org"]


@pytest.mark.parametrize(
    ("title", "moment"),
    [
        ("Zuletzt geändert (Abgabe)", "Freitag, 20. November 2026, 13:26"),
        ("Dernière modification (travail remis)", "vendredi 20 novembre 2026, 13:26"),
        ("Última modificación (entrega)", "viernes, 20 de noviembre de 2026, 13:26"),
        ("Ultima modifica (consegna)", "venerdì, 20 novembre 2026, 13:26"),
    ],
)
def test_a_worksheet_in_another_language_brings_dates_too(title, moment, run, tmp_path):
    sheet = tmp_path / "w.csv"
    sheet.write_text(f'Id,{title}\n"Participant 1","{moment}"\n', encoding="utf-8")
    source = archive(tmp_path / "a.zip", moodle({("Participant", 1): work()}))
    _, printed = run("collect", source, sheet)
    assert row(printed, "Participant 1")[3] == "2026-11-20 13:26"


def test_the_worksheet_of_another_assignment_gives_nobody_another_name(run, handed_in, tmp_path):
    sheet = worksheet(tmp_path / "w.csv", (1, "Bob Ross", "bob@x.org"))
    source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work()}))
    code, printed = run("collect", source, sheet)
    assert (code, handed_in()) == (1, {"ada-lovelace": "1"})
    assert row(printed, "Ada Lovelace")[-2:] == ["ada-lovelace", "collected"]
    # Without dates nobody would be late, so somebody has to know.
    assert (
        "the grading worksheet does not have Ada Lovelace, so nothing says when they handed in; "
        "give the one of this assignment" in printed
    )


def test_the_work_of_a_team_goes_to_each_member(run, roster, handed_in, tmp_path):
    roster(
        "folder,last_name,first_name,team\n"
        "ada,Lovelace,Ada,Team Blue\nbob,Ross,Bob,Team Red;Team Blue\neve,M,Eve,Team Red\n"
    )
    source = archive(tmp_path / "a.zip", moodle({("Team Blue", 7): work()}))
    code, printed = run("collect", source)
    assert (code, handed_in()) == (0, {"ada": "1", "bob": "1"})
    assert row(printed, "Eve M")[-1] == "not submitted"


def test_a_person_with_the_name_of_a_team_does_not_hand_in_for_it(run, roster, handed_in, tmp_path):
    teams = "folder,last_name,first_name,team\nada,Lovelace,Ada,Team Blue\nbob,Ross,Bob,Team Blue\n"
    roster(teams)
    metadata = b"submission_1:\n  :submitters:\n  - :name: Team Blue\n    :sid: '7'\n"
    entries = {"submission_metadata.yml": metadata, "submission_1/squares.ipynb": work()}
    run("collect", unpacked(tmp_path / "a", entries))
    assert handed_in() == {"team-blue": "1"}


@pytest.mark.parametrize("listed", [True, False], ids=["in the worksheet", "without it"])
def test_who_may_be_a_team_or_a_person_is_asked_about(listed, run, roster, handed_in, tmp_path):
    roster(
        "folder,last_name,first_name,email,team\n"
        "ada,Lovelace,Ada,,Team Blue\nmallory,Blue,Team,m@x.org,\n"
    )
    source = archive(tmp_path / "a.zip", moodle({("Team Blue", 7): work()}))
    sheets = [worksheet(tmp_path / "w.csv", (7, "Team Blue", "m@x.org"))] if listed else []
    code, printed = run("collect", source, *sheets)
    assert handed_in() == ({"mallory": "1"} if listed else {})
    assert code == (0 if listed else 1)
    assert listed or "roster.csv has mallory and a team with this name" in printed


def test_a_number_of_canvas_is_not_the_students_number_of_somebody_else(
    run, root, handed_in, tmp_path
):
    (root / "roster.csv").write_text(
        "folder,last_name,first_name,number,platform_id\nbob,Ross,Bob,501,\nada,L,Ada,7,502\n"
    )
    entries = {"mallory_501_70_a.ipynb": work("1"), "lada_502_71_a.ipynb": work("2")}
    run("collect", archive(tmp_path / "a.zip", entries))
    assert handed_in() == {"mallory": "1", "ada": "2"}
    # Both have a number 501 now, of two kinds.
    assert run("roster")[0] == 0


def test_one_persons_numbers_in_brightspace_are_no_ids(run, root, handed_in, tmp_path):
    name = "{} - {} - Nov 20, 2026 926 PM/a.ipynb"
    run("collect", archive(tmp_path / "a.zip", {name.format("99-1", "Ada Lovelace"): work("1")}))
    [person] = csv.DictReader((root / "roster.csv").read_text("utf-8-sig").splitlines())
    assert person["platform_id"] == ""
    both = {
        name.format("99-1", "Ada Lovelace"): work("2"),
        name.format("99-2", "Bob Ross"): work("3"),
    }
    assert run("collect", archive(tmp_path / "b.zip", both))[0] == 0
    assert handed_in() == {"ada-lovelace": "2", "bob-ross": "3"}


def test_a_gradescope_team_is_collected_for_each_submitter(run, handed_in, tmp_path):
    metadata = (
        b"submission_1:\n  :submitters:\n"
        b"  - :name: Ada Lovelace\n    :sid: '7'\n"
        b"  - :name: Bob Ross\n    :email: b@x.org\n"
        b"submission_2:\n  :submitters:\n  - :name: Eve M\n    :sid: '9'\n"
    )
    entries = {"submission_metadata.yml": metadata, "submission_1/squares.ipynb": work()}
    _, printed = run("collect", unpacked(tmp_path / "a", entries))
    assert handed_in() == {"ada-lovelace": "1", "bob-ross": "1"}
    assert "Eve M, squares: handed in no file" in printed


def test_blind_marking_gives_numbers_and_leaves_the_roster_alone(run, root, handed_in, tmp_path):
    people = {("Participant", 12): work("1"), ("Participant", 13): work("2")}
    sheet = tmp_path / "w.csv"
    sheet.write_text(
        "Identifier,Status,Grade,Maximum grade,Last modified (submission)\n"
        'Participant 12,,,2.00,"Friday, 20 November 2026, 1:26 PM"\nParticipant 13,,,2.00,-\n'
    )
    code, printed = run("collect", archive(tmp_path / "a.zip", moodle(people)), sheet)
    assert code == 0
    assert row(printed, "Participant 12")[3] == "2026-11-20 13:26"
    assert handed_in() == {"participant-12": "1", "participant-13": "2"}
    assert "12" not in (root / "roster.csv").read_text()


def test_canvas_hides_names_so_folders_have_the_ids(run, handed_in, tmp_path):
    entries = {"anon_aB3x9_70_a.ipynb": work("1"), "anon_LATE_cD4y8_71_a.ipynb": work("2")}
    assert run("collect", archive(tmp_path / "a.zip", entries))[0] == 0
    assert handed_in() == {"anon-ab3x9": "1", "anon-cd4y8": "2"}


def test_one_person_in_two_kinds_of_downloads_is_asked_about(run, handed_in, tmp_path):
    first = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): work("1")}))
    second = unpacked(
        tmp_path / "mails", {"Ada Lovelace/a.ipynb": work("2"), "Bob/b.ipynb": work()}
    )
    code, printed = run("collect", first, second)
    assert (code, handed_in()) == (1, {"bob": "1"})
    assert "downloads from Moodle and plain files have work under this name" in printed
    run("collect", first)
    run("collect", second)
    assert handed_in() == {"ada-lovelace": "2", "bob": "1"}


def test_names_that_differ_in_accents_alone_have_folders_of_their_own(run, handed_in, tmp_path):
    entries = {"Zoë/a.ipynb": work("1"), "Zoe/a.ipynb": work("2")}
    assert run("collect", unpacked(tmp_path / "class", entries))[0] == 0
    assert set(handed_in().values()) == {"1", "2"}


def test_names_do_not_reach_the_terminal_as_commands(run, handed_in, tmp_path):
    source = archive(tmp_path / "a.zip", moodle({("A\x1b[2J\u202eda", 1): work()}))
    _, printed = run("collect", source)
    assert handed_in() == {"a-2jda": "1"}
    assert not {"\x1b", "\u202e"} & set(printed)


def test_the_assignment_is_told_by_the_cells_and_not_by_the_name(run, handed_in, tmp_path):
    entries = {"ada/squares.ipynb": work("1", "cubes"), "ada/other.ipynb": work("2")}
    assert run("collect", unpacked(tmp_path / "class", {**entries, "bob/x.ipynb": work()}))[0] == 0
    assert handed_in("cubes") == {"ada": "1"}
    assert handed_in("squares") == {"ada": "2", "bob": "1"}


def test_files_without_a_persons_name_are_asked_for(run, handed_in, tmp_path):
    names = ["squares.ipynb", "squares (1).ipynb", "squares_ada.ipynb", "bob-squares (2).ipynb"]
    source = archive(tmp_path / "a.zip", {name: work(str(n)) for n, name in enumerate(names)})
    code, printed = run("collect", source)
    assert code == 1
    assert handed_in() == {"ada": "2", "bob": "3"}
    assert printed.count("nothing says whose work it is") == 2


def test_a_download_without_any_notebook_asks_for_the_assignment(run, tmp_path):
    source = archive(tmp_path / "a.zip", moodle({("Ada Lovelace", 1): b"x"}, file="a.pdf"))
    code, printed = run("collect", source)
    assert code == 2
    assert "has no notebook of this course (it was read as Moodle)" in printed
    code, printed = run("collect", source, "--assignment", "squares")
    assert code == 1
    assert row(printed, "Ada Lovelace")[-1] == "no notebook"


def test_the_roster_is_written_for_spreadsheets(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", moodle({("Zoë Bär", 1): work()})))
    content = (root / "roster.csv").read_bytes()
    assert content.startswith("\ufeff".encode())
    [person] = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert (person["folder"], person["first_name"], person["last_name"]) == (
        "zoe-bar",
        "Zoë",
        "Bär",
    )


def test_an_extension_for_nobody_is_named(run, root, roster, tmp_path):
    roster("folder,last_name,first_name\nada,Lovelace,Ada\ngrace,Hopper,Grace\n")
    extensions = "{adda = 2026-11-28, grace = 2026-11-28, bob-ross = 2026-11-28}"
    (root / "policy.toml").write_text(
        f"[assignments.squares]\ndue = 2026-11-20\nextensions = {extensions}\n"
        f"[assignments.cubes]\ndue = 2026-11-20\nextensions = {extensions}\n"
    )
    entries = moodle({("Ada Lovelace", 1): work(), ("Bob Ross", 2): work("2")})
    code, printed = run("collect", archive(tmp_path / "a.zip", entries))
    assert code == 1
    # Nothing was handed in for the cubes, so nobody asks about them now.
    named = [line for line in printed.splitlines() if "is nobody's" in line]
    assert named == [
        "  policy.toml: the extension for adda in squares is nobody's; did you mean ada?"
    ]
