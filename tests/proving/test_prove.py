"""Tests that are weak in known ways are found out, and complete ones are not."""

import json

import pytest

from tests.builders import (
    code_cell,
    course,
    files,
    markdown_cell,
    notebook,
    run_course,
    solution_cell,
    test_cell,
    write_source,
)
from tests.samples.build import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.needs("sandbox")]

SOLUTION = (
    "def line(x, slope=2):\n"
    "    result = None\n"
    "    ### BEGIN SOLUTION\n"
    "    result = slope * x + 1\n"
    "    ### END SOLUTION\n"
    "    return result"
)
COMPLETE = "assert line(3) == 7 and line(2) == 5\nassert line(3, 5) == 16\nassert line(0.5, 4) == 3"


RIGHT = """[[equivalent]]
exercise = "line"
change = '''
-    result = slope * x + 1
+    result = {}'''
reason = "It is said to be right."
"""


def lines(*tests, prose="Lines", solution=SOLUTION):
    cells = [markdown_cell(prose, "prose"), code_cell("import math", "setup")]
    cells.append(markdown_cell("Give the height of a line.", "task"))
    cells.append(solution_cell(solution, "line"))
    cells += [test_cell(test, f"test_{number}", 2) for number, test in enumerate(tests)]
    return notebook(cells)


def make(folder, *tests):
    settings = (ROOT / "nbgrader_config.py").read_text()
    return course(folder / "course", {"lines": lines(*tests)}, config=settings)


def list_as_right(root, text):
    (root / "tests" / "proof").mkdir(parents=True, exist_ok=True)
    (root / "tests" / "proof" / "lines.toml").write_text(text)


def prove(root, *arguments):
    proved = run_course(root, "prove", "lines", *arguments)
    return proved.returncode, proved.stdout


def test_tests_that_see_every_change_are_proven(tmp_path):
    code, printed = prove(make(tmp_path, COMPLETE))
    assert code == 0, printed
    assert printed.count("100.0 %") == 2
    assert "equivalent]]" not in printed


def test_a_change_that_no_test_sees_is_shown(tmp_path):
    code, printed = prove(make(tmp_path, "assert line(1) == 3"))
    assert code == 1
    # The slope that it is called with is never looked at.
    assert "+    slope = 2" in printed


def test_an_answer_that_passes_all_in_sight_and_loses_much_is_shown(tmp_path):
    hidden = f"### BEGIN HIDDEN TESTS\n{COMPLETE}\n### END HIDDEN TESTS"
    code, printed = prove(make(tmp_path, f"assert line(1) == 3\n{hidden}"))
    assert code == 0, printed
    surprises = printed.partition("These pass all that students see")[2]
    assert "+    slope = 2" in surprises
    assert "+    return None" not in surprises


def test_a_test_that_catches_nothing_that_others_do_not_is_seen(tmp_path):
    code, printed = prove(make(tmp_path, COMPLETE, "assert line(1) == 3"))
    assert code == 0, printed
    rows = {row.split()[0]: row.split()[1:] for row in printed.splitlines() if "test_" in row}
    assert rows["test_1"][2] == "0"
    assert int(rows["test_0"][2]) > 0


def test_a_change_that_a_person_found_right_is_no_survivor(tmp_path):
    root = make(tmp_path, "assert line(3) == 7 and line(2) == 5 and line(0.5) == 2")
    code, printed = prove(root)
    assert code == 1
    listed = printed.partition("tests/proof/lines.toml:\n\n")[2].partition("\n\ntests/output")[0]
    listed = listed.replace('reason = ""', 'reason = "None."')
    list_as_right(root, listed)
    code, printed = prove(root)
    assert code == 0, printed


def test_a_proof_goes_on_where_it_was_stopped(tmp_path):
    root = make(tmp_path, COMPLETE)
    kept = root / "tests/output/proof/lines.jsonl"
    _, whole = prove(root)
    head, *lines = kept.read_text().splitlines()
    # The first answer that was caught was not, says the file; the second half is lost.
    caught = next(place for place, line in enumerate(lines) if json.loads(line)[2])
    key, source, *_ = json.loads(lines[caught])
    lines[caught] = json.dumps([key, source, {}, []])
    half = max(caught + 1, len(lines) // 2)
    kept.write_text("\n".join([head, *lines[:half], lines[half][:20]]))
    code, printed = prove(root, "--exercise", "line")
    assert code == 1
    assert "100.0 %" in whole
    assert "100.0 %" not in printed
    # Of another grader nothing holds; and nothing does if that is asked for.
    for arguments, other in ((("--exercise", "line"), "another"), (("--force",), "grader")):
        kept.write_text(kept.read_text().replace("grader", other, 1))
        code, printed = prove(root, *arguments)
        assert (code, printed) == (0, whole)


def test_what_a_changed_test_says_is_asked_again(tmp_path):
    root = make(tmp_path, "assert line(1) == 3")
    code, _ = prove(root)
    assert code == 1
    write_source(root, "lines", lines(COMPLETE))
    code, printed = prove(root)
    assert code == 0, printed


def test_parameters_are_lowered_as_for_grading(tmp_path):
    root = make(tmp_path)
    content = lines(f"{COMPLETE}\nassert size == 5")
    parameters = code_cell("size = 100", "size")
    parameters["metadata"] = {"tags": ["parameters"]}
    content["cells"].insert(1, parameters)
    write_source(root, "lines", content)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write('c.ExecuteApart.parameters = {"lines": {"size": 5}}\n')
    code, printed = prove(root)
    assert code == 0, printed


def test_an_answer_that_is_not_there_is_named(tmp_path):
    root = make(tmp_path, COMPLETE)
    failed = run_course(root, "prove", "lines", "--exercise", "curve")
    assert failed.returncode == 1
    assert "no answer with tests has the name curve; there are line" in failed.stderr


def test_a_right_answer_that_loses_points_is_shown(tmp_path):
    root = make(tmp_path, COMPLETE)
    list_as_right(root, RIGHT.format("slope * x"))
    code, printed = prove(root)
    assert code == 1
    assert "+    result = slope * x" in printed.partition("but they lose points")[2]


def test_a_test_that_only_likes_the_instructors_own_words_is_shown(tmp_path):
    picky = f"{COMPLETE}\nassert type(line(3)) is int"
    code, printed = prove(make(tmp_path, picky))
    assert code == 1
    unfair = printed.partition("The solution in other words loses points of these tests:\n\n")[2]
    assert unfair.startswith("line, numbers of NumPy: test_0\n\n")


def test_points_that_can_be_won_by_writing_on_an_argument_are_shown(tmp_path):
    later = (
        "import numpy\n"
        "from helpers import checks\n"
        "x = checks.shared(numpy.array([3.0, 2.0]))\n"
        "result = line(x)\n"
        "assert (result == 2 * x + 1).all()"
    )
    code, printed = prove(make(tmp_path, COMPLETE, later))
    assert code == 1
    winners = printed.partition("because they write on the arrays that they are given:\n\n")[2]
    assert "line, answers for other arrays (backwards), and writes: test_1\n" in winners


def test_a_hidden_part_that_asks_what_the_visible_one_does_is_shown(tmp_path):
    hidden = "### BEGIN HIDDEN TESTS\nassert line(3) < 8\n### END HIDDEN TESTS"
    code, printed = prove(make(tmp_path, f"{COMPLETE}\n{hidden}", "assert line(7) == 15"))
    assert code == 1
    known = printed.partition("passes the hidden one, too:\n\n")[2]
    assert known.startswith("line, test_0\n\n")


def test_a_hidden_part_with_other_numbers_is_not_passed_by_heart(tmp_path):
    hidden = "### BEGIN HIDDEN TESTS\nassert line(4) == 9\n### END HIDDEN TESTS"
    code, printed = prove(make(tmp_path, f"{COMPLETE}\n{hidden}", "assert line(7) == 15"))
    assert code == 0, printed
    # The test without a hidden part.
    assert "2 of 4" in printed


def test_a_question_that_is_never_the_same_is_shown_to_prove_nothing(tmp_path):
    drawn = "import random\nx = random.random()\nassert line(x) == 2 * x + 1"
    hidden = "### BEGIN HIDDEN TESTS\nassert line(4) == 9\n### END HIDDEN TESTS"
    code, printed = prove(make(tmp_path, f"{drawn}\n{hidden}", f"{COMPLETE}\n{hidden}"))
    assert code == 0, printed
    unknown = printed.partition(
        "fails what students see of these tests, and so proves nothing:\n\n"
    )
    assert unknown[2].startswith("line, test_0\n\n")


def test_a_hidden_part_that_only_measures_has_nothing_to_ask(tmp_path):
    measured = (
        "### BEGIN HIDDEN TESTS\n### BEGIN MEASUREMENT\nfrom helpers import results\n"
        "results.record('height', line(3))\n### END MEASUREMENT\n### END HIDDEN TESTS"
    )
    code, printed = prove(make(tmp_path, f"{COMPLETE}\n{measured}"))
    assert code == 0, printed
    assert "2 of 2" in printed


def test_a_test_whose_points_cannot_be_lost_is_shown(tmp_path):
    code, printed = prove(make(tmp_path, COMPLETE, "assert 2 + 2 == 4"))
    assert code == 1
    idle = printed.partition("No wrong answer loses the points of these tests:\n\n")[2]
    assert idle.startswith("line, test_1\n\n")


def test_a_page_shows_the_changes_beside_the_text(tmp_path):
    root = make(tmp_path, "assert line(1) == 3")
    _, printed = prove(root)
    assert "tests/output/proof/lines.html: the same beside the texts" in printed
    page = (root / "tests" / "output" / "proof" / "lines.html").read_text()
    assert "<ins>+    slope = 2</ins>" in page
    assert page.index("Give the height of a line") < page.index("<ins>")


def test_a_listed_change_that_is_not_made_any_more_is_shown(tmp_path):
    root = make(tmp_path, COMPLETE)
    list_as_right(root, RIGHT.format("1 + x * slope"))
    code, printed = prove(root)
    assert code == 1
    assert "+    result = 1 + x * slope" in printed.partition("no operator makes them now")[2]


def test_numbers_are_kept_for_all_exercises_if_all_is_proven(tmp_path):
    root = make(tmp_path, COMPLETE, "assert line(1) == 3")
    before = files(root)
    assert prove(root, "--exercise", "line")[0] == 0
    made = {f"tests/output/proof/lines.{suffix}" for suffix in ("html", "jsonl")}
    assert files(root).keys() - before.keys() <= {".gitignore", *made}
    assert prove(root)[0] == 0
    kept = (root / "tests" / "proof" / "lines.json").read_bytes()
    numbers = json.loads(kept)["exercises"]["line"]
    assert numbers["caught"] == numbers["wrong"] > 0
    assert numbers["tests"]["test_0"]["catches"] == numbers["wrong"]
    assert numbers["tests"]["test_1"]["alone"] == 0
    # Which answer is done first is chance.
    assert prove(root, "--force")[0] == 0
    assert (root / "tests" / "proof" / "lines.json").read_bytes() == kept
    # The same is not done again.
    again = run_course(root, "prove", "lines")
    assert again.returncode == 0
    assert "lines: proven before, and unchanged" in again.stdout
    assert "100.0 %" in again.stdout
    assert again.stderr == ""
    # Nothing is kept in their place if something is wrong.
    write_source(root, "lines", lines("assert line(1) == 3"))
    assert prove(root)[0] == 1
    assert (root / "tests" / "proof" / "lines.json").read_bytes() == kept


def test_the_check_tells_whether_the_numbers_belong_to_the_notebook(tmp_path):
    root = make(tmp_path, COMPLETE)
    named = run_course(root, "prove", "--check")
    assert named.returncode == 1
    assert "name one, such as `course prove lines`" in named.stderr
    missing = run_course(root, "prove", "lines", "--check")
    assert missing.returncode == 1
    assert "lines.json is missing; run `course prove" in missing.stderr
    assert prove(root)[0] == 0

    def checked():
        done = run_course(root, "prove", "--check")
        return done.returncode, done.stdout + done.stderr

    assert checked()[0] == 0
    write_source(root, "lines", lines(COMPLETE, prose="Straight lines"))
    assert checked()[0] == 0
    changes = {
        "a test": lines(COMPLETE.replace("16", "16.0")),
        "the solution": lines(
            COMPLETE, solution=SOLUTION.replace("slope * x + 1", "1 + slope * x")
        ),
        "one more test": lines(COMPLETE, "assert line(1) == 3"),
    }
    for changed in changes.values():
        write_source(root, "lines", changed)
        code, printed = checked()
        assert code == 1
        assert "lines.json has the numbers of another notebook, or of" in printed
    write_source(root, "lines", lines(COMPLETE))
    assert checked()[0] == 0
    list_as_right(root, RIGHT.format("slope * x"))
    assert checked()[0] == 1
    (root / "tests" / "proof" / "lines.json").write_text("{")
    code, printed = checked()
    assert code == 1
    assert "lines.json is damaged; run `course prove lines`, which makes it anew" in printed
    list_as_right(root, "")
    assert prove(root)[0] == 0
    assert checked()[0] == 0


def test_an_exercise_needs_its_assignment(tmp_path):
    failed = run_course(make(tmp_path, COMPLETE), "prove", "--exercise", "line")
    assert failed.returncode == 1
    assert "--exercise needs the name of its assignment" in failed.stderr
