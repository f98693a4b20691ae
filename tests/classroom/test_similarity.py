"""Copies are found in disguise, and those who work alone are left in peace."""

import ast
import itertools
import json
import random
import re
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.classroom.answers import read_answers
from helpers.classroom.exercises import read_exercises
from helpers.classroom.roster import Roster
from helpers.classroom.similarity import (
    LONGEST,
    find_pairs,
    fingerprints,
    tokenise_code,
    tokenise_text,
)
from helpers.classroom.similarity_report import compare
from helpers.grading.course import open_course
from tests.builders import run_course
from tests.classroom.builders import archive, moodle, work
from tests.notebooks.test_samples import SAMPLES
from tests.samples.build import solutions, submission
from tests.samples.grading import course_copy

AVERAGES = '''
def averages(pictures, size):
    """Shrink pictures."""
    small = []
    for picture in pictures:
        rows, columns = len(picture) // size, len(picture[0]) // size
        total = np.zeros((rows, columns))
        for row in range(rows):
            for column in range(columns):
                block = picture[row * size : (row + 1) * size, column * size : (column + 1) * size]
                total[row, column] = block.mean()
        small.append(total)
    return np.array(small)
'''
OTHER = """
def averages(pictures, size):
    height, width = (side // size * size for side in pictures.shape[1:3])
    cut = pictures[:, :height, :width]
    return cut.reshape(len(cut), height // size, size, width // size, size).mean(axis=(2, 4))
"""
SHORT = "def squares(number):\n    return np.asarray(number, dtype=float) ** 2 + 0 * len(number)\n"


def alike(answers, tokeniser=tokenise_code, known=frozenset()):
    """Who has similar answers."""
    return {(pair.first, pair.second) for pair in find_pairs(answers, known, tokeniser)}


def is_found(copy, original=AVERAGES):
    return alike({"ada": original, "bob": copy, "eve": OTHER}) == {("ada", "bob")}


def renamed(source, seed=1):
    """Give every name that the code binds another one, and swap neighbouring lines."""
    chance, tree = random.Random(seed), ast.parse(source)
    bound = {
        node.id if isinstance(node, ast.Name) else node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }
    names = {name: f"{chance.choice('abc')}_{number}" for number, name in enumerate(sorted(bound))}
    bodies = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, ast.FunctionDef | ast.For) and len(node.body) > 2:
            bodies.append(node.body)
    for body in bodies[:2]:
        body[0], body[1] = body[1], body[0]
    return ast.unparse(tree)


def test_other_names_and_moved_lines_do_not_hide_a_copy():
    copy = renamed(AVERAGES)
    assert not re.search(r"\b(picture|rows|block|small)\b", copy)
    assert is_found(copy)


def test_comments_docstrings_quotes_and_layout_do_not_hide_a_copy():
    copy = AVERAGES.replace("Shrink pictures.", "Returns means\n\n    of blocks.")
    copy = re.sub(r"\n( +)(for|total)", r"\n\n\1# now\n\1\2", copy).replace("(rows, ", "(rows,\n ")
    assert is_found(copy)
    texts = 'print("one", "two", \'three\', "four", "five", six)'
    assert (
        fingerprints(texts, tokenise_code).keys()
        == fingerprints(texts.replace('"', "'"), tokenise_code).keys()
    )


def test_somebody_who_works_alone_is_not_found():
    assert alike({"ada": AVERAGES, "eve": OTHER}) == set()


@given(st.permutations(["np", "pictures", "picture", "rows", "columns", "total", "block", "size"]))
@settings(deadline=None)
def test_fingerprints_are_the_same_under_all_names(others):
    names = dict(zip(sorted(others), others, strict=True))
    copy = re.sub(r"(?<!\.)\b\w+\b", lambda match: names.get(match[0], match[0]), AVERAGES)
    assert list(fingerprints(copy, tokenise_code)) == list(fingerprints(AVERAGES, tokenise_code))


def test_the_common_parts_are_where_they_say():
    own = "import math\n\n\ndef shares(values):\n    return [value / math.e for value in values]\n"
    answers = {"ada": AVERAGES, "bob": own + AVERAGES}
    [pair] = find_pairs(answers, frozenset(), tokenise_code)
    for name, [(start, end)] in zip(("ada", "bob"), pair.places, strict=True):
        assert answers[name][start:end] == AVERAGES.strip()
    assert pair.share == 1


@pytest.mark.parametrize("size", [4, 5, 30, 200])
def test_a_short_answer_that_everybody_writes_is_nobodys(size):
    assert alike({f"student{number}": SHORT for number in range(size)}) == set()


def test_a_long_answer_of_half_of_the_class_says_nothing_and_of_two_people_much():
    names = [f"student{number}" for number in range(30)]
    own = {name: renamed(OTHER, name) for name in names[15:]}
    half = dict.fromkeys(names[:15], AVERAGES)
    assert alike(half | own) == set()
    copied = {**dict.fromkeys(names[:15], SHORT), **own, "ada": AVERAGES, "bob": AVERAGES}
    assert alike(copied) == {("ada", "bob")}


def test_what_is_known_says_nothing():
    known = frozenset(fingerprints(AVERAGES, tokenise_code))
    assert alike({"ada": AVERAGES, "bob": renamed(AVERAGES)}) == {("ada", "bob")}
    assert alike({"ada": AVERAGES, "bob": AVERAGES}, known=known) == set()


def test_code_that_does_not_run_is_compared_too():
    broken = AVERAGES.replace("(rows)", "(rows").replace("small = []", "small = [")
    with pytest.raises(SyntaxError):
        ast.parse(broken)
    assert alike({"ada": broken, "bob": broken.replace("block", "b"), "eve": OTHER}) == {
        ("ada", "bob")
    }


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing", "%matplotlib inline", '"""', "\0", "((((("]
)
def test_there_may_be_no_code(text):
    assert alike({"ada": text, "bob": text}) == set()


def test_copied_texts_are_found_and_others_not():
    ada = (
        "Two convolutions in a row are one with a larger kernel, so nothing is gained without a "
        "non-linearity between them; pooling gains tolerance to small shifts, and loses places."
    )
    bob = ada.replace("gained", "won").replace("Two", "Because two")
    eve = "Pooling makes the maps smaller. The second layer sees more of the picture after it."
    assert alike({"ada": ada, "bob": bob, "eve": eve}, tokenise_text) == {("ada", "bob")}


class TestSamples:
    """The course's own right answers, one submission for each way to write them."""

    @pytest.fixture
    def find(self, tmp_path):
        """Compare submissions, by name what they answer; returns the pairs."""

        def find(assignment, people):
            notebooks = {name: submission(assignment, answers) for name, answers in people.items()}
            course = open_course(course_copy(tmp_path, assignment, notebooks))
            titles = read_exercises(tmp_path, assignment)
            exercises, problems = read_answers(course, assignment, titles, Roster({}), {})
            assert not problems
            assert sum(bool(exercise.answers) for exercise in exercises) >= len(people["way-0"])
            return {pair.names for pair in compare(exercises)}

        return find

    def _ways(self, assignment):
        ways = defaultdict(list)
        for answer in SAMPLES[assignment].ANSWERS:
            if answer.right:
                ways[answer.exercise].append(answer.code)
        columns = itertools.zip_longest(*ways.values())
        people = {
            f"way-{number}": {name: text for name, text in zip(ways, column, strict=True) if text}
            for number, column in enumerate(columns)
        }
        return {**people, "instructor": solutions(assignment)}

    @pytest.mark.parametrize("assignment", SAMPLES)
    def test_right_answers_of_different_people_are_no_pairs(self, find, assignment):
        assert find(assignment, self._ways(assignment)) == set()

    @pytest.mark.parametrize("assignment", SAMPLES)
    def test_a_copy_among_them_is_the_only_pair(self, find, assignment):
        people = self._ways(assignment)
        copy = {name: renamed(text) for name, text in people["way-1"].items()}
        assert find(assignment, {**people, "copy": copy}) == {("copy", "way-1")}


def averages_work(answer):
    """A notebook for `squares` with this answer."""
    content = json.loads(work())
    content["cells"][1]["source"] = answer
    return json.dumps(content).encode()


def test_the_command_names_people_and_shows_answers_as_text(run, root, tmp_path):
    hostile = AVERAGES + '    "</pre><script>alert(1)</script><img src=x>"\n'
    people = {
        ("Ada L", 1): averages_work(hostile),
        ("Bob R", 2): averages_work(renamed(AVERAGES)),
        ("Eve M", 3): averages_work(OTHER),
    }
    run("collect", archive(tmp_path / "a.zip", moodle(people)))
    # Moodle's archive has no such names; a roster may.
    roster = root / "roster.csv"
    roster.write_text(roster.read_text("utf-8-sig").replace(",L,", ",<b>L,"))
    code, printed = run("similar", "squares")
    assert code == 0
    assert "3 submissions compared, 1 pair is worth a look" in printed
    assert re.search(r"Ada <b>L +Bob R +1 +\d+% +The squares of all numbers that there", printed)
    page = (root / "returned/squares-similar.html").read_text()
    assert "<bdi>Ada &lt;b&gt;L</bdi> and <bdi>Bob R</bdi>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page
    assert "<mark>small = []</mark>" in page


def test_the_work_of_a_team_is_one(run, root, tmp_path):
    (root / "roster.csv").write_text(
        "folder,last_name,first_name,email,username,number,platform_id,team\n"
        + "".join(f"{name},L,{name},,{name},,,Blue\n" for name in ("ada", "bob"))
    )
    people = {("Blue", 1): averages_work(AVERAGES), ("Eve M", 2): averages_work(renamed(AVERAGES))}
    run("collect", archive(tmp_path / "a.zip", moodle(people)))
    assert {path.parents[1].name for path in root.glob("submitted/*/*/*")} == {
        *("ada", "bob", "eve-m")
    }
    _, printed = run("similar", "squares")
    assert "2 submissions compared, 1 pair is worth a look" in printed
    assert re.search(r"ada L, bob L +Eve M", printed)


def test_what_can_not_be_compared_is_named_and_the_others_are_compared(run, root, tmp_path):
    entries = {
        "ada.ipynb": averages_work(AVERAGES),
        "bob.ipynb": averages_work(AVERAGES),
        "eve.ipynb": averages_work("x = 1\n" * LONGEST),
    }
    run("collect", archive(tmp_path / "a.zip", entries))
    broken = root / "submitted/mallory/squares/squares.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    code, printed = run("similar", "squares")
    assert code == 0
    assert "2 submissions compared, 1 pair is worth a look" in printed
    assert re.search(r"eve: the answer to The squares .* has 59,999 characters; at most", printed)
    assert "mallory: squares.ipynb is not JSON" in printed


def test_what_stands_in_a_cell_of_ones_own_below_belongs_to_the_answer(run, root):
    for folder, source in {"ada": AVERAGES, "bob": renamed(AVERAGES)}.items():
        content = json.loads(work())
        own = {**content["cells"][1], "metadata": {}, "id": "own", "source": source}
        content["cells"].insert(2, own)
        path = root / "submitted" / folder / "squares/squares.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content))
    _, printed = run("similar", "squares")
    assert "2 submissions compared, 1 pair is worth a look" in printed


def test_two_people_of_one_name_are_told_apart(run, root):
    (root / "roster.csv").write_text(
        "folder,last_name,first_name,number\nlee-1,Lee,Ada,1\nlee-2,Lee,Ada,2\n"
    )
    for folder in ("lee-1", "lee-2"):
        path = root / "submitted" / folder / "squares/squares.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(averages_work(AVERAGES))
    _, printed = run("similar", "squares")
    assert re.search(r"Ada Lee \(lee-1\) +Ada Lee \(lee-2\)", printed)


def test_without_submissions_it_says_what_to_do(run):
    code, printed = run("similar", "squares")
    assert code == 1
    assert "nothing is submitted for squares; `course collect`" in printed


def test_the_page_is_always_the_same(root):
    for folder, answer in {"ada": AVERAGES, "bob": renamed(AVERAGES), "eve": AVERAGES}.items():
        path = root / "submitted" / folder / "squares/squares.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(averages_work(answer))
    pages = set()
    for seed in "12":
        made = run_course(root, "similar", "squares", PYTHONHASHSEED=seed)
        assert made.returncode == 0, made.stderr
        pages.add((root / "returned/squares-similar.html").read_bytes())
    assert len(pages) == 1
