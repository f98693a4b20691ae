import json
import os
import shutil

import pytest

from helpers.grading.intake import LARGEST, find_problem
from tests.builders import code_cell, notebook
from tests.grading.builders import NAME, fractions_notebook

IDS = {NAME: {"answer", "warns", "in_parts", "written"}}


@pytest.fixture
def folder(tmp_path):
    """A sound submission."""
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    write(folder, json.dumps(fractions_notebook()))
    return folder


def write(folder, content):
    data = content if isinstance(content, bytes) else content.encode()
    (folder / f"{NAME}.ipynb").write_bytes(data)


def problem(folder):
    found = find_problem(folder, IDS)
    # One line that says what to do.
    assert found is None or ("\n" not in found and "; " in found)
    return found


def test_a_sound_submission_has_no_problem(folder):
    (folder / "timestamp.txt").write_text("2026-11-23 10:00:00 UTC")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    assert problem(folder) is None


def test_a_missing_notebook_is_named(folder):
    (folder / f"{NAME}.ipynb").unlink()
    assert problem(folder).startswith("fractions.ipynb is missing; ask the student")


def test_a_notebook_with_another_name_is_named(folder):
    (folder / f"{NAME}.ipynb").rename(folder / "fractions (1).ipynb")
    assert "missing, there is fractions (1).ipynb; rename it" in problem(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not JSON"),
        ("{'cells': []}", "is not JSON"),
        (json.dumps(fractions_notebook())[:-30], "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("<html>Sign in</html>", "is not JSON"),
        ("\ufeff{}", "is not JSON"),
        (b'{"cells": ["\xe9"]}', "is not UTF-8 text (byte 12)"),
        (json.dumps(fractions_notebook()).encode("utf-16"), "is not UTF-8 text"),
        ("[]", "is not a notebook"),
        ("null", "is not a notebook"),
        ('{"worksheets": [], "nbformat": 3}', "is not a notebook of format 4"),
        (json.dumps(notebook([], nbformat=5)), "has notebook format 5, not 4"),
        (json.dumps(notebook([{"cell_type": "code"}])), "is not a valid notebook"),
        (json.dumps(notebook(["text"])), "is not a valid notebook"),
        (json.dumps(notebook([code_cell("1", ["x"])])), "is not a valid notebook"),
        (json.dumps(notebook([], nbformat_minor="5")), "is not a valid notebook"),
        (json.dumps(notebook([])), "has none of the graded cells"),
        (json.dumps(notebook([code_cell("1", "other")])), "has none of the graded cells"),
        (
            json.dumps(notebook([code_cell("1", "x", {"grade_id": ["answer"]})])),
            "has none of the graded cells",
        ),
    ],
)
def test_what_is_wrong_with_a_notebook_is_said(folder, content, reason):
    write(folder, content)
    assert problem(folder).startswith(f"fractions.ipynb {reason}")


def test_a_huge_notebook_is_not_read(folder):
    os.truncate(folder / f"{NAME}.ipynb", LARGEST + 1)
    assert "has 50 MB; ask the student to clear its outputs" in problem(folder)


def test_broken_outputs_and_missing_cell_ids_do_not_matter(folder):
    content = fractions_notebook()
    content["cells"][0]["outputs"] = [{"output_type": "nonsense"}]
    del content["cells"][1]["id"]
    write(folder, json.dumps(content))
    assert problem(folder) is None


def test_a_link_to_the_work_of_another_student_is_refused(folder):
    other = shutil.copytree(folder, folder.parents[1] / "bob" / NAME)
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").symlink_to(other / f"{NAME}.ipynb")
    assert problem(folder).startswith("fractions.ipynb is a link or a device")


def test_a_link_in_place_of_the_folder_is_refused(folder):
    link = folder.parents[1] / "bob" / NAME
    link.parent.mkdir()
    link.symlink_to(folder)
    assert problem(link).startswith("fractions is not a folder of its own")


def test_a_pipe_is_refused_and_not_waited_for(folder):
    (folder / f"{NAME}.ipynb").unlink()
    os.mkfifo(folder / f"{NAME}.ipynb")
    assert problem(folder).startswith("fractions.ipynb is a link or a device")


def test_a_timestamp_that_is_no_date_is_shown(folder):
    (folder / "timestamp.txt").write_text("yesterday")
    assert problem(folder).startswith("timestamp.txt holds no date but 'yesterday'")
