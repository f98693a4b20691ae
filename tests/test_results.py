"""Results go into a notebook and come out of it again."""

import json
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.errors import CourseError
from helpers.results import MEDIA_TYPE, read, record


def notebook(*metrics):
    """Build an executed notebook with one cell for each metric."""
    return new_notebook(
        cells=[
            new_code_cell(outputs=[new_output("display_data", {MEDIA_TYPE: metric})])
            for metric in metrics
        ]
    )


def metric(name, value):
    return {"name": name, "value": value}


@pytest.fixture(scope="module")
def executed():
    source = """
        import numpy
        from helpers.results import record
        print("between")
        record("accuracy", numpy.float32(0.5))
        record("parameters", 832)
    """
    cells = [new_code_cell("1 + 1"), new_code_cell("\n".join(map(str.strip, source.split("\n"))))]
    return NotebookClient(new_notebook(cells=cells), kernel_name="python3").execute()


def test_what_a_kernel_records_is_read(executed):
    assert read(executed) == {"accuracy": 0.5, "parameters": 832.0}


def test_what_a_kernel_records_is_read_from_the_file(executed, tmp_path):
    write(executed, tmp_path / "done.ipynb")
    assert read(tmp_path / "done.ipynb") == read(str(tmp_path / "done.ipynb")) == read(executed)


def test_a_reader_sees_name_and_value(executed):
    assert executed.cells[1].outputs[1].data["text/plain"] == "accuracy: 0.5"


def test_a_notebook_without_results_has_none():
    assert read(new_notebook(cells=[new_code_cell("1")])) == {}


@pytest.mark.parametrize("value", [1, 0.25, Fraction(1, 4), np.float64(2), np.int8(3)])
def test_any_finite_number_can_be_recorded(value, capsys):
    record("number", value)
    assert repr(float(value)) in capsys.readouterr().out


WRONG = [math.nan, math.inf, -math.inf, np.float32("nan"), "0.5", None, True, 1j, [0.5]]


@pytest.mark.parametrize("value", [*WRONG, np.array([0.5])])
def test_what_is_no_finite_number_cannot_be_recorded(value, capsys):
    with pytest.raises(CourseError, match=re.escape(f"The result 'loss' is {value!r}")):
        record("loss", value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", ["NaN", math.nan, None, True, {}])
def test_what_is_no_finite_number_is_not_read(value):
    with pytest.raises(CourseError, match=r"The result 'loss' in the notebook is"):
        read(notebook(metric("accuracy", 1), metric("loss", value)))


@pytest.mark.parametrize("name", ["", "  ", 3, None])
def test_a_result_needs_a_name(name):
    with pytest.raises(CourseError, match="name of a result"):
        record(name, 1)
    with pytest.raises(CourseError, match="name of a result"):
        read(notebook(metric(name, 1)))


def test_a_name_is_recorded_once():
    with pytest.raises(CourseError, match="records the result 'accuracy' twice"):
        read(notebook(metric("accuracy", 1), metric("accuracy", 1)))


@pytest.mark.parametrize("content", ["text", ["accuracy", 1], {"name": "accuracy"}])
def test_a_result_that_we_did_not_write_is_refused(content):
    with pytest.raises(CourseError, match=r"without a name and a value"):
        read(notebook(content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CourseError, match=re.escape(str(tmp_path / "none.ipynb"))):
        read(tmp_path / "none.ipynb")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", json.dumps({"cells": 1}).encode()])
def test_a_damaged_file_is_named(content, tmp_path):
    path = tmp_path / "damaged.ipynb"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=re.escape(str(path))):
        read(path)
