import copy
import json
import warnings

import nbformat
import pytest

from helpers.grading.review import NeedsReview
from helpers.grading.submission import read_notebook
from helpers.grading.submission.names import bound_names
from tests.builders import code_cell, grading, markdown_cell, notebook

PICTURES = {"plot.png": {"image/png": "aGVsbG8="}}
CELLS = [
    markdown_cell("# Größe", "title"),
    code_cell("size = 1\nsize", "size", grading("size", solution=True)),
]
SOURCES = ["# Größe", "size = 1\nsize"]


def encode(content, encoding="utf-8"):
    return json.dumps(content, ensure_ascii=False).encode(encoding)


def read(content):
    """Read a notebook from bytes or JSON, and see that it is valid and can be written."""
    read, repairs = read_notebook(
        "sizes", content if isinstance(content, bytes) else encode(content)
    )
    with warnings.catch_warnings(action="error"):
        nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    nbformat.writes(read).encode()
    assert all(line.startswith("sizes.ipynb ") and "\n" not in line for line in repairs)
    return read, [line.removeprefix("sizes.ipynb ") for line in repairs]


def changed(index=1, **changes):
    """The notebook with other parts in one cell."""
    content = copy.deepcopy(notebook(CELLS))
    content["cells"][index].update(changes)
    return content


def sources(content):
    return [cell.source for cell in content.cells]


def test_a_sound_notebook_is_read_without_a_remark():
    content = changed(
        execution_count=7,
        outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}],
        metadata={
            "nbgrader": grading("size", solution=True),
            "ExecuteTime": {"end_time": "2026-11-23T10:00:00"},
            "collapsed": False,
            "tags": ["skip-execution"],
        },
    )
    content["metadata"]["language_info"] = {"name": "python"}
    found, repairs = read(content)
    assert repairs == []
    assert sources(found) == SOURCES
    assert [cell.id for cell in found.cells] == ["title", "size"]
    assert found.cells[1].outputs == [nbformat.v4.new_output("stream", text="1")]
    assert found.cells[1].metadata == {"nbgrader": {"grade_id": "size"}}


SOUND = notebook(CELLS)


@pytest.mark.parametrize(
    ("content", "repair"),
    [
        (encode(SOUND, "utf-8-sig"), "begins with a byte order mark; ignored"),
        (encode(SOUND, "utf-16"), "is UTF-16 text, not UTF-8; converted"),
        (encode(SOUND, "utf-16-le"), "is UTF-16-LE text, not UTF-8; converted"),
        (encode(SOUND, "utf-32"), "is UTF-32 text, not UTF-8; converted"),
        (encode(SOUND, "cp1252"), "is not UTF-8 text (2 bytes); these were read as Windows-1252"),
        (encode(SOUND) + b"\n\n", None),
        (b"\n " + encode(SOUND), None),
        (encode(SOUND) + b"\0" * 4096, "ends with zeros; ignored"),
        (encode(SOUND) + b"}]}\n", "goes on after its end for 4 characters; ignored"),
        (encode(SOUND) * 2, f"goes on after its end for {len(encode(SOUND, 'cp1252'))} characters"),
    ],
)
def test_text_is_read_in_any_encoding_and_with_anything_behind_it(content, repair):
    found, repairs = read(content)
    assert sources(found) == SOURCES
    assert len(repairs) == (repair is not None)
    assert all(line.startswith(repair) for line in repairs)


def test_one_broken_byte_does_not_spoil_the_other_letters():
    found, _ = read(encode(SOUND).replace(b"size = 1", b"size = '\xe9'"))
    assert sources(found) == ["# Größe", "size = 'é'\nsize"]


def test_a_notebook_of_format_3_is_converted():
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Größe"]},
        {
            "cell_type": "code",
            "collapsed": False,
            "input": ["size = 1\n", "size"],
            "language": "python",
            "metadata": {"nbgrader": {"grade_id": "size"}},
            "outputs": [{"output_type": "pyout", "prompt_number": 1}],
            "prompt_number": 1,
        },
        {"cell_type": "html", "metadata": {}, "source": "<b>bold</b>"},
    ]
    content = {
        "metadata": {"name": "sizes"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells[:2]}, {"cells": cells[2:]}, None, {}],
    }
    found, repairs = read(content)
    assert repairs == ["is a notebook of format 3; converted to format 4"]
    assert sources(found) == ["## Größe", "size = 1\nsize", "<b>bold</b>"]
    assert [cell.cell_type for cell in found.cells] == ["markdown", "code", "markdown"]
    assert found.cells[1].metadata == {"nbgrader": {"grade_id": "size"}}


@pytest.mark.parametrize("minor", [0, 4])
def test_older_notebooks_have_no_ids_and_that_is_no_repair(minor):
    cells = [{key: cell[key] for key in cell if key != "id"} for cell in CELLS]
    found, repairs = read(notebook(cells, nbformat_minor=minor))
    assert repairs == []
    assert len({cell.id for cell in found.cells}) == 2


@pytest.mark.parametrize(
    ("changes", "repair"),
    [
        ({"source": None}, "has a cell without readable text; what could be read was kept"),
        ({"source": 5}, "has a cell without readable text; what could be read was kept"),
        ({"source": {"a": 1}}, "has a cell without readable text; what could be read was kept"),
        ({"source": ["a", 1]}, "has a cell without readable text; what could be read was kept"),
        ({"source": "'\ud800'"}, "has a cell with broken characters; replaced by question marks"),
        ({"cell_type": "sql"}, "has a cell of an unknown type; taken by its content"),
        ({"cell_type": ["code"]}, "has a cell of an unknown type; taken by its content"),
        ({"metadata": None}, "has a cell with metadata that are none; ignored"),
        ({"metadata": [1]}, "has a cell with metadata that are none; ignored"),
        ({"id": "title"}, "has a cell with the id of another, title; it got a new one"),
        ({"id": "ä b"}, "has a cell without a valid id; it got a new one"),
        ({"id": ["x"]}, "has a cell without a valid id; it got a new one"),
        ({"id": "x" * 65}, "has a cell without a valid id; it got a new one"),
        ({"metadata": {"nbgrader": [1]}}, None),
        ({"metadata": {"nbgrader": {"grade_id": {"a": []}}}}, None),
        ({"metadata": {"nbgrader": {"grade_id": "\ud800", "schema_version": "x"}}}, None),
        ({"outputs": {"a": 1}, "execution_count": "x"}, None),
        ({"outputs": [None, {"output_type": []}], "execution_count": -1.5}, None),
        ({"unknown": 1}, None),
    ],
)
def test_broken_parts_of_a_cell_are_mended(changes, repair):
    content = json.dumps(changed(**changes)).encode()
    found, repairs = read(content)
    assert repairs == ([repair] if repair else [])
    assert found.cells[1].cell_type == "code"
    assert "source" in changes or found.cells[1].source == SOURCES[1]


@pytest.mark.parametrize(
    ("changes", "repair"),
    [
        ({"nbformat_minor": 99}, "does not say that it has format 4.0 to 4.5; read as if it did"),
        ({"nbformat_minor": "5"}, "does not say that it has format 4.0 to 4.5; read as if it did"),
        ({"nbformat": 5}, "does not say that it has format 4.0 to 4.5; read as if it did"),
        ({"nbformat": []}, "does not say that it has format 4.0 to 4.5; read as if it did"),
        ({"metadata": "none"}, None),
        ({"extra": float("nan")}, None),
        ({"cells": [*CELLS, 5, None, "text"]}, "has 3 things among its cells that are none"),
    ],
)
def test_broken_parts_of_a_notebook_are_mended(changes, repair):
    found, repairs = read({**SOUND, **changes})
    assert repairs == ([repair] if repair else [])
    assert sources(found) == SOURCES


def test_numbers_of_any_length_are_read():
    content = encode(changed(execution_count=0)).replace(
        b'"execution_count": 0', b'"x": ' + b"9" * 9999
    )
    assert sources(read(content)[0]) == SOURCES


def test_pictures_in_text_are_kept_if_they_are_sound():
    found, repairs = read(changed(0, attachments=PICTURES))
    assert (found.cells[0].attachments, repairs) == (PICTURES, [])
    broken = {
        **PICTURES,
        "b.png": 5,
        "c.png": {"image/png": 5},
        "\ud800": {"image/png": ["a", "b"]},
    }
    found, repairs = read(json.dumps(changed(0, attachments=broken)).encode())
    assert found.cells[0].attachments == {**PICTURES, "?": {"image/png": "ab"}}
    assert repairs[-1] == "has a cell with broken pictures; they were dropped"
    assert "attachments" not in read(changed(1, attachments=PICTURES))[0].cells[1]


def test_large_outputs_do_not_matter():
    text = "x" * 3_000_000
    found, repairs = read(
        changed(outputs=[{"output_type": "stream", "name": "stdout", "text": text}])
    )
    assert (sources(found), repairs) == (SOURCES, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty, not JSON"),
        (b" \n", "is empty, not JSON"),
        (b"\0" * 100, "is empty, not JSON"),
        (encode(SOUND)[:-30], "is not JSON"),
        (b"<html>Sign in</html>", "is not JSON"),
        (b"\x80\x04\x95", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"cells": ' + b'[{"a":' * 50_000, "is not JSON"),
        (b"[" * 5_000_001, "is made of millions of lists"),
        (b"[]", "is JSON, but not a notebook"),
        (b"null", "is JSON, but not a notebook"),
        (b"{}", "is JSON, but not a notebook"),
        (encode({**SOUND, "cells": {"0": 1}}), "is JSON, but not a notebook"),
        (encode(notebook([])), "has no cells"),
        (encode({"nbformat": 3, "worksheets": []}), "has no cells"),
        (encode(notebook(["text", 5])), "has no cells"),
        (encode(notebook([{}] * 5001)), "has 5001 cells"),
        (encode(notebook([code_cell("x" * 2_000_001, "x")])), "has 2 MB of text in its cells"),
        (
            encode(changed(0, attachments={"x": {"image/png": "x" * 50_000_000}})),
            "has 50 MB of pictures in its text",
        ),
    ],
    ids=range(19),
)
def test_what_is_no_notebook_goes_to_a_person(content, reason):
    with pytest.raises(NeedsReview) as caught:
        read_notebook("sizes", content)
    message = str(caught.value)
    assert message.startswith(f"sizes.ipynb {reason}")
    assert "; " in message and "\n" not in message and len(message) < 200


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (
            "def f(x):\n    y = 1\nclass A: z = 2\nb: int = 3\nif b:\n    c = [d for d in b]",
            "f A b c",
        ),
        ("import a.b, c as d\nfrom e import f\n(g := 1)\nasync def h(): pass", "a d f g h"),
        ("%matplotlib inline\n!ls\nimport f", "f"),
        ("%%time\nfrom a import f", "f"),
        ("def f(x)\n    return y = 1\ng = (\nh == 1", "f g"),
        ("1 / 0\nf(x)", ""),
        ("f = '\ud800'", "f"),
        ("f = 1\n" + "(" * 9999, "f"),
        ("f = 1\n" + "-" * 200_000 + "1", "f"),
        ("f = 1" + " + 1" * 100_000, "f"),
        ("f = 1\0", "f"),
        ("f = '\\d'", "f"),
    ],
    ids=range(12),
)
def test_names_are_found_in_any_text(code, names, recwarn):
    assert bound_names(code) == set(names.split())
    assert not recwarn


def test_prose_binds_nothing():
    assert bound_names("In code\ndef f()\nis a start", broken=False) == set()
