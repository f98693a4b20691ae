"""The lists of all platforms become one roster."""

import csv

import pytest

from tests.builders import files

LISTS = {
    "moodle": "First name,Last name,ID number,Email address,Groups\nZoë,Bär,007,z@x.org,Blue\n",
    "moodle-german": (
        "\ufeffVorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\nZoë;Bär;007;z@x.org;Blue\n"
    ),
    "canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Squares (7)\n"
        '    Points Possible,,,,,2\n"Bär, Zoë",12,007,zoe,A,1\n"Student, Test",,,,A,\n'
    ),
    "blackboard": '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Bär"\t"Zoë"\t"zoe"\t"007"',
    "brightspace": "OrgDefinedId,Username,Last Name,First Name,End\n#007,zoe,Bär,Zoë,#\n",
    "gradescope": "First Name,Last Name,SID,Email,Sections\nZoë,Bär,007,z@x.org,A\n",
}


@pytest.mark.parametrize("form", LISTS)
def test_a_list_is_understood_as_it_is(form, run, people, tmp_path):
    (tmp_path / "list.csv").write_text(LISTS[form])
    assert run("roster", tmp_path / "list.csv")[0] == 0
    [person] = people()
    assert person["folder"] == "zoe-bar"
    assert (person["first_name"], person["last_name"]) == ("Zoë", "Bär")
    assert person["number"].lstrip("#") == "007"


def test_lists_add_up_and_folders_stay(run, root, people, tmp_path):
    for form, text in LISTS.items():
        (tmp_path / f"{form}.csv").write_text(text)
        assert run("roster", tmp_path / f"{form}.csv")[0] == 0
    [person] = people()
    assert person == {
        "folder": "zoe-bar",
        "last_name": "Bär",
        "first_name": "Zoë",
        "email": "z@x.org",
        "username": "zoe",
        "number": "007",
        "platform_id": "12",
        "team": "Blue",
    }
    before = files(root)
    assert run("roster", tmp_path / "canvas.csv")[0] == 0
    assert files(root) == before


def test_windows_encodings_are_read(run, people, tmp_path):
    (tmp_path / "list.csv").write_bytes("Name;Email\nZoë Bär;z@x.org\n".encode("cp1252"))
    run("roster", tmp_path / "list.csv")
    assert people()[0]["last_name"] == "Bär"


def test_people_of_one_name_have_folders_of_their_own(run, people, tmp_path):
    (tmp_path / "list.csv").write_text("Name,Email\nZoë Bär,a@x.org\nZoe Bar,b@x.org\n")
    run("roster", tmp_path / "list.csv")
    assert [person["folder"] for person in people()] == ["zoe-bar", "zoe-bar-b-x.org"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("folder,email\nada,a@x.org\nbob,A@x.org\n", "ada and bob have the same id 'a@x.org'"),
        ("folder,email\nada,a@x.org\nada,b@x.org\n", "the folder 'ada' is there twice"),
        ("folder,email\n../ada,a@x.org\n", "the folder '../ada' can't be a folder's name"),
        ("colour,size\nred,1\n", "has no column for names, only colour, size"),
        ("PK\3\4", "is no CSV file; export it from the platform as CSV"),
        ("", "has no columns"),
    ],
    ids=range(6),
)
def test_a_damaged_roster_is_refused_with_the_reason(text, message, run, root):
    (root / "roster.csv").write_text(text)
    code, printed = run("roster")
    assert code == 1
    assert message in printed
    assert (root / "roster.csv").read_text() == text


@pytest.mark.parametrize("known", ["Email\n王小明,w@x.org\n", "Group\n王小明,blue\n"])
def test_a_full_name_without_a_space_is_the_last_and_the_first_name(
    run, root, people, tmp_path, known
):
    (root / "roster.csv").write_text("folder,first_name,last_name,email\nw,小明,王,w@x.org\n")
    (tmp_path / "list.csv").write_text(f"Full name,{known}")
    code, printed = run("roster", tmp_path / "list.csv")
    assert code == 0, printed
    (person,) = people()
    assert (person["folder"], person["first_name"], person["last_name"]) == ("w", "小明", "王")


def test_a_person_who_may_be_two_is_named(run, root, tmp_path):
    (root / "roster.csv").write_text("folder,first_name,last_name\na,Zoë,Bär\nb,Zoë,Bär\n")
    (tmp_path / "list.csv").write_text("Name,Email\nZoë Bär,a@x.org\n")
    code, printed = run("roster", tmp_path / "list.csv")
    assert code == 1
    assert "Zoë Bär could be any of a, b; correct roster.csv" in printed


@pytest.mark.parametrize(
    "text",
    [
        "First name,Last name,ID number,Email address\nAda,L,N/A,a@x.org\nBob,R,N/A,b@x.org\n",
        "Student,ID,SIS User ID,SIS Login ID,Section,Squares (7)\n"
        '"L, Ada",501,1002,ada,A,\n"R, Bob",1002,77,bob,A,\n',
    ],
    ids=["no-number", "numbers-of-two-kinds"],
)
def test_people_with_different_ids_are_two_though_one_id_is_alike(text, run, people, tmp_path):
    (tmp_path / "list.csv").write_text(text)
    run("roster", tmp_path / "list.csv")
    assert sorted(person["first_name"] for person in people()) == ["Ada", "Bob"]


def test_the_roster_has_no_formulas_and_is_read_as_it_was(run, root, people, tmp_path):
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "ID number"])
        writer.writerows([["Eve =1+1", "-7"], ["Bob =1+1;=2+2", "+1;@x"]])
    assert run("roster", path)[0] == 0
    written = sorted((person["last_name"], person["number"]) for person in people())
    assert written == [("'=1+1", "-7"), ("'=1+1;'=2+2", "'+1;'@x")]
    before = files(root)
    assert run("roster", path)[0] == 0
    assert files(root) == before
    assert "Eve =1+1" in run("roster")[1]
