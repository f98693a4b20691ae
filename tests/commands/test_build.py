import json
import subprocess
from pathlib import Path

import pytest

from helpers.commands.build import generate
from tests import builders
from tests.builders import course, files, notebook, run_course, square_notebook, write_source

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    return course(tmp_path / "course", {"squares": square_notebook()})


def refused(root, *arguments):
    """Run a build that has to fail, prove that it wrote nothing, and return what it says."""
    before = files(root)
    result = run_course(root, "build", *arguments)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert files(root) == before
    return result.stderr


def test_solutions_and_hidden_tests_are_taken_out(root):
    assert run_course(root, "build").returncode == 0
    release = (root / "release" / "squares" / "squares.ipynb").read_text()
    assert "YOUR CODE HERE" in release
    assert "assert square(3) == 9" in release
    assert "secret_product" not in release
    assert "square(-7)" not in release


def test_only_the_tests_may_fail_when_students_run_all_cells():
    cells = json.loads(generate(ROOT, "convolution").files["convolution.ipynb"])["cells"]
    may_fail = {c["id"] for c in cells if "raises-exception" in c["metadata"].get("tags", [])}
    tests = {
        cell["id"]
        for cell in cells
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert may_fail == tests


def test_the_table_shows_points_and_what_changed(root):
    assert run_course(root, "build").stdout.splitlines()[-1].split() == [
        *("squares", "1", "2", "changed")
    ]
    assert run_course(root, "build").stdout.splitlines()[-1].split() == [
        *("squares", "1", "2", "unchanged")
    ]


def test_a_build_on_another_day_in_another_folder_gives_the_same_bytes(root, tmp_path):
    other = course(tmp_path / "elsewhere", {"squares": square_notebook()})
    assert generate(root, "squares") == generate(root, "squares") == generate(other, "squares")


def test_the_releases_of_this_course_are_what_its_sources_give():
    result = run_course(ROOT, "build", "--check")
    assert result.returncode == 0, result.stderr


def test_a_build_writes_nothing_but_releases(root):
    before = files(root)
    run_course(root, "build")
    assert set(files(root)) - set(before) == {"release/squares/squares.ipynb"}


def test_other_files_of_an_assignment_are_released_too(root):
    (root / "source" / "squares" / "table.csv").write_text("1,4,9\n")
    run_course(root, "build")
    assert (root / "release" / "squares" / "table.csv").read_text() == "1,4,9\n"


def test_only_the_named_assignments_are_built(root):
    write_source(root, "cubes", square_notebook())
    run_course(root, "build", "cubes")
    assert [folder.name for folder in (root / "release").iterdir()] == ["cubes"]


class TestCheck:
    def test_it_passes_after_a_build_and_writes_nothing(self, root):
        run_course(root, "build")
        before = files(root)
        assert run_course(root, "build", "--check").returncode == 0
        assert files(root) == before

    def test_it_names_a_release_that_is_missing(self, root):
        assert refused(root, "--check") == (
            "course: release/squares/squares.ipynb differs from what source/ gives; "
            "run `course build` and commit release/\n"
        )

    def test_it_names_a_release_that_was_edited_by_hand(self, root):
        run_course(root, "build")
        release = root / "release" / "squares" / "squares.ipynb"
        release.write_text(release.read_text().replace("Squares", "Cubes"))
        assert "release/squares/squares.ipynb differs" in refused(root, "--check")

    def test_it_names_files_that_no_source_gives(self, root):
        run_course(root, "build")
        (root / "release" / "squares" / "solution.py").write_text("")
        (root / "release" / "old").mkdir()
        (root / "release" / "old" / "old.ipynb").write_text("{}")
        assert refused(root, "--check") == (
            "course: 2 problems; run `course build` and commit release/\n"
            "  release/old/old.ipynb is not made from source/; delete it\n"
            "  release/squares/solution.py is not made from source/; delete it\n"
        )

    def test_it_does_not_mind_what_jupyter_leaves_behind(self, root):
        run_course(root, "build")
        left_behind = root / "release" / "squares" / ".ipynb_checkpoints"
        left_behind.mkdir()
        (left_behind / "squares-checkpoint.ipynb").write_text("{}")
        assert run_course(root, "build", "--check").returncode == 0


class TestBadSources:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (
                b'{"cells": [',
                "is damaged (Expecting value: line 1 column 12 (char 11)); restore it",
            ),
            (b"\x89PNG\r\n", "is damaged ("),
            (b"[1, 2]\n", "is JSON but not a notebook with cells; put the notebook there"),
            (
                b'{"cells": ["print(1)"], "metadata": {}}\n',
                "is JSON but not a notebook with cells; put the notebook there",
            ),
            (
                b'{"worksheets": [], "cells": [], "metadata": {}, "nbformat": 3, '
                b'"nbformat_minor": 0}\n',
                "is in notebook format 3.0, not 4.5; open it in JupyterLab of this course and "
                "save it",
            ),
            (
                json.dumps(notebook([], metadata={"kernelspec": {"language": "R"}})).encode(),
                "is a notebook for R; this course needs Python",
            ),
        ],
        ids=["cut off", "a picture", "a list", "cells of text", "format 3", "R"],
    )
    def test_a_damaged_or_foreign_notebook_is_named(self, root, content, message):
        write_source(root, "cubes", content)
        errors = refused(root)
        assert len(errors.splitlines()) == 1
        assert errors.startswith(f"course: source/cubes/cubes.ipynb {message}")

    def test_a_missing_notebook_is_named(self, root):
        (root / "source" / "cubes").mkdir()
        assert refused(root).startswith(
            "course: there is no cubes.ipynb in source/cubes; a notebook has the name of its folder"
        )

    def test_every_problem_of_every_notebook_is_named_at_once(self, root):
        cell = builders.code_cell("1 + 1", "sum")
        ran = {
            **cell,
            "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["2\n"]}],
            "metadata": {"execution": {"iopub.status.busy": "today"}},
        }
        without_id = {key: value for key, value in cell.items() if key != "id"}
        untested = builders.test_cell("assert True", "same", points=None)
        bad = notebook(
            [ran, cell, without_id, untested, builders.solution_cell("1", "same")],
            metadata={"language_info": {"name": "python", "version": "3.11.7"}},
        )
        text = json.dumps(bad, indent=1)
        write_source(root, "cubes", text.replace("\n", "\r\n").encode())
        write_source(root, "squares", b"")
        assert refused(root).replace("source/cubes/cubes.ipynb: ", "").splitlines() == [
            "course: 13 problems; mend source/ and run `course build` again; nothing was built",
            "  has Windows line ends; save it with LF",
            "  has no line end after its last line; add one",
            "  metadata.kernelspec is None; make it {'display_name': 'Python 3 (ipykernel)', "
            "'language': 'python', 'name': 'python3'}",
            "  metadata.language_info differs between machines; delete it",
            "  cell 1 (sum): metadata.execution holds times of a run; delete it",
            "  cell 1 (sum): has outputs; clear them",
            "  cell 1 (sum): has an execution_count; make it null",
            "  cell 3 (without id): has no id, so each build would draw another; give it one",
            "  cell 4 (same): is graded, but its points are None; give a number from 0",
            "  the cell id sum stands in 2 cells; each needs its own",
            "  the cell id same stands in 2 cells; each needs its own",
            "  the grade_id same stands in 2 cells; each needs its own",
            "  source/squares/squares.ipynb is damaged (Expecting value: line 1 column 1 (char 0))"
            "; restore it, e.g. with `git checkout`",
        ]

    def test_a_test_that_leans_on_a_cell_which_students_may_delete_is_named(self, root):
        cells = [builders.code_cell("n = 3", "n"), builders.test_cell("assert n", "n_is_true")]
        write_source(root, "cubes", notebook(cells))
        assert "the cell n_is_true uses n, which no cell before defines" in refused(root)

    def test_each_test_that_may_end_in_something_else_than_points_is_named(self, root):
        unclear = ["[0]", "3 > 2", "x", "x[0]", "'text'", "True", "not x", "1 if x else [1]"]
        clear = ["1", "-0.5", "1.5 * x", "float(x)", "print(x)", "x = 3", "1 if x else 0.5"]
        cells = [
            builders.test_cell(f"x = [1]\n{end}", f"{kind}_{place}")
            for kind, ends in {"unclear": unclear, "clear": clear}.items()
            for place, end in enumerate(ends)
        ]
        write_source(root, "cubes", notebook(cells))
        found = refused(root).splitlines()[1:]
        assert len(found) == len(unclear)
        for place, (line, end) in enumerate(zip(found, unclear, strict=True)):
            assert f"cubes.ipynb: the test unclear_{place} ends in `{end}`, whose value" in line

    @pytest.mark.parametrize("marks", [["BEGIN"], ["END"], ["END", "BEGIN"]])
    def test_a_measurement_without_both_its_marks_is_named(self, root, marks):
        source = "\n".join(["assert 1", *(f"### {mark} MEASUREMENT" for mark in marks), "x = 1"])
        write_source(root, "cubes", notebook([builders.test_cell(source, "one")]))
        assert "the test one has `### BEGIN MEASUREMENT` without" in refused(root)

    def test_a_test_that_is_no_python_is_named(self, root):
        write_source(root, "cubes", notebook([builders.test_cell("x = (", "broken")]))
        assert "a cell of the instructor's notebook is no Python" in refused(root)

    def test_what_only_nbgrader_finds_is_named(self, root):
        open_ended = builders.solution_cell("### BEGIN SOLUTION\n1", "one")
        write_source(root, "cubes", notebook([open_ended]))
        assert refused(root) == (
            "course: nbgrader can't release cubes: no end solution statement found\n"
        )


class TestLeaks:
    def test_a_solution_that_was_not_cleared_is_refused(self, root):
        (root / "nbgrader_config.py").write_text(
            "c = get_config()\nc.ClearSolutions.enabled = False\n"
        )
        errors = refused(root)
        assert "the release of squares would show the line 'return secret_product'" in errors
        assert "the release of squares would show 'BEGIN SOLUTION' in squares.ipynb" in errors

    def test_a_hidden_test_that_was_not_cleared_is_refused(self, root):
        (root / "nbgrader_config.py").write_text(
            "c = get_config()\nc.ClearHiddenTests.enabled = False\n"
        )
        assert "the line 'assert square(-7) == 49'" in refused(root)

    def test_a_solution_in_a_file_beside_the_notebook_is_refused(self, root):
        (root / "source" / "squares" / "squares.py").write_text("### BEGIN SOLUTION\n")
        assert "would show 'BEGIN SOLUTION' in squares.py" in refused(root)

    def test_a_solution_may_repeat_what_stands_in_the_open(self, root):
        source = square_notebook()
        source["cells"].insert(1, builders.code_cell("number = 3\nnumber * number", "try"))
        source["cells"].insert(2, builders.solution_cell("number * number", "again"))
        write_source(root, "squares", source)
        assert run_course(root, "build").returncode == 0


class TestBadPlaces:
    def test_a_broken_configuration_is_named(self, root):
        (root / "nbgrader_config.py").write_text("c = get_config()\nc.Exporter.x = 1 / 0\n")
        assert refused(root) == (
            "course: nbgrader_config.py fails with ZeroDivisionError: division by zero; mend it\n"
        )

    def test_a_file_in_the_place_of_the_folder_is_named(self, root):
        (root / "release").write_text("")
        assert refused(root) == (
            "course: release/squares/squares.ipynb: a file stands where a folder belongs; "
            "move it away and run the command again\n"
        )

    def test_a_full_folder_of_temporary_files_is_named(self, root, tmp_path):
        before = files(root)
        result = run_course(root, "build", prefix=("prlimit", "--fsize=1000"), TMPDIR=str(tmp_path))
        assert result.returncode == 1
        assert result.stderr.startswith(f"course: {tmp_path}/course-build-")
        assert "it would be larger than the system allows; raise the file" in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert files(root) == before
        assert [path.name for path in tmp_path.iterdir()] == [root.name]

    @pytest.mark.parametrize(
        ("options", "remedy"),
        [
            (
                "size=8k",
                "there is no space left for it; free some disk space and run the command again",
            ),
            ("ro", "it is on a read-only disk; copy the course to a writable one"),
        ],
        ids=["full", "read-only"],
    )
    def test_a_disk_that_takes_no_file_is_named(self, root, options, remedy):
        if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
            pytest.skip("this system permits no mount namespace")
        long = square_notebook()
        long["cells"].append(builders.markdown_cell("x" * 20_000, "long"))
        write_source(root, "squares", long)
        (root / "release").mkdir()
        # A real disk, seen by this command alone; what is left on it is listed at the end.
        script = (
            f'mount -t tmpfs -o {options} none release && "$@"; code=$?; ls -A release; exit $code'
        )
        result = run_course(root, "build", prefix=("unshare", "-rm", "sh", "-c", script, "sh"))
        assert result.returncode == 1
        assert result.stderr == f"course: release/squares/squares.ipynb: {remedy}\n"
        assert result.stdout == ""
