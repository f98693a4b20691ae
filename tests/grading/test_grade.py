import csv
import json
import os
import shutil

import pytest
from nbgrader.api import Gradebook

from tests.builders import (
    PROGRESS_BAR,
    markdown_cell,
    notebook,
    run_course,
    test_cell,
    write_source,
)
from tests.grading.builders import (
    HALF,
    NAME,
    RIGHT,
    WRONG,
    cell,
    fractions_course,
    fractions_notebook,
    submit,
)

# One worker for all, since most tests look at the same graded course.


def tag_tests(content):
    """What students who know nbclient might try."""
    for grade_id in ("warns", "in_parts"):
        cell(content, grade_id)["metadata"]["tags"] = ["skip-execution", "__none__"]


def copy_cells(content):
    content["cells"] += [dict(cell(content, name), id=f"{name}2") for name in ("answer", "warns")]


def delete_tests(content):
    content["cells"] = [cell for cell in content["cells"] if "points" not in str(cell["metadata"])]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course that `course grade` has gone through, and what it printed."""
    root = fractions_course(tmp_path_factory.mktemp("course"))
    submit(root, "right")
    submit(root, "half", f"{PROGRESS_BAR}\n{HALF}")
    submit(root, "skips", WRONG, tag_tests)
    submit(root, "copies", RIGHT, copy_cells)
    submit(root, "deletes", RIGHT, delete_tests)
    submit(root, "dies", "def answer():\n    import os; os._exit(0)")
    submit(root, "exits", "def answer():\n    raise SystemExit")
    submit(root, "broken").write_text("{")
    submit(root, "O'Neil, Ann")
    submit(root, "[a-z]*")
    (root / "submitted" / "misspelt" / "Fractions").mkdir(parents=True)
    (root / "submitted" / "late.zip").write_bytes(b"PK")
    return root, run_course(root / "source", "grade")


def marks(root):
    """The points of every test by student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {grade.name: grade.auto_score for grade in grades}
            for submission in gradebook.assignment_submissions(NAME)
            for grades in [submission.notebooks[0].grades]
        }


def exported(root):
    """The rows of the exported marks by student."""
    assert run_course(root, "export").returncode == 0
    with (root / "grades.csv").open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.needs("sandbox")
@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("right", {"warns": 2, "in_parts": 4}),
        ("half", {"warns": 0, "in_parts": 2}),
        ("skips", {"warns": 0, "in_parts": 0}),
        ("copies", {"warns": 2, "in_parts": 4}),
        ("deletes", {"warns": 2, "in_parts": 4}),
        ("exits", {"warns": 0, "in_parts": 0}),
        ("dies", {"warns": 0, "in_parts": 0}),
        ("O'Neil, Ann", {"warns": 2, "in_parts": 4}),
    ],
)
def test_each_submission_gets_the_points_it_earned(graded, student, expected):
    root, _ = graded
    assert marks(root)[student] == {**expected, "written": None}


@pytest.mark.needs("sandbox")
def test_the_table_shows_points_and_what_waits_for_a_person(graded):
    _, printed = graded
    rows = [" ".join(line.split()) for line in printed.stdout.splitlines()]
    assert any(row.startswith("right fractions 6 / 9 3 needs manual grading") for row in rows)
    assert any(row.startswith("half fractions 2 / 9 3 needs manual grading") for row in rows)
    assert any(row.startswith("broken fractions - / 9 needs review") for row in rows)


@pytest.mark.needs("sandbox")
def test_one_line_for_a_person_names_each_file_and_the_rest_is_graded_all_the_same(graded):
    root, printed = graded
    assert printed.returncode == 1
    report = printed.stdout.split("To be reviewed:\n")[1].splitlines()
    starts = [
        "submitted/late.zip: no assignment has this name",
        "submitted/misspelt/Fractions: no assignment has this name",
        "submitted/[a-z]*/fractions: the folder '[a-z]*' has *, ?, [ or a line break in its name",
        "submitted/broken/fractions: fractions.ipynb is not JSON",
    ]
    assert len(report) == len(starts)
    assert all(line.startswith(f"  {start}") for line, start in zip(report, starts, strict=True))
    assert (root / "autograded" / "skips").is_dir()
    assert not (root / "autograded" / "broken" / NAME).exists()


@pytest.mark.slow
def test_folders_whose_names_no_screen_or_file_can_hold_stop_no_command(tmp_path):
    root = fractions_course(tmp_path)
    folder = submit(root, "renamed").parents[1]
    for name in (b"\x1b[2Jada", b"a\nb", b"\xff", "x\u202ey".encode()):
        shutil.copytree(folder, folder.with_name(os.fsdecode(name)))
    shutil.rmtree(folder)
    graded = run_course(root, "grade")
    assert graded.returncode == 1
    lines = graded.stdout.split("To be reviewed:\n")[1].splitlines()
    assert len(lines) == 4
    assert all(line.endswith("characters that can't be shown; rename it") for line in lines)
    for printed in (
        graded,
        *(run_course(root, *words) for words in (["export"], ["similar", NAME])),
    ):
        assert "Traceback" not in printed.stderr
        assert all(line.isprintable() for line in (printed.stdout + printed.stderr).splitlines())


@pytest.mark.needs("sandbox")
def test_progress_goes_to_stderr_and_nothing_else_does(graded):
    _, printed = graded
    lines = printed.stderr.splitlines()
    assert len(lines) == 10
    assert all(line.startswith(f"{number}/10 submitted/") for number, line in enumerate(lines, 1))


@pytest.mark.needs("sandbox")
def test_the_export_has_no_score_for_a_submission_that_needs_a_person(graded):
    root, _ = graded
    printed = run_course(root, "export")
    assert printed.returncode == 0
    assert "8 needs manual grading, 2 needs review" in printed.stdout
    with (root / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["right"]["score"] == "6.0"
    assert rows["O'Neil, Ann"]["max_score"] == "9.0"
    reasons = {"broken": "fractions.ipynb is not JSON", "[a-z]*": "the folder '[a-z]*' has"}
    for student, reason in reasons.items():
        assert rows[student]["score"] == rows[student]["raw_score"] == ""
        assert rows[student]["status"] == "needs review"
        assert rows[student]["reason"].startswith(reason)


@pytest.mark.needs("sandbox")
def test_a_page_that_takes_too_long_leaves_something_out_and_delays_nobody(graded, tmp_path):
    root = shutil.copytree(graded[0], tmp_path / "course")
    notebook = root / "autograded" / "half" / NAME / f"{NAME}.ipynb"
    content = json.loads(notebook.read_text())
    # What colours code takes minutes for it.
    answer = cell(content, "answer")
    answer["source"] = 'f"{' * 200_000
    notebook.chmod(0o644)
    notebook.write_text(json.dumps(content))
    printed = run_course(root, "feedback")
    lines = printed.stderr.splitlines()
    assert all(line.startswith("feedback: ") for line in lines), printed.stderr
    pages = {
        student: (root / "feedback" / student / NAME / f"{NAME}.html").read_text()
        for student in ("half", "right")
    }
    assert "takes too long to be shown" in pages["half"]
    assert "the hidden part of this check fails" in pages["half"]
    assert "takes too long to be shown" not in pages["right"]


@pytest.mark.needs("sandbox")
def test_feedback_is_written_for_what_is_graded_and_hides_the_hidden_tests(graded):
    root, _ = graded
    printed = run_course(root, "feedback")
    assert printed.returncode == 1
    assert "submitted/broken/fractions: fractions.ipynb is not JSON" in printed.stdout
    page = (root / "feedback" / "half" / NAME / f"{NAME}.html").read_text()
    assert "the hidden part of this check fails, a value is wrong" in page
    assert "answer() should be 1" not in page
    assert "assert answer()" not in page
    assert "a warning" in page
    assert "all-done" in page
    assert "half-done" not in page
    assert not (root / "feedback" / "broken").exists()


@pytest.mark.needs("sandbox")
def test_what_was_repaired_and_what_crashed_is_listed_in_plain_words(graded):
    _, printed = graded
    repaired = printed.stdout.split("Repaired:\n")[1].split("\n\n")[0]
    assert "submitted/copies/fractions: " in repaired
    assert "submitted/right/" not in repaired
    crashes = printed.stdout.split("Crashes and limits:\n")[1].split("\n\n")[0]
    assert "submitted/dies/fractions: warns: it ended the notebook's Python" in crashes


@pytest.mark.needs("sandbox")
def test_a_new_submission_that_fails_keeps_no_old_marks_and_all_commands_say_why(tmp_path):
    root = fractions_course(tmp_path)
    path = submit(root, "ada")
    right = path.read_bytes()
    assert run_course(root, "grade", NAME, "--student", "ada").returncode == 0
    # It can be read; only whoever compares it with the assignment sees what is wrong.
    path.write_text(json.dumps(notebook([markdown_cell("Another course's notebook.", "text")])))
    reason = "the notebook has 0 of the 4 cells that belong to the grading; ask the student for "
    graded = run_course(root, "grade")
    feedback = run_course(root, "feedback")
    assert (graded.returncode, feedback.returncode) == (1, 1)
    for printed in (graded, feedback):
        assert f"submitted/ada/fractions: {reason}" in printed.stdout
    row = exported(root)["ada"]
    assert (row["score"], row["status"]) == ("", "needs review")
    assert row["reason"].startswith(reason)
    path.write_bytes(right)
    assert run_course(root, "grade").returncode == 0
    row = exported(root)["ada"]
    assert (row["score"], row["reason"]) == ("6.0", "")


@pytest.mark.needs("sandbox")
def test_a_submission_that_came_after_the_grading_is_not_graded_yet(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    assert run_course(root, "grade").returncode == 0
    submit(root, "bob")
    rows = exported(root)
    assert rows["ada"]["reason"] == ""
    command = f"course grade {NAME} --student bob"
    assert rows["bob"]["reason"] == f"it has not been graded; run `{command}`"
    write_source(root, "algebra", fractions_notebook())
    shutil.copytree(root / "submitted" / "ada" / NAME, root / "submitted" / "ada" / "algebra")
    printed = run_course(root, "feedback", "algebra")
    assert printed.returncode == 1
    assert printed.stderr == (
        "course: the gradebook has no assignment algebra; run `course grade algebra`\n"
    )


def test_an_error_in_the_settings_stops_the_grading(tmp_path):
    root = fractions_course(tmp_path)
    path = submit(root, "ada")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 60 * 'x' / 2\n")
    printed = run_course(root, "grade")
    assert printed.returncode == 2
    assert printed.stderr.startswith("course: nbgrader_config.py fails with TypeError: ")
    assert path.is_file()
    assert not (root / "autograded").exists()
    assert not (root / "gradebook.db").exists()


def test_settings_that_know_nothing_of_this_engine_stop_the_grading(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    (root / "nbgrader_config.py").write_text("")
    printed = run_course(root, "grade")
    assert printed.returncode == 2
    assert printed.stderr.startswith(
        "course: nbgrader_config.py does not take over how this course grades; write into it: "
    )
    assert len(printed.stderr.splitlines()) == 1
    assert not (root / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade"], "submitted/ has no submission for fractions; put each as"),
        (["grade", "--student", "x"], "submitted/ has no submission of student x for fractions"),
        (["grade", "algebra"], "source/ has no assignment algebra; it has fractions"),
        (["feedback"], "submitted/ has none of these submissions"),
        (["export"], "there is no gradebook "),
    ],
)
def test_a_command_with_nothing_to_do_says_why(tmp_path, arguments, message):
    printed = run_course(fractions_course(tmp_path), *arguments)
    assert printed.returncode == (2 if arguments[0] == "grade" else 1)
    assert printed.stderr.startswith(f"course: {message}")
    assert printed.stderr.count("\n") == 1


@pytest.mark.needs("sandbox")
def test_a_damaged_gradebook_is_named(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    (root / "gradebook.db").write_text("not a database, " * 1000)
    printed = run_course(root, "grade")
    assert printed.returncode == 2
    assert printed.stderr == (
        "course: the gradebook gradebook.db fails: file is not a database; "
        "restore it from a backup, or move it away and run `course grade`\n"
    )


@pytest.mark.needs("sandbox")
def test_a_gradebook_that_cannot_be_written_stops_the_grading_and_loses_nothing(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    assert run_course(root, "grade").returncode == 0
    submit(root, "bob")
    (root / "gradebook.db").chmod(0o444)
    # root may write everything, unless it gives up the right to.
    unprivileged = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()
    printed = run_course(root, "grade", "--student", "bob", prefix=unprivileged)
    assert printed.returncode == 2
    assert printed.stderr.splitlines() == [
        "course: the gradebook gradebook.db fails: attempt to write a readonly database; "
        "make the file and its folder writable for you"
    ]
    assert list(marks(root)) == ["ada"]


def test_a_full_disk_is_said_in_one_line(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    printed = run_course(root, "grade", prefix=("prlimit", "--fsize=20000"))
    assert printed.returncode == 2
    assert printed.stderr.startswith("course: ")
    assert printed.stderr.count("\n") == 1
    assert "Traceback" not in printed.stderr


@pytest.mark.needs("sandbox")
def test_new_exercises_after_the_first_grading_are_refused_with_a_way_out(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    assert run_course(root, "grade").returncode == 0
    content = fractions_notebook()
    content["cells"] += [markdown_cell("One more.", "more"), test_cell("assert True", "new")]
    write_source(root, NAME, content)
    printed = run_course(root, "grade")
    assert printed.returncode == 2
    assert "fractions can't go into the gradebook: Cannot add or remove cells" in printed.stderr
    assert json.loads((root / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_text())
