"""Whatever happens to a notebook, it can be graded again and no work is lost."""

import copy
import json

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.grading.review import NeedsReview
from helpers.grading.submission import align, read_notebook
from tests.grading.submission.test_align import ASSIGNMENT, LABELS, REFERENCE, RELEASE, SOURCES

ANSWERS = {cell.label: cell.released for cell in REFERENCE.labelled if cell.kind == "answer"}


def solved():
    """The release with a comment in each answer that can be told from all others."""
    content = copy.deepcopy(RELEASE)
    for cell in content["cells"]:
        label = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = "".join(cell["source"])
        if label in ANSWERS:
            cell["source"] += f"\n# The work of {label}."
        elif label == "written_stacking":
            cell["source"] = "The work in words."
    return content


def delete(cells, at, _):
    del cells[at]


def copy_to(cells, at, to):
    cells.insert(to, copy.deepcopy(cells[at]))


def move(cells, at, to):
    cells.insert(to, cells.pop(at))


def retype(cells, at, to):
    cells[at]["cell_type"] = ("code", "markdown", "raw", "sql")[to % 4]


def strip(cells, at, _):
    cells[at]["metadata"] = {}


def strip_all(cells, _, to):
    for cell in cells[:to]:
        cell["metadata"] = {}
        cell.pop("id", None)


def swap_metadata(cells, at, to):
    cells[at]["metadata"], cells[to]["metadata"] = cells[to]["metadata"], cells[at]["metadata"]


def split(cells, at, to):
    first, second = copy.deepcopy(cells[at]), copy.deepcopy(cells[at])
    lines = cells[at]["source"].splitlines(keepends=True)
    cut = to % (len(lines) + 1)
    first["source"], second["source"] = "".join(lines[:cut]), "".join(lines[cut:])
    cells[at : at + 1] = [first, second]


def merge(cells, at, to):
    if at != to:
        cells[at]["source"] += f"\n\n{cells[to]['source']}"
        del cells[to]


CHANGES = [delete, copy_to, move, retype, strip, strip_all, swap_metadata, split, merge]
changes = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(0, 999), st.integers(0, 999)), max_size=12
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def apply(steps):
    content = solved()
    cells = content["cells"]
    for step, at, to in steps:
        if cells:
            step(cells, at % len(cells), to % len(cells))
    return content


@quick
@given(changes)
def test_every_notebook_becomes_the_assignment_or_goes_to_a_person(steps):
    content = apply(steps)
    try:
        read, _ = read_notebook(ASSIGNMENT, json.dumps(content).encode())
        aligned, _ = align(read, REFERENCE)
    except NeedsReview:
        return
    nbformat.validate(aligned)
    labelled = [cell for cell in aligned.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.grade_id for cell in labelled] == LABELS
    for cell, wanted in zip(labelled, REFERENCE.labelled, strict=True):
        assert cell.metadata == wanted.node.metadata
        assert wanted.kind != "locked cell" or cell.source == SOURCES[wanted.label]
    assert len({cell.id for cell in aligned.cells}) == len(aligned.cells)
    assert align(aligned, REFERENCE) == (aligned, [])


@quick
@given(changes)
def test_no_work_is_lost(steps):
    content = apply(steps)
    try:
        read, _ = read_notebook(ASSIGNMENT, json.dumps(content).encode())
        aligned, _ = align(read, REFERENCE)
    except NeedsReview:
        return
    text = "\n".join(cell.source for cell in aligned.cells)
    submitted = "\n".join(cell["source"] for cell in content["cells"])
    for label in ANSWERS:
        work = f"# The work of {label}."
        assert text.count(work) >= min(1, submitted.count(work))
    assert ("The work in words." in text) == ("The work in words." in submitted)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@quick
@given(
    st.data(),
    st.sampled_from(
        ["cell_type", "id", "metadata", "source", "attachments", "outputs", "nbgrader"]
    ),
    json_values,
)
def test_any_json_in_any_place_can_be_read(data, place, value):
    content = solved()
    cell = data.draw(st.sampled_from(content["cells"]))
    (cell["metadata"] if place == "nbgrader" else cell)[place] = value
    read, _ = read_notebook(ASSIGNMENT, json.dumps(content).encode())
    aligned, _ = align(read, REFERENCE)
    nbformat.validate(aligned)
    nbformat.writes(aligned).encode()


@quick
@given(st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_notebook_or_go_to_a_person(content):
    try:
        read_notebook(ASSIGNMENT, content)
    except NeedsReview as problem:
        assert str(problem).startswith("convolution.ipynb ")
