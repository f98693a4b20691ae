import copy
import json
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import determine_grade

from helpers.commands.folder import assignments
from helpers.errors import CourseError
from helpers.grading.course import open_course
from helpers.grading.nbgrader_steps.autograde import register
from helpers.grading.nbgrader_steps.convert import convert
from helpers.grading.review import NeedsReview
from helpers.grading.submission import Reference, align, read_notebook
from tests.builders import code_cell, grading, markdown_cell, notebook, solution_cell
from tests.grading.builders import NAME, ROOT, cell, fractions_course, submit

ASSIGNMENT = "convolution"
REFERENCE = Reference.read(ROOT / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
RELEASE = json.loads((ROOT / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text())
LABELS = [cell.label for cell in REFERENCE.labelled]
SOURCES = {cell.label: cell.node.source for cell in REFERENCE.labelled}
CODE = "def convolve(image, kernel, padding=0):\n    return image"
PROSE = "Two in a row are one."


@pytest.fixture
def work():
    """A submission of the assignment, with two answers."""
    work = copy.deepcopy(RELEASE)
    cell(work, "convolve")["source"] = CODE
    cell(work, "written_stacking")["source"] = PROSE
    return work


def repair(content):
    """Align a notebook, and see that the result is valid, complete and aligned."""
    before, _ = read_notebook(ASSIGNMENT, json.dumps(content).encode())
    untouched = copy.deepcopy(before)
    aligned, log = align(before, REFERENCE)
    assert before == untouched
    with warnings.catch_warnings(action="error"):
        nbformat.validate(aligned)
    MetadataValidator().validate_nb(aligned)
    labelled = [one for one in aligned.cells if "nbgrader" in one.metadata]
    assert [one.metadata.nbgrader.grade_id for one in labelled] == LABELS
    assert [one.id for one in labelled] == [one.node.id for one in REFERENCE.labelled]
    for one, wanted in zip(labelled, REFERENCE.labelled, strict=True):
        assert one.cell_type == wanted.node.cell_type
        assert one.metadata == wanted.node.metadata
        if wanted.kind == "locked cell":
            assert one.source == wanted.node.source
    assert all(one.metadata == {} for one in aligned.cells if one not in labelled)
    assert aligned.metadata == RELEASE["metadata"]
    assert align(aligned, REFERENCE) == (aligned, [])
    return aligned, log


def index(content, label):
    return content["cells"].index(cell(content, label))


def insert(content, label, *cells):
    """Put cells behind the one with a label."""
    place = index(content, label) + 1
    content["cells"][place:place] = cells


def delete(content, *labels):
    for label in labels:
        content["cells"].remove(cell(content, label))


def around(aligned, label, before=0, after=1):
    """The texts of some cells before and after a labelled one."""
    place = next(
        at
        for at, one in enumerate(aligned.cells)
        if one.metadata.get("nbgrader", {}).get("grade_id") == label
    )
    return [one.source for one in aligned.cells[place - before : place + after + 1]]


def source(aligned, label):
    return cell(aligned, label)["source"]


def plain(content, cell_id):
    return next(one for one in content["cells"] if one["id"] == cell_id)


def duplicate(content, label, **changes):
    return {**copy.deepcopy(cell(content, label)), "id": f"copy-{label}", **changes}


# What honest programs do.


@pytest.mark.parametrize("name", assignments(ROOT))
def test_the_release_is_the_source_without_solutions(name):
    reference = Reference.read(ROOT / "source" / name / f"{name}.ipynb")
    content = (ROOT / "release" / name / f"{name}.ipynb").read_bytes()
    aligned, log = align(read_notebook(name, content)[0], reference)
    assert log == []
    assert [one.id for one in aligned.cells] == [one.id for one in reference.notebook.cells]
    for one, given in zip(aligned.cells, json.loads(content)["cells"], strict=True):
        answer = one.metadata.get("nbgrader", {}).get("solution")
        if answer or "nbgrader" not in one.metadata:
            assert one.source == "".join(given["source"])
    tests = [one for one in aligned.cells if "HIDDEN TESTS" in one.source]
    assert tests


def test_a_solved_notebook_needs_no_repair(work):
    insert(work, "convolve", code_cell("convolve", "mine"), markdown_cell("# Mine", "note"))
    cell(work, "picture")["source"] = "".join(cell(work, "picture")["source"]).rstrip() + "\n"
    for one in work["cells"]:
        one["metadata"] |= {"collapsed": True, "ExecuteTime": {"start_time": "x"}, "tags": ["a"]}
        if one["cell_type"] == "code":
            one |= {"execution_count": 3, "outputs": [{"output_type": "x"}]}
    aligned, log = repair(work)
    assert log == []
    assert around(aligned, "convolve", 0, 2) == [CODE, "convolve", "# Mine"]
    assert source(aligned, "written_stacking") == PROSE
    assert [one.id for one in aligned.cells] == [one["id"] for one in work["cells"]]


def colab(content, labels):
    """What Google Colab saves: format 4.0, no cell ids, its own metadata, sometimes no others."""
    for number, one in enumerate(content["cells"]):
        del one["id"]
        kept = one["metadata"] if labels else {}
        one["metadata"] = {**kept, "id": f"kX{number}_bc", "colab": {"base_uri": "https://x"}}
        if one["cell_type"] == "code":
            one["metadata"]["outputId"] = "1a2b3c"
            one["source"] = "".join(one["source"]).splitlines(keepends=True)
    content |= {"nbformat_minor": 0}
    content["metadata"] |= {"colab": {"provenance": [], "gpuType": "T4"}, "accelerator": "GPU"}


def vscode(content):
    for one in content["cells"]:
        one["metadata"]["vscode"] = {"languageId": "python"}
    content["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    content["metadata"]["kernelspec"] = {"display_name": ".venv", "name": "python3"}


def test_a_round_trip_through_colab_changes_nothing(work):
    expected, _ = repair(work)
    colab(work, labels=True)
    assert repair(work) == (expected, [])


def listed(labels):
    """The labels in a line of the log: the first six of them by name."""
    more = [f"{len(labels) - 6} more"] if len(labels) > 6 else []
    return ", ".join([f"`{label}`" for label in labels[:6]] + more)


def test_colab_without_labels_gives_the_same_notebook_and_says_so(work):
    expected, _ = repair(work)
    colab(work, labels=False)
    aligned, log = repair(work)
    assert aligned == expected
    tests = [one.label for one in REFERENCE.labelled if one.node.metadata.nbgrader.grade]
    answers = [one.label for one in REFERENCE.labelled if one.kind == "answer"]
    cells = [label for label in LABELS if label not in {*tests, *answers}]
    # The one that was written, and the one that is no code, are found otherwise.
    tests.remove("written_stacking")
    answers.remove("convolve")
    assert log == [
        f"the cells {listed(cells)} had lost their labels; found by their text",
        "the answer `convolve` had lost its label; found by what it defines",
        f"the tests {listed(tests)} had lost their labels; found by their text",
        f"the answers {listed(answers)} had lost their labels; found by their text",
        "the answer `written_stacking` was not in the cell for it; found by its place",
    ]


def test_a_round_trip_through_vs_code_changes_nothing(work):
    expected, _ = repair(work)
    vscode(work)
    assert repair(work) == (expected, [])


def test_a_lost_label_is_found_by_the_id_of_the_cell(work):
    del cell(work, "convolve")["metadata"]["nbgrader"]
    aligned, log = repair(work)
    assert source(aligned, "convolve") == CODE
    assert log == ["the answer `convolve` had lost its label; found by its id"]


# Deleted, copied, split, merged, moved, retyped.


def test_a_deleted_answer_is_empty_and_does_not_undo_what_stands_elsewhere(work):
    delete(work, "convolve")
    insert(work, "picture", code_cell(CODE + "\n\n\ndef other(): pass", "mine"))
    delete(work, "max_pool")
    aligned, log = repair(work)
    # A cell between the same neighbours that defines the name is the answer.
    assert source(aligned, "convolve").startswith(CODE)
    assert source(aligned, "max_pool") == ""
    assert log == [
        "the answer `convolve` had lost its label; found by what it defines",
        "the answer `max_pool` was deleted; counts as not answered",
    ]


def test_a_deleted_written_answer_waits_for_a_person(work):
    delete(work, "written_stacking")
    aligned, log = repair(work)
    assert determine_grade(cell(aligned, "written_stacking")) == (None, 4)
    assert log == ["the answer `written_stacking` was deleted; counts as not answered"]


def test_deleted_tests_and_set_ups_come_back_where_they_were(work):
    delete(work, "convolve_not_flipped", "convolve_rectangles", "setup", "picture")
    aligned, log = repair(work)
    assert [one.id for one in aligned.cells] == [one["id"] for one in RELEASE["cells"]]
    assert log == [
        "the cells `setup`, `picture` were deleted; restored",
        "the tests `convolve_not_flipped`, `convolve_rectangles` were deleted; restored",
    ]


def test_of_copies_of_an_answer_the_last_definition_wins_as_it_did_for_the_student(work):
    insert(work, "convolve", duplicate(work, "convolve", source="convolve = 1"))
    insert(work, "convolve_padding", duplicate(work, "convolve", source="convolve = 2", id="c2"))
    aligned, log = repair(work)
    assert around(aligned, "convolve") == [CODE, "convolve = 1"]
    assert around(aligned, "convolve_padding")[1] == "convolve = 2"
    assert log == [
        "the answer `convolve` was there more than once; the copies are ordinary cells now"
    ]


def test_copies_of_a_written_answer_stay_to_be_read(work):
    insert(work, "written_stacking", duplicate(work, "written_stacking", source="And more."))
    aligned, log = repair(work)
    assert around(aligned, "written_stacking") == [PROSE, "And more."]
    assert len(log) == 1


def test_the_answered_one_of_two_written_answers_counts(work):
    insert(work, "written_stacking", duplicate(work, "written_stacking"))
    cell(work, "written_stacking")["source"] = "*Your answer here.*\n"
    aligned, _ = repair(work)
    assert source(aligned, "written_stacking") == PROSE
    assert sum("*Your answer here.*" in one.source for one in aligned.cells) == 0


def test_an_answer_counts_however_far_from_an_untouched_copy_it_is(work):
    stub = duplicate(work, "written_stacking", source="*Your answer here.*")
    work["cells"].insert(0, stub)
    aligned, _ = repair(work)
    assert source(aligned, "written_stacking") == PROSE


def test_a_note_below_the_next_text_of_the_assignment_is_no_answer(work):
    cell(work, "written_stacking")["source"] = "*Your answer here.*"
    work["cells"].append(markdown_cell("I liked it.", "note"))
    aligned, log = repair(work)
    assert determine_grade(cell(aligned, "written_stacking")) == (0, 4)
    assert (aligned.cells[-1].source, log) == ("I liked it.", [])


def test_a_written_answer_without_a_label_is_looked_for_below_its_question(work):
    insert(work, "edges_photo", markdown_cell("Phew.", "note"))
    colab(work, labels=False)
    aligned, _ = repair(work)
    assert source(aligned, "written_stacking") == PROSE
    assert around(aligned, "edges_photo")[1] == "Phew."


def test_an_answer_whose_cell_was_deleted_is_copied_from_beyond_its_tests(work):
    delete(work, "convolve")
    insert(work, "convolve_padding", code_cell(CODE, "mine"))
    aligned, log = repair(work)
    assert source(aligned, "convolve") == CODE
    assert "the solution below its tests was copied into it" in log[-1]


def test_an_answer_is_known_by_the_names_that_it_must_define():
    reference = Reference.read(ROOT / "source" / "mnist-cnn" / "mnist-cnn.ipynb")
    names = {one.label: one.names for one in reference.labelled}
    assert names["experiments"] == {"experiments"}
    assert names["read_digits"] == {"read_digits", "test_accuracy"}


def test_an_answer_below_an_untouched_cell_for_it_is_read(work):
    cell(work, "written_stacking")["source"] = "*Your answer here.*"
    insert(work, "written_stacking", markdown_cell(PROSE, "mine"), markdown_cell("More.", "more"))
    aligned, log = repair(work)
    assert around(aligned, "written_stacking") == [PROSE, "More."]
    assert determine_grade(cell(aligned, "written_stacking")) == (None, 4)
    assert log == ["the answer `written_stacking` was not in the cell for it; found by its place"]


@pytest.mark.parametrize("kept", [True, False])
def test_an_answer_in_the_question_is_read(work, kept):
    cell(work, "written_stacking")["source"] = "*Your answer here.*"
    if not kept:
        delete(work, "written_stacking")
    question = plain(work, "written-text")
    question["source"] = "".join(question["source"]) + f"\n\n{PROSE}"
    aligned, log = repair(work)
    assert source(aligned, "written_stacking") == question["source"]
    assert [one.source for one in aligned.cells].count(question["source"]) == 1
    assert log == ["the answer `written_stacking` was not in the cell for it; found by its place"]


def test_a_question_that_was_shortened_is_no_answer(work):
    cell(work, "written_stacking")["source"] = "*Your answer here.*"
    plain(work, "written-text")["source"] = "## Exercise 7"
    aligned, log = repair(work)
    assert determine_grade(cell(aligned, "written_stacking")) == (0, 4)
    assert log == []


def test_pictures_in_a_written_answer_are_kept(work):
    pictures = {"sketch.png": {"image/png": "aGVsbG8="}}
    cell(work, "written_stacking")["attachments"] = pictures
    assert cell(repair(work)[0], "written_stacking")["attachments"] == pictures


def test_copies_of_tests_are_dropped_and_the_unchanged_one_is_known(work):
    place = index(work, "convolve_padding")
    work["cells"].insert(place, duplicate(work, "convolve_padding", source="print(1)"))
    aligned, log = repair(work)
    assert len(aligned.cells) == len(RELEASE["cells"])
    assert log == ["the test `convolve_padding` was there more than once; the copies were dropped"]


def test_a_copy_of_a_test_with_work_in_it_is_kept(work):
    text = "def mine():\n    return convolve"
    insert(work, "convolve", duplicate(work, "convolve_padding", source=text))
    aligned, _ = repair(work)
    assert around(aligned, "convolve") == [CODE, text]


def test_the_pieces_of_a_split_answer_stay_together(work):
    insert(work, "convolve", duplicate(work, "convolve", source="    return image"))
    cell(work, "convolve")["source"] = CODE.splitlines()[0]
    aligned, _ = repair(work)
    assert "\n".join(around(aligned, "convolve")) == CODE


def test_a_split_test_is_whole_again(work):
    lines = "".join(cell(work, "convolve_padding")["source"]).splitlines(keepends=True)
    insert(work, "convolve_padding", duplicate(work, "convolve_padding", source=lines[3:]))
    cell(work, "convolve_padding")["source"] = lines[:3]
    aligned, log = repair(work)
    assert len(aligned.cells) == len(RELEASE["cells"])
    assert log == [
        "the test `convolve_padding` was there more than once; the copies were dropped",
        "the test `convolve_padding` differs from the assignment's and was replaced",
    ]


def test_one_cell_may_hold_two_answers(work):
    both = f"{CODE}\n\n\ndef max_pool(maps, pool_size=2):\n    return maps"
    cell(work, "convolve")["source"] = both
    delete(work, "max_pool")
    aligned, _ = repair(work)
    assert (source(aligned, "convolve"), source(aligned, "max_pool")) == (both, "")


def test_an_answer_merged_into_a_test_is_kept_before_it(work):
    test = "".join(cell(work, "convolve_small_example")["source"])
    delete(work, "convolve")
    cell(work, "convolve_small_example")["source"] = f"{CODE}\n\n{test}"
    aligned, log = repair(work)
    assert source(aligned, "convolve") == ""
    assert around(aligned, "convolve_small_example", 1, 0)[0].startswith(CODE)
    assert log[-1] == (
        "the test `convolve_small_example` differs from the assignment's and was replaced; the "
        "code that was added stands in a cell before it"
    )


@pytest.mark.parametrize(
    "added", ["import scipy.ndimage as nd", "def mine(): pass", "class A: pass", "max_pool = 1"]
)
def test_what_a_student_added_to_a_set_up_is_kept_before_it(work, added):
    text = f"{''.join(cell(work, 'setup')['source'])}\n{added}"
    cell(work, "setup")["source"] = text
    aligned, log = repair(work)
    assert around(aligned, "setup", 1, 0) == [text, SOURCES["setup"]]
    assert len(log) == 1
    assert log[0].startswith(
        "the cell `setup` differs from the assignment's and was replaced; the code"
    )


@pytest.mark.parametrize(
    "text", ["", "pass", "assert True", "1 / 0", "image = 3", "# checks.array("]
)
def test_a_changed_test_is_restored(work, text):
    cell(work, "convolve_padding")["source"] = text
    aligned, log = repair(work)
    assert len(aligned.cells) == len(RELEASE["cells"])
    assert log == ["the test `convolve_padding` differs from the assignment's and was replaced"]


def test_words_in_a_test_stay_to_be_read(work):
    text = f"{''.join(cell(work, 'convolve_padding')['source'])}\nThis is my answer."
    cell(work, "convolve_padding")["source"] = text
    aligned, _ = repair(work)
    assert around(aligned, "convolve_padding", 1, 0) == [text, SOURCES["convolve_padding"]]


def test_a_moved_answer_comes_back_with_the_cells_that_followed_it(work):
    insert(work, "convolve", code_cell("mine = 1", "mine"))
    place = index(work, "convolve")
    moved = work["cells"][place : place + 2]
    del work["cells"][place : place + 2]
    work["cells"] += moved
    aligned, log = repair(work)
    assert around(aligned, "convolve") == [CODE, "mine = 1"]
    assert log == ["the answer `convolve` was moved; back in its place"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_that_is_no_code_any_more_is_code_again(work, kind):
    one = cell(work, "convolve")
    one["cell_type"] = kind
    del one["outputs"], one["execution_count"]
    aligned, log = repair(work)
    assert source(aligned, "convolve") == CODE
    assert log == ["the answer `convolve` was of another cell type; turned back"]


def test_a_written_answer_that_became_code_is_markdown_again(work):
    cell(work, "written_stacking").update(cell_type="code", outputs=[], execution_count=1)
    aligned, log = repair(work)
    assert source(aligned, "written_stacking") == PROSE
    assert log == ["the answer `written_stacking` was of another cell type; turned back"]


def test_notes_in_a_test_that_became_markdown_stay_to_be_read(work):
    one = cell(work, "convolve_padding")
    one.update(cell_type="markdown", source="Notes")
    del one["outputs"], one["execution_count"]
    aligned, _ = repair(work)
    assert around(aligned, "convolve_padding", 1, 0) == ["Notes", SOURCES["convolve_padding"]]


# Labels that lie.


def test_labels_that_contradict_the_text_are_not_believed(work):
    expected, _ = repair(work)
    one, other = cell(work, "convolve_padding"), cell(work, "channels_bias")
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]
    aligned, log = repair(work)
    assert aligned == expected
    assert log == [
        "the tests `convolve_padding`, `channels_bias` had lost their labels; found by their ids"
    ]


@pytest.mark.parametrize(
    "mark",
    [
        {"grade_id": "convolve"},
        {"grade_id": "convolve", "schema_version": 1, "grade": True, "points": 100, "locked": True},
        {"grade_id": "convolve", "schema_version": 99, "solution": "no", "checksum": []},
    ],
)
def test_labels_of_any_version_are_read_and_rewritten(work, mark):
    cell(work, "convolve")["metadata"] = {"nbgrader": mark, "deletable": True, "tags": ["x"]}
    aligned, log = repair(work)
    assert (source(aligned, "convolve"), log) == (CODE, [])


def test_invented_graded_cells_and_tags_mean_nothing(work):
    mark = grading("bonus", grade=True, locked=True, points=1000)
    insert(work, "convolve", code_cell("1000", "bonus", mark))
    insert(work, "convolve", code_cell("2", "bonus2", {**mark, "grade_id": "x\ny"}))
    aligned, log = repair(work)
    assert around(aligned, "convolve", 0, 2) == [CODE, "2", "1000"]
    assert log == ["the assignment has no graded cells `x?y`, `bonus`; ordinary cells now"]


def test_a_foreign_cell_does_not_keep_the_id_of_one_that_was_deleted(work):
    delete(work, "max_pool")
    plain(work, "pool-try")["id"] = "max_pool_2"
    insert(work, "convolve", markdown_cell("Mine.", "unnamed-1"), markdown_cell("Me.", "n"))
    plain(work, "n")["id"] = "convolve_padding"
    aligned, _ = repair(work)
    assert len({one.id for one in aligned.cells}) == len(aligned.cells)


# Not the right notebook.


def test_another_notebook_goes_to_a_person():
    other = ROOT / "release" / "mnist-cnn" / "mnist-cnn.ipynb"
    with pytest.raises(
        NeedsReview, match=rf"^the notebook has 1 of the {len(LABELS)} cells .*; ask the student"
    ):
        align(read_notebook(ASSIGNMENT, other.read_bytes())[0], REFERENCE)


@pytest.mark.parametrize("name", ["food", "imagenet"])
def test_labels_that_two_assignments_share_do_not_make_a_notebook_right(name):
    other = Reference.read(ROOT / "source" / name / f"{name}.ipynb")
    wrong = ({"food", "imagenet"} - {name}).pop()
    content = (ROOT / "release" / wrong / f"{wrong}.ipynb").read_bytes()
    with pytest.raises(NeedsReview):
        align(read_notebook(name, content)[0], other)


def test_answers_in_a_notebook_of_ones_own_are_found_by_what_they_define():
    work = notebook(
        [
            markdown_cell("# My solution", "a"),
            code_cell(f"%matplotlib inline\n{CODE}", "b"),
            code_cell("def max_pool(maps, pool_size=2): pass", "c"),
        ]
    )
    aligned, _ = repair(work)
    assert CODE in source(aligned, "convolve")
    assert "def max_pool" in source(aligned, "max_pool")


def test_a_notebook_without_anything_of_the_assignment_goes_to_a_person():
    content, _ = read_notebook("x", json.dumps(notebook([solution_cell("x = 1", "x")])).encode())
    with pytest.raises(NeedsReview):
        align(content, REFERENCE)


# Within nbgrader.


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which nbgrader repairs submissions, without executing them."""
    course = open_course(fractions_course(tmp_path_factory.mktemp("course")))
    course.config.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "helpers.grading.submission.RepairCells",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    course.config.Autograde.autograde_preprocessors = []
    register(course, NAME)
    return course


def grade(course, student, change=None):
    root = Path(course.directory.root)
    submit(root, student, change=change)
    convert(Autograde, course, NAME, student)
    return nbformat.read(root / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def test_nbgrader_finds_nothing_to_overwrite_in_a_repaired_submission(course):
    def spoil(content):
        content["cells"].append(duplicate(content, "answer"))
        cell(content, "warns")["source"] = "pass"
        cell(content, "in_parts")["metadata"] = {"nbgrader": {"schema_version": 7}}
        delete(content, "written")

    spoilt = grade(course, "spoilt", spoil)
    assert spoilt.metadata.course_repairs == [
        "the answer `answer` was there more than once; the copies are ordinary cells now",
        "the test `warns` differs from the assignment's and was replaced",
        "the test `in_parts` had lost its label; found by its id",
        "the answer `written` was deleted; counts as not answered",
    ]
    assert "assert answer() == 1" in cell(spoilt, "warns")["source"]
    sound = grade(course, "sound")
    assert sound.metadata.course_repairs == []
    for label in ("warns", "in_parts"):
        assert cell(sound, label) == cell(spoilt, label)
        given = Reference.read(Path(course.directory.root, "source", NAME, f"{NAME}.ipynb"))
        (wanted,) = (one.node for one in given.labelled if one.label == label)
        assert cell(sound, label) == wanted


def test_what_was_repaired_before_stays_in_the_list(course):
    def note(content):
        content["metadata"]["course_repairs"] = ["the file was renamed"]
        cell(content, "warns")["source"] = "pass"

    assert grade(course, "noted", note).metadata.course_repairs == [
        "the file was renamed",
        "the test `warns` differs from the assignment's and was replaced",
    ]


def test_a_repaired_notebook_is_not_repaired_again(course):
    repaired = grade(course, "first", lambda content: delete(content, "answer", "warns"))
    assert len(repaired.metadata.course_repairs) == 2
    assert grade(course, "again", lambda content: content.update(repaired)) == repaired


def test_another_notebook_is_refused_in_words(course):
    with pytest.raises(NeedsReview, match="ask the student for the right notebook"):
        grade(course, "wrong", lambda content: content.update(cells=[code_cell("1", "x")]))


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"algebra.ipynb can't be read .*; run `course build`"):
        Reference.read(fractions_course(tmp_path) / "source" / "algebra" / "algebra.ipynb")


@pytest.mark.parametrize("left", ["", "the stub"])
def test_a_solution_below_its_tests_is_copied_into_the_empty_answer(work, left):
    stub = cell(RELEASE, "convolve")["source"]
    cell(work, "convolve")["source"] = stub if left else ""
    below = work["cells"].index(cell(work, "convolve_padding")) + 1
    work["cells"].insert(below, code_cell(f"{CODE}\n\nmine = convolve", "mine"))
    aligned, log = repair(work)
    assert log == [
        "the answer `convolve` was empty; the solution below its tests was copied into it"
    ]
    answer, own = [one for one in aligned.cells if "mine = convolve" in one.source]
    assert answer.metadata.nbgrader.grade_id == "convolve"
    # What it needs may stand in between.
    assert own.id == "mine"


def test_an_answer_that_is_there_stays_whatever_is_defined_below(work):
    below = work["cells"].index(cell(work, "convolve_padding")) + 1
    work["cells"].insert(below, code_cell(CODE.replace("image\n", "kernel\n"), "mine"))
    aligned, log = repair(work)
    assert log == []
    (answer,) = [
        one
        for one in aligned.cells
        if one.metadata.get("nbgrader", {}).get("grade_id") == "convolve"
    ]
    assert answer.source == CODE


def test_a_solution_in_another_exercise_is_not_looked_for(work):
    cell(work, "convolve")["source"] = ""
    below = work["cells"].index(cell(work, "convolve_channels")) + 1
    work["cells"].insert(below, code_cell(CODE, "mine"))
    aligned, log = repair(work)
    assert log == []
    assert [one.id for one in aligned.cells if one.source == CODE] == ["mine"]


def test_the_stub_and_what_stands_above_the_tests_are_no_solutions_below_them(work):
    stub = "".join(cell(work, "max_pool")["source"])
    cell(work, "convolve")["source"] = ""
    above = work["cells"].index(cell(work, "convolve_small_example"))
    work["cells"].insert(above, code_cell(CODE, "good"))
    below = work["cells"].index(cell(work, "convolve_padding")) + 1
    work["cells"].insert(below, code_cell(CODE.replace("image\n", "0"), "scratch"))
    work["cells"].insert(work["cells"].index(cell(work, "pool_channels")) + 1, code_cell(stub, "s"))
    aligned, log = repair(work)
    assert not any("copied" in line for line in log)
    assert source(aligned, "convolve") == ""


def test_a_cell_of_the_assignment_below_the_tests_is_nobodys_solution():
    answer = solution_cell("### BEGIN SOLUTION\nx = 3\n### END SOLUTION", "x")
    test = code_cell("assert x == 3", "right", grading("right", grade=True, locked=True, points=1))
    spare = code_cell("# If you have no x, go on with this one:\nx = 3", "spare")
    content = nbformat.reads(json.dumps(notebook([answer, test, spare])), as_version=4)
    released = copy.deepcopy(content)
    released.cells[0].source = "# YOUR CODE HERE"
    aligned, log = align(released, Reference(content))
    assert log == []
    assert aligned.cells[0].source == "# YOUR CODE HERE"
