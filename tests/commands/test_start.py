"""The start page says what there is to do, in order, and how far a student is."""

import asyncio
import json
import re
import shutil
import tomllib

import pytest
from tornado.web import HTTPError

from helpers.commands.folder import assignments
from helpers.commands.start import free_name, read, render
from helpers.commands.start.contents import StudentContents
from helpers.commands.start.machine import describe
from helpers.errors import CourseError
from tests.builders import files, markdown_cell, notebook, run_course, square_notebook
from tests.samples.build import ROOT

NAMES = list(tomllib.loads((ROOT / "release" / "course.toml").read_text())["assignments"])


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    return folder


def put(release, name, content):
    path = release / name / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def titled(title, text=""):
    return notebook([markdown_cell(f"# {title}\n\n{text}", "first"), *square_notebook()["cells"]])


class TestTheRealPage:
    def test_lists_the_assignments_in_course_order_with_links(self):
        links = re.findall(r"\]\((\S+)\.ipynb\)", render(ROOT / "release", ""))
        assert links == [f"{name}/{name}" for name in NAMES]
        assert sorted(NAMES) == assignments(ROOT)

    def test_says_of_each_what_it_teaches_how_long_it_takes_and_its_points(self):
        for each in read(ROOT / "release").assignments:
            assert each.teaches
            assert re.fullmatch(r"about .+", each.time)
            assert sum(exercise.checks for exercise in each.exercises) > 0


class TestOverview:
    def test_order_is_that_of_the_table_and_then_the_names(self, release):
        for name in "abcd":
            put(release, name, titled(name.upper()))
        (release / "course.toml").write_text("[assignments.c]\n[assignments.gone]\n[assignments.b]")
        assert [each.title for each in read(release).assignments] == ["C", "B", "A", "D"]

    def test_a_folder_without_a_notebook_of_its_name_is_no_assignment(self, release):
        put(release, "squares", titled("Squares"))
        (release / "my_photos").mkdir()
        shutil.copy(release / "squares/squares.ipynb", release / "squares/mine.ipynb")
        assert [each.name for each in read(release).assignments] == ["squares"]

    def test_time_comes_from_the_notebook(self, release):
        put(release, "squares", titled("Squares", "**Time:** about an hour. **Points:** 2."))
        assert read(release).assignments[0].time == "about an hour"

    @pytest.mark.parametrize(
        "content",
        ["", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', "\0"],
    )
    def test_a_damaged_notebook_is_named_and_the_others_are_shown(self, release, content):
        put(release, "damaged", content)
        put(release, "squares", titled("Squares"))
        page = render(release, "")
        assert "[**damaged**](damaged/damaged.ipynb)" in page
        assert "`damaged.ipynb` can't be read" in page
        assert "[**Squares**](squares/squares.ipynb)" in page

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ("titel = 'x'", "has titel; the keys there are title, hand_in, assignments"),
            ("title = 3", "title is 3; it must be a text in quotes"),
            ("assignments = 3", "assignments is 3; it must be a table such as [assignments.NAME]"),
            ("[assignments]\nfood = 3", "assignments.food is 3; it must be a table"),
            ("[assignments.food]\npoints = 3", "has assignments.food.points; the keys there are"),
            (
                "[assignments.food]\ndue = '1 March'",
                "assignments.food.due is '1 March'; it must be",
            ),
            ("due = 1 March", "can't be read: "),
        ],
    )
    def test_a_mistake_in_the_table_is_named(self, release, table, message):
        (release / "course.toml").write_text(table)
        with pytest.raises(CourseError) as caught:
            read(release)
        assert str(caught.value).startswith(str(release / "course.toml"))
        assert message in str(caught.value)
        assert str(caught.value) in render(release, "")


class TestPage:
    @pytest.mark.parametrize(
        ("due", "shown"),
        [
            ("2027-03-01 23:59:00", "Monday, 1 March 2027, 23:59"),
            ("2027-03-01", "Monday, 1 March 2027"),
            ("2027-03-01T23:59:00+01:00", "Monday, 1 March 2027, 23:59 UTC+01:00"),
        ],
    )
    def test_shows_a_due_date_if_there_is_one(self, release, due, shown):
        put(release, "roots", titled("Roots"))
        put(release, "squares", titled("Squares"))
        assert "Due" not in render(release, "")
        (release / "course.toml").write_text(f"[assignments.squares]\ndue = {due}")
        with_due = [line for line in render(release, "").splitlines() if "Due" in line]
        assert len(with_due) == 1
        assert f"[**Squares**](squares/squares.ipynb)<br>Due {shown} |" in with_due[0]

    def test_shows_the_points_so_far_by_exercise_once_a_check_has_passed(self, release):
        work = titled("Squares")
        put(release, "squares", work)
        assert "0 of 2" in render(release, "")
        assert "<details>" not in render(release, "")
        work["cells"][-1]["execution_count"] = 1
        put(release, "squares", work)
        page = render(release, "")
        assert "| 2 of 2 |" in page
        assert "<summary>Squares, by exercise</summary>" in page

    def test_a_title_does_not_break_the_table(self, release):
        put(release, "norms", titled("Norms: |x|"))
        (row,) = [line for line in render(release, "").splitlines() if "Norms" in line]
        assert row.count("|") == 4

    def test_says_which_file_to_hand_in_and_where(self, release):
        put(release, "squares", titled("Squares"))
        (release / "course.toml").write_text("hand_in = 'Upload it to the page of this course.'")
        page = render(release, "It is a machine.")
        assert f"`squares.ipynb` from the folder `{release / 'squares'}`" in page
        assert "Upload it to the page of this course." in page
        assert "It is a machine." in page

    def test_has_a_name_that_no_file_has(self, release):
        assert free_name(release) == "START.md"
        (release / "START.md").touch()
        assert free_name(release) == "START-2.md"

    def test_without_assignments_it_says_so(self, release):
        assert "There are no assignments here yet." in render(release, "")


@pytest.mark.slow
class TestMachine:
    def test_a_machine_that_has_everything_is_described_in_a_line(self):
        said = describe(ROOT)
        assert said.startswith("All is well")
        assert len(said.splitlines()) == 1

    def test_what_is_missing_is_named_with_what_to_do(self, tmp_path):
        (tmp_path / "requirements.lock").write_text("numpy==0.1\n")
        said = describe(tmp_path)
        assert "**Something is missing here:**" in said
        assert re.search(r"- numpy: .* What to do: 0\.1 is pinned", said), said


@pytest.mark.slow
class TestStudentContents:
    @pytest.fixture
    def contents(self, release, tmp_path, monkeypatch):
        (tmp_path / "source").mkdir()
        (tmp_path / "nbgrader_config.py").touch()
        (release / "nbgrader_config.py").touch()
        (release / "course.toml").touch()
        put(release, "squares", titled("Squares"))
        monkeypatch.chdir(release)
        return StudentContents(root_dir=str(release))

    def _listed(self, contents):
        return {each["name"] for each in asyncio.run(contents.get(""))["content"]}

    def test_the_page_is_listed_and_the_files_of_the_course_are_not(self, contents):
        assert self._listed(contents) == {"squares", "START.md"}

    def test_the_page_is_always_new_and_never_on_the_disk(self, contents, release):
        before = files(release)
        assert "Squares" in asyncio.run(contents.get("START.md"))["content"]
        assert files(release) == before
        put(release, "squares", titled("Cubes"))
        assert "Cubes" in asyncio.run(contents.get("START.md"))["content"]

    def test_a_students_own_file_comes_first(self, contents, release):
        (release / "START.md").write_text("Mine.")
        assert asyncio.run(contents.get("START.md"))["content"] == "Mine."
        asyncio.run(
            contents.save({"type": "file", "format": "text", "content": "New."}, "START.md")
        )
        assert (release / "START.md").read_text() == "New."
        assert self._listed(contents) == {"squares", "START.md"}

    @pytest.mark.parametrize(
        "change",
        [
            lambda it: it.save({"type": "file", "format": "text", "content": "x"}, "START.md"),
            lambda it: it.delete_file("START.md"),
            lambda it: it.rename_file("START.md", "mine.md"),
            lambda it: it.rename_file("squares", "START.md"),
        ],
        ids=["save", "delete", "rename", "overwrite"],
    )
    def test_the_page_can_not_be_changed(self, contents, release, change):
        before = files(release)
        with pytest.raises(HTTPError, match="is written by the course; use another name"):
            asyncio.run(change(contents))
        assert files(release) == before

    def test_other_files_are_read_written_renamed_and_deleted(self, contents, release):
        text = {"type": "file", "format": "text", "content": "x"}
        asyncio.run(contents.save(text, "notes.md"))
        asyncio.run(contents.rename_file("notes.md", "kept.md"))
        assert asyncio.run(contents.get("kept.md"))["content"] == "x"
        asyncio.run(contents.delete_file("kept.md"))
        assert self._listed(contents) == {"squares", "START.md"}

    def test_the_page_can_be_copied(self, contents, release):
        asyncio.run(contents.copy("START.md", "mine.md"))
        assert "Squares" in (release / "mine.md").read_text()


@pytest.mark.slow
def test_course_lab_names_a_mistake_in_the_table_before_it_opens(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "course.toml").write_text("titel = 'x'")
    result = run_course(tmp_path, "lab", "--no-browser")
    assert result.returncode == 1
    assert result.stderr == (
        "course: release/course.toml has titel; the keys there are title, hand_in, assignments\n"
    )
