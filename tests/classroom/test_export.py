"""Marks go into the platforms' own files, as the platforms would read them."""

import codecs
import csv

import pytest

from helpers.grading.course import Submission, open_course
from helpers.grading.records import Record, digest_of_submitted, write_record
from helpers.grading.submission.loading import load_submission
from tests.builders import files
from tests.classroom.builders import archive, moodle, work
from tests.classroom.graded import grade
from tests.classroom.importers import (
    blackboard_grades,
    brightspace_grades,
    canvas_grades,
    moodle_grades,
)

HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)
PEOPLE = {1: "Zoë O'Neil", 2: "王 小明", 3: "محمد علي", 4: 'Ross, Bob "B"', 5: "Eve M"}


def sheet(path, grades, maximum="2.00", changeable="Yes", separator=",", mark="\ufeff"):
    """A grading worksheet with these grades, by the number of the participant."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(mark)
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(HEADER.split(","))
        for key, grade_so_far in grades.items():
            writer.writerow(
                [
                    *(f"Participant {key}", PEOPLE[key], f"p{key}@x.org", "Submitted"),
                    *(grade_so_far, maximum, changeable, "-", "-", ""),
                ]
            )
    return path


@pytest.fixture
def moodle_class(run, root, tmp_path):
    """A class of which Zoë has 2, 王 1.5, محمد 0 points; Bob is not graded, Eve has nothing."""
    people = {(name, key): work(str(key)) for key, name in PEOPLE.items() if key < 5}
    run("collect", archive(tmp_path / "a.zip", moodle(people)), sheet(tmp_path / "w.csv", PEOPLE))
    points = {"zoe-o-neil": 2, "王-小明": 1.5, "محمد-علي": 0, "bob-b-ross": 1}
    grade(root, points, waiting=["bob-b-ross"])
    return root


def test_one_mark_is_not_given_to_two_people_of_one_name(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", moodle({("Ada L", 11): work()})))
    grade(root, {"ada-l": 2})
    path = tmp_path / "grades.csv"
    rows = [f"Participant {key},Ada L,,Submitted,,2.00,Yes,-,-," for key in (11, 12)]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    code, printed = run("export", "squares", "--format", "moodle", "--into", path)
    assert code == 1
    assert "Ada L is in grades.csv twice" in printed
    content = (root / "returned/squares-moodle.csv").read_bytes()
    assert moodle_grades(content) == ({"11": 2}, [])


def test_what_was_handed_in_anew_waits_for_the_next_grading(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", moodle({("Ada L", 1): work()})))
    grade(root, {"ada-l": 2})
    course, ada = open_course(root), Submission("squares", "ada-l")
    files_there = load_submission(course.folder("submitted", ada), ["squares"])
    record = Record(submitted=digest_of_submitted(files_there))
    write_record(course, ada, record)
    run("export", "squares", "--format", "csv")
    before = (root / "returned/marks.csv").read_text("utf-8-sig")
    (root / "submitted/ada-l/squares/squares.ipynb").write_bytes(work("4"))
    run("export", "squares", "--format", "csv")
    after = (root / "returned/marks.csv").read_text("utf-8-sig")
    assert "needs review" not in before
    assert "needs review" in after
    assert "handed in anew" in after
    # nbgrader's own columns say so, too, and have no points of what was handed in before.
    run("export", "squares")
    [row] = csv.DictReader((root / "grades.csv").open())
    assert (row["status"], row["raw_score"], row["score"]) == ("needs review", "", "")
    assert "run `course grade squares --student ada-l`" in row["reason"]


def test_commands_that_are_suggested_can_be_typed(run, root, tmp_path):
    run("collect", archive(tmp_path / "a.zip", {"ada.ipynb": work()}))
    grade(root, {"ada": 2})
    (root / "submitted/Bob R/squares").mkdir(parents=True)
    run("export", "squares")
    assert "run `course grade squares --student 'Bob R'`" in (root / "grades.csv").read_text()


def test_the_plain_table_has_no_formulas_either(run, root, tmp_path):
    (root / "roster.csv").write_text("folder,last_name\neve,x;=1+1\nbob,-Ross\n")
    run("collect", archive(tmp_path / "a.zip", {"bob.ipynb": work(), "eve.ipynb": work()}))
    grade(root, {"bob": 2, "eve": -1})
    run("export", "squares", "--format", "csv")
    assert run("export", "squares")[0] == 0
    rows = {row["student_id"]: row for row in csv.DictReader((root / "grades.csv").open())}
    assert {row["last_name"] for row in rows.values()} == {"x;'=1+1", "'-Ross"}
    assert (rows["bob"]["raw_score"], rows["eve"]["raw_score"]) == ("2.0", "-1.0")


class TestMoodle:
    def export(self, run, path):
        return run("export", "squares", "--format", "moodle", "--into", path)

    def test_the_teachers_own_worksheet_is_filled_in(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "grades.csv", dict.fromkeys(PEOPLE, ""))
        code, printed = self.export(run, path)
        content = (moodle_class / "returned/squares-moodle.csv").read_bytes()
        assert moodle_grades(content) == ({"1": 2, "2": 1.5, "3": 0}, [])
        assert code == 0
        assert (
            "3 marks, 1 left blank (needs manual grading), 1 left blank (not submitted)" in printed
        )
        assert content.startswith(codecs.BOM_UTF8)

    def test_everything_else_in_the_worksheet_stays(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "grades.csv", dict.fromkeys(PEOPLE, "1.00"))
        self.export(run, path)
        written = moodle_class / "returned/squares-moodle.csv"
        old, new = (
            list(csv.DictReader(each.read_text("utf-8-sig").splitlines()))
            for each in (path, written)
        )
        assert [row.pop("Grade") for row in new] == ["2", "1.5", "0", "1.00", "1.00"]
        assert [{**row, "Grade": "1.00"} for row in new] == old

    def test_the_decimal_mark_and_the_separator_are_the_files_own(
        self, run, moodle_class, tmp_path
    ):
        grades = dict.fromkeys(PEOPLE, "")
        path = sheet(tmp_path / "g.csv", grades, maximum="2,00", separator=";", mark="")
        self.export(run, path)
        content = (moodle_class / "returned/squares-moodle.csv").read_bytes()
        assert moodle_grades(content, decimal=",") == ({"1": 2, "2": 1.5, "3": 0}, [])
        assert not content.startswith(codecs.BOM_UTF8)

    def test_two_people_of_one_name_get_their_own(self, run, root, tmp_path):
        people = {("Eve M", 6): work("6"), ("Eve M", 7): work("7")}
        rows = "".join(f"Participant {key},Eve M,e{key}@x.org,,,2.00,Yes,-,-,\n" for key in (6, 7))
        path = tmp_path / "w.csv"
        path.write_text(f"{HEADER}\n{rows}")
        run("collect", archive(tmp_path / "a.zip", moodle(people)), path)
        grade(root, {"eve-m": 1, "eve-m-e7-x.org": 2})
        assert self.export(run, path)[0] == 0
        content = (root / "returned/squares-moodle.csv").read_bytes()
        assert moodle_grades(content) == ({"6": 1, "7": 2}, [])

    def test_what_moodle_would_skip_is_named(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "g.csv", dict.fromkeys(PEOPLE, ""), changeable="No")
        code, printed = self.export(run, path)
        assert code == 1
        assert "Zoë O'Neil: the mark can't be changed in Moodle; left as it is" in printed
        assert moodle_grades((moodle_class / "returned/squares-moodle.csv").read_bytes())[1] == []

    def test_another_maximum_is_refused_unless_the_policy_has_it(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "g.csv", dict.fromkeys(PEOPLE, ""), maximum="100.00")
        code, printed = self.export(run, path)
        assert code == 1
        assert "g.csv: the maximum is 100.00, and squares has 2; set it" in printed
        assert not (moodle_class / "returned").exists()
        (moodle_class / "policy.toml").write_text("[assignments.squares]\npoints = 100\n")
        self.export(run, path)
        content = (moodle_class / "returned/squares-moodle.csv").read_bytes()
        assert moodle_grades(content)[0] == {"1": 100, "2": 75, "3": 0}

    def test_the_numbers_of_teams_are_not_taken_for_those_of_people(self, run, root, tmp_path):
        (root / "roster.csv").write_text(
            "folder,last_name,first_name,team\nzoe,O'Neil,Zoë,Blue\nbob,Ross,Bob,Blue\neve,M,Eve,\n"
        )
        # The team has the number of somebody in the worksheet who is not in it.
        run("collect", archive(tmp_path / "a.zip", moodle({("Blue", 5): work()})))
        grade(root, {"zoe": 2, "bob": 2})
        path = sheet(tmp_path / "g.csv", {1: "", 5: ""})
        self.export(run, path)
        content = (root / "returned/squares-moodle.csv").read_bytes()
        assert moodle_grades(content) == ({"1": 2}, [])

    def test_bytes_of_other_encodings_stay(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "g.csv", {5: "", 4: ""}, mark="")
        before = path.read_bytes().replace(b"p5@x.org", "p5@x.org Ťažký".encode("cp1250"))
        path.write_bytes(before)
        self.export(run, path)
        assert (moodle_class / "returned/squares-moodle.csv").read_bytes() == before

    def test_people_whom_only_one_side_knows_are_named(self, run, moodle_class, tmp_path):
        path = sheet(tmp_path / "g.csv", {1: "", 2: ""})
        path.write_text(path.read_text() + "Participant 99,Who Knows,w@x.org,,,2.00,Yes,-,-,\n")
        code, printed = self.export(run, path)
        assert code == 1
        assert "Who Knows is in g.csv, but not in the course" in printed
        assert "محمد علي has a mark, but is not in g.csv" in printed


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Week 1: Squares (77),Cubes (78),Final Score
,,,,,Manual Posting,,(read only)
    Points Possible,,,,,2,5,(read only)
"Lovelace, Ada",1,0001,ada,A,,4,
"Ross, Bob",2,0002,bob,A,1,,
"M, Eve",3,0003,eve,A,EX,,
"Student, Test",9,,,A,,,
"""


@pytest.fixture
def canvas_class(run, root, tmp_path):
    entries = {
        "lovelaceada_1_70_squares.ipynb": work("1"),
        "rossbob_LATE_2_71_squares.ipynb": work("2"),
        "meve_3_72_squares.ipynb": work("3"),
    }
    (tmp_path / "canvas.csv").write_text(CANVAS)
    run("roster", tmp_path / "canvas.csv")
    run("collect", archive(tmp_path / "a.zip", entries))
    grade(root, {"ada-lovelace": 1.5, "bob-ross": 2, "eve-m": 1})
    return root


class TestCanvas:
    def test_its_own_gradebook_export_is_filled_in(self, run, canvas_class, tmp_path):
        path = tmp_path / "canvas.csv"
        code, printed = run("export", "squares", "--format", "canvas", "--into", path)
        content = (canvas_class / "returned/squares-canvas.csv").read_bytes()
        grades, new = canvas_grades(content, {"77", "78"})
        assert (grades, new) == ({("1", "77"): "1.5", ("2", "77"): "2", ("3", "77"): "EX"}, [])
        assert code == 1
        assert "Eve M is excused in Canvas; left as it is" in printed

    def test_a_column_without_its_id_is_refused(self, run, canvas_class, tmp_path):
        path = tmp_path / "canvas.csv"
        path.write_text(CANVAS.replace("Squares (77)", "Squares"))
        code, printed = run("export", "squares", "--format", "canvas", "--into", path)
        assert code == 1
        assert (
            "the column Week 1: Squares has no id in its title, so Canvas would make a new "
            "assignment of it" in printed
        )
        assert not (canvas_class / "returned").exists()

    def test_several_columns_that_fit_are_asked_for(self, run, canvas_class, tmp_path):
        path = tmp_path / "canvas.csv"
        path.write_text(CANVAS.replace("Cubes (78)", "Squares again (78)"))
        arguments = ("export", "squares", "--format", "canvas", "--into", path)
        code, printed = run(*arguments)
        assert code == 1
        assert "several columns can be the one for squares" in printed
        assert "Week 1: Squares (77), Squares again (78)" in printed
        run(*arguments, "--column", "Week 1: Squares")
        content = (canvas_class / "returned/squares-canvas.csv").read_bytes()
        assert canvas_grades(content, {"77", "78"})[0]["1", "77"] == "1.5"

    def test_late_without_a_time_costs_nothing_and_is_named(self, run, canvas_class, tmp_path):
        (canvas_class / "policy.toml").write_text(
            '[assignments.squares]\ndue = 2026-11-20\nlate = "10 % a day"\n'
        )
        path = tmp_path / "canvas.csv"
        _, printed = run("export", "squares", "--format", "canvas", "--into", path)
        assert "Bob Ross, squares: the platform says late, but not how late" in printed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_blackboards_file_is_filled_in_with_every_field_quoted(encoding, run, root, tmp_path):
    title = "Squares [Total Pts: 2 Score] |409586"
    text = f'"Last Name"\t"First Name"\t"Username"\t"{title}"\n"Bär"\t"Zoë"\t"zoe"\t""\n'
    path = tmp_path / "b.xls"
    path.write_text(text, encoding=encoding)
    run("roster", path)
    entry = "Week_zoe_attempt_2026-11-20-21-26-03_squares.ipynb"
    run("collect", archive(tmp_path / "a.zip", {entry: work()}))
    grade(root, {"zoe-bar": 1.5})
    assert run("export", "squares", "--format", "blackboard", "--into", path)[0] == 0
    content = (root / "returned/squares-blackboard.csv").read_bytes()
    assert blackboard_grades(content) == {("zoe", "409586"): "1.5"}


def test_brightspaces_file_is_filled_in(run, root, tmp_path):
    path = tmp_path / "b.csv"
    path.write_text(
        "OrgDefinedId,Username,Last Name,First Name,Squares Points Grade <Numeric MaxPoints:2>,"
        "Cubes Points Grade,End-of-Line Indicator\n#007,zoe,Bär,Zoë,,3,#\n"
    )
    run("roster", path)
    entry = "1-99 - Zoë Bär - Nov 20, 2026 926 PM/squares.ipynb"
    run("collect", archive(tmp_path / "a.zip", {entry: work()}))
    grade(root, {"zoe-bar": 1.5})
    assert run("export", "squares", "--format", "brightspace", "--into", path)[0] == 0
    content = (root / "returned/squares-brightspace.csv").read_bytes()
    assert brightspace_grades(content) == {("#007", "Squares"): "1.5"}


class TestTable:
    def rows(self, run, root, *assignments):
        assert run("export", *assignments, "--format", "csv")[0] == 0
        content = (root / "returned/marks.csv").read_bytes()
        assert content.startswith(codecs.BOM_UTF8)
        rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
        return {row["folder"]: row for row in rows}

    def test_names_ids_points_and_what_is_open(self, run, moodle_class):
        rows = self.rows(run, moodle_class, "squares")
        assert rows["zoe-o-neil"]["last_name"] == "O'Neil"
        assert rows["zoe-o-neil"]["email"] == "p1@x.org"
        assert rows["zoe-o-neil"]["squares: score"] == "2"
        assert rows["zoe-o-neil"]["squares: The squares of all numbers that there are"] == "2"
        bob = rows["bob-b-ross"]
        assert (bob["squares: score"], bob["squares: pending"]) == ("", "2")
        assert bob["squares: status"] == "needs manual grading"
        eve = rows["eve-m"]
        assert (eve["squares: score"], eve["squares: status"]) == ("", "not submitted")

    def test_a_name_that_is_a_formula_is_not_calculated(self, run, root, tmp_path):
        (root / "roster.csv").write_text('folder,last_name\neve,"=HYPERLINK(""x"")"\n')
        run("collect", archive(tmp_path / "a.zip", {"bob.ipynb": work()}))
        grade(root, {"bob": 2})
        assert self.rows(run, root)["eve"]["last_name"] == '\'=HYPERLINK("x")'

    def test_the_best_assignments_count(self, run, root, tmp_path):
        entries = {"ada/s.ipynb": work(), "ada/c.ipynb": work(name="cubes"), "bob/s.ipynb": work()}
        run("collect", archive(tmp_path / "a.zip", entries))
        grade(root, {"ada": 1, "bob": 2})
        grade(root, {"ada": 2}, "cubes")
        totals = {name: row["total in percent"] for name, row in self.rows(run, root).items()}
        assert totals == {"ada": "75", "bob": "50"}
        (root / "policy.toml").write_text("[total]\nbest = 1\n")
        totals = {name: row["total in percent"] for name, row in self.rows(run, root).items()}
        assert totals == {"ada": "100", "bob": "100"}


def test_a_changed_date_or_extension_counts_without_grading_again(run, root, tmp_path):
    entries = {
        f"Week_{name}_attempt_2026-11-{day}-12-00-00_squares.ipynb": work()
        for name, day in (("ada", 20), ("bob", 22), ("eve", 28))
    }
    run("collect", archive(tmp_path / "a.zip", entries))
    grade(root, {"ada": 2, "bob": 2, "eve": 2})
    before = files(root / "autograded"), (root / "gradebook.db").read_bytes()

    def scores(policy):
        (root / "policy.toml").write_text(f"[assignments.squares]\n{policy}")
        return [row["squares: score"] for row in TestTable().rows(run, root, "squares").values()]

    late = 'late = "10 % a day, at most 50 %"\n'
    assert scores("") == ["2", "2", "2"]
    assert scores(f"due = 2026-11-20\n{late}") == ["2", "1.6", "1"]
    assert scores(f"due = 2026-11-21\n{late}") == ["2", "1.8", "1"]
    extension = "extensions = {eve = 2026-11-28}\n"
    assert scores(f"due = 2026-11-21\n{late}{extension}") == ["2", "1.8", "2"]
    assert scores('due = 2026-11-21\nlate = "nothing counts"\n') == ["2", "0", "0"]
    assert before == (files(root / "autograded"), (root / "gradebook.db").read_bytes())


def test_an_extension_for_nobody_is_named(run, moodle_class):
    (moodle_class / "policy.toml").write_text(
        "[assignments.squares]\ndue = 2026-11-20\n"
        "extensions = {eve-m = 2026-11-28, bob-b-roos = 2026-11-28, nobody = 2026-11-28}\n"
    )
    code, printed = run("export", "squares", "--format", "csv")
    assert code == 1
    said = "policy.toml: the extension for {} in squares is nobody's; {}"
    assert said.format("bob-b-roos", "did you mean bob-b-ross?") in printed
    assert said.format("nobody", "roster.csv has everybody's folder") in printed
    assert "eve-m" not in printed


def test_people_have_names_in_the_gradebook(run, moodle_class):
    from nbgrader.api import Gradebook

    run("export", "squares", "--format", "csv")
    with Gradebook(f"sqlite:///{moodle_class}/gradebook.db") as gradebook:
        people = {student.id: student for student in gradebook.students}
    assert (people["zoe-o-neil"].first_name, people["zoe-o-neil"].last_name) == ("Zoë", "O'Neil")
    assert people["eve-m"].email == "p5@x.org"
