"""One person who was collected under two folders becomes one; who has left is taken out."""

import json
import shutil
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from tests.builders import files
from tests.classroom.builders import archive, moodle, unpacked, work
from tests.classroom.graded import grade
from tests.classroom.importers import moodle_grades
from tests.classroom.test_collect import worksheet

PARTICIPANTS = "First name,Last name,Email address\nAda,Lovelace,ada@x.org\nBob,Ross,bob@x.org\n"


@pytest.fixture
def by_folder(people):
    return lambda: {person["folder"]: person for person in people()}


@pytest.fixture
def ada(run, root, tmp_path):
    """Ada, who is in the roster, handed in under the name that she had before."""
    (tmp_path / "list.csv").write_text(PARTICIPANTS)
    run("roster", tmp_path / "list.csv")
    old = archive(tmp_path / "old.zip", moodle({("Ada Byron", 4711): work()}))
    run("collect", old)
    new = archive(tmp_path / "new.zip", moodle({("Ada Lovelace", 4711): work("7")}))
    sheet = worksheet(tmp_path / "w.csv", (47, "Ada Lovelace", "ada@x.org"))
    sheet.write_text(sheet.read_text().replace("Participant 47", "Participant 4711"))
    return SimpleNamespace(old=old, new=new, sheet=sheet)


def marks(root):
    """The points, and the comments, of everybody in the gradebook."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            student.id: {
                entry.name: (entry.score, [c.manual_comment for c in entry.notebooks[0].comments])
                for entry in student.submissions
            }
            for student in gradebook.students
        }


def give_by_hand(root, student, points):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        [grade] = gradebook.find_submission("squares", student).notebooks[0].grades
        grade.manual_score = points
        gradebook.db.commit()


def test_who_is_known_by_the_number_stays_one_person_with_the_new_name(
    run, root, by_folder, handed_in, tmp_path
):
    run("collect", archive(tmp_path / "old.zip", moodle({("Ada Byron", 4711): work()})))
    later = archive(tmp_path / "new.zip", moodle({("Ada Lovelace", 4711): work("7")}))
    code, printed = run("collect", later)
    assert code == 1
    assert "ada-byron is called Ada Lovelace now, and Ada Byron before; it is one" in printed
    assert run("collect", later)[0] == 0
    assert by_folder().keys() == {"ada-byron"}
    assert by_folder()["ada-byron"]["last_name"] == "Lovelace"
    assert handed_in() == {"ada-byron": "7"}


def test_the_name_of_the_worksheet_changes_nothing_about_who_it_is(
    run, root, by_folder, handed_in, tmp_path
):
    run("collect", archive(tmp_path / "old.zip", moodle({("Ada Byron", 4): work()})))
    sheet = worksheet(tmp_path / "w.csv", (4, "Ada Lovelace", "ada@x.org"))
    later = archive(tmp_path / "new.zip", moodle({("Ada Lovelace", 4): work("7")}))
    run("collect", later, sheet)
    assert run("collect", later, sheet)[0] == 0
    assert by_folder().keys() == {"ada-byron"}
    assert by_folder()["ada-byron"]["email"] == "ada@x.org"
    assert handed_in() == {"ada-byron": "7"}
    grade(root, {"ada-byron": 2})
    run("export", "squares", "--format", "moodle", "--into", sheet)
    grades, _ = moodle_grades((root / "returned/squares-moodle.csv").read_bytes())
    assert grades == {"4": 2}


def test_the_number_tells_people_of_one_name_apart_without_the_worksheet(run, handed_in, tmp_path):
    sheet = worksheet(tmp_path / "w.csv", (1, "Eve A", "a@x.org"), (2, "Eve A", "b@x.org"))
    source = archive(tmp_path / "a.zip", moodle({("Eve A", 1): work("1"), ("Eve A", 2): work("2")}))
    assert run("collect", source, sheet)[0] == 0
    before = handed_in()
    assert sorted(before.values()) == ["1", "2"]
    code, printed = run("collect", source)
    assert code == 0, printed
    assert handed_in() == before


def test_a_person_with_two_folders_is_asked_about_and_nothing_is_written(
    run, root, by_folder, handed_in, ada
):
    code, printed = run("collect", ada.new, ada.sheet)
    assert code == 1
    assert (
        "ada-byron had this number in Moodle before; if this is one person, join the folders with "
        "`course roster --join ada-byron ada-lovelace`, then collect again" in printed
    )
    assert handed_in() == {"ada-byron": "1"}
    code, printed = run("roster", "--join", "ada-byron", "ada-lovelace")
    assert code == 0, printed
    assert by_folder().keys() == {"ada-lovelace", "bob-ross"}
    assert handed_in() == {"ada-lovelace": "1"}
    assert run("collect", ada.new, ada.sheet)[0] == 0
    assert handed_in() == {"ada-lovelace": "7"}
    assert "ada-byron" not in (root / "downloaded/squares.json").read_text()


def test_marks_and_records_move_along(run, root, ada):
    grade(root, {"ada-byron": 2})
    give_by_hand(root, "ada-byron", 1.5)
    (root / "autograded/ada-byron/.squares.json").write_text("{}")
    assert run("roster", "--join", "ada-byron", "ada-lovelace")[0] == 0
    assert marks(root)["ada-lovelace"]["squares"][0] == 1.5
    assert "ada-byron" not in marks(root)
    assert (root / "autograded/ada-lovelace/.squares.json").is_file()
    assert not list(root.glob("*/ada-byron"))
    run("export", "squares", "--format", "moodle", "--into", ada.sheet)
    grades, _ = moodle_grades((root / "returned/squares-moodle.csv").read_bytes())
    assert grades == {"4711": 1.5}
    # Twice is an error that says so.
    code, printed = run("roster", "--join", "ada-byron", "ada-lovelace")
    assert code == 1
    assert "nobody has the folder 'ada-byron'" in printed


@pytest.mark.parametrize(
    ("by_hand", "left"),
    [((), 1.0), (("ada-byron",), 0.5), (("ada-lovelace",), 0.25)],
    ids=["neither", "old", "new"],
)
def test_of_the_same_work_the_marks_by_hand_stay(by_hand, left, run, root, ada, tmp_path):
    unpacked(root / "submitted/ada-lovelace/squares", {"squares.ipynb": work()})
    grade(root, {"ada-byron": 2, "ada-lovelace": 1})
    for student in by_hand:
        give_by_hand(root, student, left)
    assert run("roster", "--join", "ada-byron", "ada-lovelace")[0] == 0
    assert marks(root)["ada-lovelace"]["squares"][0] == left


@pytest.mark.parametrize(
    ("answer", "hands", "message"),
    [
        ("9", (), "have handed in different work for squares; delete one of the folders"),
        ("1", ("ada-byron", "ada-lovelace"), "both have marks by hand for squares"),
    ],
)
def test_what_a_person_must_decide_changes_nothing(answer, hands, message, run, root, ada):
    unpacked(root / "submitted/ada-lovelace/squares", {"squares.ipynb": work(answer)})
    grade(root, {"ada-byron": 2, "ada-lovelace": 1})
    for student in hands:
        give_by_hand(root, student, 1)
    before, known = files(root), marks(root)
    code, printed = run("roster", "--join", "ada-byron", "ada-lovelace")
    assert code == 1
    assert message in printed
    assert marks(root) == known
    after = files(root)
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {
        "autograded/.lock",
        "gradebook.db",
    }


def test_a_team_under_another_name_is_no_person_twice(run, root, handed_in, tmp_path):
    (root / "roster.csv").write_text(
        "folder,last_name,first_name,team\nada,Lovelace,Ada,Blue Team\nbob,Ross,Bob,Blue Team\n"
    )
    run("collect", archive(tmp_path / "a.zip", moodle({("Blue Team", 7): work()})))
    assert handed_in() == {"ada": "1", "bob": "1"}
    before = (root / "roster.csv").read_bytes()
    code, printed = run(
        "collect", archive(tmp_path / "b.zip", moodle({("Azure Team", 7): work("2")}))
    )
    assert code == 1
    assert "if it is a team, write its name into the column `team` of roster.csv" in printed
    assert handed_in() == {"ada": "1", "bob": "1"}
    assert (root / "roster.csv").read_bytes() == before


def test_who_has_left_is_out_of_everything(run, root, by_folder, ada):
    grade(root, {"ada-byron": 2})
    code, printed = run("roster", "--remove", "ada-byron")
    assert code == 1
    assert "submitted/ada-byron has work; delete the folder first" in printed
    assert "ada-byron" in by_folder()
    (root / "submitted/ada-byron/squares/squares.ipynb").unlink()
    (root / "submitted/ada-byron/squares").rmdir()
    assert run("roster", "--remove", "ada-byron")[0] == 0
    assert by_folder().keys() == {"ada-lovelace", "bob-ross"}
    assert marks(root).keys() <= by_folder().keys()
    assert json.loads((root / "downloaded/squares.json").read_text())["hand_ins"] == {}
    run("export", "squares", "--format", "csv")
    assert "ada-byron" not in (root / "returned/marks.csv").read_text("utf-8-sig")
    assert not list(root.glob("*/ada-byron"))


def test_the_work_of_a_team_that_a_member_has_left_goes_to_the_others(
    run, root, handed_in, tmp_path
):
    header = "folder,last_name,first_name,team\n"
    people = f"{header}ada,Lovelace,Ada,Blue Team\nbob,Ross,Bob,{{}}\n"
    (root / "roster.csv").write_text(people.format("Blue Team"))
    run("collect", archive(tmp_path / "a.zip", moodle({("Blue Team", 7): work()})))
    (root / "roster.csv").write_text(people.format(""))
    later = archive(tmp_path / "b.zip", moodle({("Blue Team", 7): work("2")}))
    assert run("collect", later)[0] == 0
    assert handed_in() == {"ada": "2", "bob": "1"}


def test_a_name_in_a_list_stays_and_a_group_makes_nobody_a_team(
    run, root, people, handed_in, tmp_path
):
    roster = "folder,last_name,first_name,email,team\nada,Byron,Ada,a@x.org,Group 1\n"
    (root / "roster.csv").write_text(roster)
    run("collect", archive(tmp_path / "a.zip", moodle({("Ada Byron", 7): work()})))
    later = archive(tmp_path / "b.zip", moodle({("Ada Lovelace", 7): work("2")}))
    assert run("collect", later)[0] == 0
    assert handed_in() == {"ada": "2"}
    [person] = people()
    assert person["last_name"] == "Byron"


def test_marks_stay_when_the_work_or_the_assignment_is_no_longer_here(run, root, ada):
    grade(root, {"ada-byron": 2})
    shutil.rmtree(root / "submitted/ada-byron")
    shutil.rmtree(root / "source/squares")
    assert run("roster", "--join", "ada-byron", "ada-lovelace")[0] == 0
    assert marks(root)["ada-lovelace"]["squares"][0] == 2
    assert not list(root.glob("*/ada-byron"))
    assert "ada-byron" not in (root / "downloaded/squares.json").read_text()


def test_marks_of_other_work_do_not_stay(run, root, ada):
    unpacked(root / "submitted/ada-lovelace/squares", {"squares.ipynb": work("9")})
    grade(root, {"ada-lovelace": 1})
    give_by_hand(root, "ada-lovelace", 2)
    shutil.rmtree(root / "submitted/ada-lovelace/squares")
    assert run("roster", "--join", "ada-byron", "ada-lovelace")[0] == 0
    assert marks(root)["ada-lovelace"] == {}


def test_the_time_is_that_of_the_work_that_stays(run, root, tmp_path):
    people = {("Ada Byron", 1): work("1"), ("Ada Lovelace", 2): work("2")}
    sheet = worksheet(tmp_path / "w.csv", (1, "Ada Byron", ""), (2, "Ada Lovelace", ""))
    run("collect", archive(tmp_path / "a.zip", moodle(people)), sheet)
    shutil.rmtree(root / "submitted/ada-lovelace/squares")
    assert run("roster", "--join", "ada-byron", "ada-lovelace")[0] == 0
    [entry] = json.loads((root / "downloaded/squares.json").read_text())["hand_ins"].values()
    # The minute of the worksheet is the number.
    assert entry["submitted"].startswith("2026-11-20T13:26")
    assert entry["key"] == "1"
    assert len(entry["earlier"]) == 1


@pytest.mark.parametrize("link", ["submitted/ada-byron", "submitted/ada-lovelace/squares"])
def test_nothing_is_deleted_through_a_link(link, run, root, ada):
    target = "submitted/ada-lovelace" if link.endswith("byron") else "submitted/ada-byron/squares"
    if link.endswith("byron"):
        (root / "submitted/ada-byron").rename(root / target)
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(root / target)
    code, printed = run("roster", "--join", "ada-byron", "ada-lovelace")
    assert code == 1
    assert f"{link} is a link, behind which may be the work of others" in printed
    assert list((root / target).rglob("squares.ipynb"))
    assert run("roster", "--remove", "ada-byron")[0] == 1
    assert list((root / target).rglob("squares.ipynb"))


def test_people_with_different_ids_are_not_joined(run, root, ada):
    before = files(root)
    code, printed = run("roster", "--join", "bob-ross", "ada-lovelace")
    assert code == 1
    assert "bob-ross and ada-lovelace have different ids in roster.csv" in printed
    after = files(root)
    assert before == {name: content for name, content in after.items() if ".lock" not in name}


def test_an_extension_of_a_folder_that_has_gone_is_named(run, root, ada):
    (root / "policy.toml").write_text(
        "[assignments.squares]\ndue = 2026-11-20\nextensions = {ada-byron = 2026-11-28}\n"
    )
    _, printed = run("roster", "--join", "ada-byron", "ada-lovelace")
    assert "ada-byron" in printed.partition("To be looked at:")[2].partition("folder")[0]


@pytest.mark.parametrize("name", ["nobody", "../release", "..", "", "/tmp"])
def test_a_folder_that_nobody_has_is_refused(name, run, root, ada):
    before = files(root)
    assert run("roster", "--remove", name)[0] == 1
    assert run("roster", "--join", name, "ada-lovelace")[0] == 1
    assert run("roster", "--join", "ada-lovelace", name)[0] == 1
    assert run("roster", "--join", "ada-lovelace", "ada-lovelace")[0] == 1
    after = files(root)
    assert before == {name: content for name, content in after.items() if ".lock" not in name}
