"""`course init` makes a course that stands on its own, and `course new` adds to a course."""

import subprocess
import sys

import pytest

from helpers.commands.start import read
from tests.builders import course, files, run_course, square_notebook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new course, in a folder with a blank, quotes and an umlaut. Tests leave it as it is."""
    folder = tmp_path_factory.mktemp("courses")
    result = run_course(folder, "init", 'Käthes "Kurs"')
    assert result.returncode == 0, result.stderr
    return folder / 'Käthes "Kurs"'


@pytest.fixture
def root(tmp_path):
    """A course with another assignment, and a start page."""
    root = course(tmp_path / "course", {"squares": square_notebook()})
    (root / "release").mkdir()
    (root / "release" / "course.toml").write_text("[assignments.squares]\n")
    return root


def refused(folder, *arguments):
    """Run a command that has to fail, prove that it wrote nothing, and return what it says."""
    before = files(folder)
    result = run_course(folder, *arguments)
    assert result.returncode == 1
    assert files(folder) == before
    return result.stderr


class TestInit:
    @pytest.mark.needs("sandbox")
    def test_the_tests_of_a_new_course_pass(self, made):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        result = subprocess.run(command, cwd=made, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout
        assert "3 passed" in result.stdout

    @pytest.mark.needs("sandbox")
    def test_a_submission_is_graded_and_gets_feedback_and_marks(self, made):
        release = made / "release" / "first-steps" / "first-steps.ipynb"
        submitted = made / "submitted" / "ada" / "first-steps" / "first-steps.ipynb"
        submitted.parent.mkdir(parents=True)
        submitted.write_bytes(release.read_bytes())
        assert run_course(made, "grade").returncode == 0
        assert run_course(made, "feedback").returncode == 0
        assert run_course(made, "export").returncode == 0
        assert (made / "feedback" / "ada" / "first-steps" / "first-steps.html").is_file()
        assert "ada" in (made / "grades.csv").read_text()

    def test_the_doctor_finds_nothing_missing(self, made):
        result = run_course(made, "doctor")
        assert result.returncode == 0, result.stdout

    def test_students_start_on_a_page_with_the_name_of_the_course(self, made):
        overview = read(made / "release")
        assert overview.title == 'Käthes "Kurs"'
        assert [each.title for each in overview.assignments] == ["First steps"]

    def test_git_is_given_no_submissions_and_no_marks(self, made):
        subprocess.run(["git", "init", "--quiet"], cwd=made, check=True)
        (made / "submitted" / "bob").mkdir(parents=True, exist_ok=True)
        (made / "submitted" / "bob" / "notes.txt").write_text("private")
        listed = ["git", "ls-files", "--others", "--exclude-standard"]
        shown = subprocess.check_output(listed, cwd=made, text=True)
        assert shown.splitlines() == [
            ".gitignore",
            "README.md",
            "nbgrader_config.py",
            "release/course.toml",
            "release/first-steps/first-steps.ipynb",
            "release/nbgrader_config.py",
            "source/first-steps/first-steps.ipynb",
            "tests/test_course.py",
        ]

    def test_the_same_name_gives_the_same_bytes(self, tmp_path):
        for place in ("one", "two"):
            (tmp_path / place).mkdir()
            assert run_course(tmp_path / place, "init", "course").returncode == 0
        assert files(tmp_path / "one") == files(tmp_path / "two")

    def test_a_fresh_repository_may_be_there(self, tmp_path):
        (tmp_path / "course" / ".git").mkdir(parents=True)
        assert run_course(tmp_path, "init", "course").returncode == 0

    def test_a_folder_with_files_is_left_alone(self, tmp_path):
        (tmp_path / "course").mkdir()
        (tmp_path / "course" / "notes.txt").write_text("mine")
        assert refused(tmp_path, "init", "course") == (
            "course: course is not empty; name a new folder\n"
        )

    def test_a_file_of_that_name_is_left_alone(self, tmp_path):
        (tmp_path / "course").write_text("mine")
        assert refused(tmp_path, "init", "course") == (
            "course: course is a file; name a new folder\n"
        )


class TestNew:
    def test_an_assignment_is_made_released_and_put_on_the_start_page(self, root):
        result = run_course(root, "new", "moving-means")
        assert result.returncode == 0, result.stderr
        assert run_course(root, "build", "--check", "moving-means").returncode == 0
        overview = read(root / "release")
        assert [each.title for each in overview.assignments] == ["Moving means"]
        table = (root / "release" / "course.toml").read_text()
        assert table.startswith("[assignments.squares]\n\n[assignments.moving-means]\n")

    def test_a_course_without_a_start_page_gets_none(self, root):
        (root / "release" / "course.toml").unlink()
        assert run_course(root, "new", "means").returncode == 0
        assert not (root / "release" / "course.toml").exists()

    @pytest.mark.parametrize(
        ("name", "proposal"),
        [
            ("First Steps", "first-steps"),
            ("first_steps", "first-steps"),
            ("Übung 1", "ubung-1"),
            ("../elsewhere", "elsewhere"),
            ("", "first-steps"),
            ("数学", "first-steps"),
        ],
        ids=["capitals", "underscore", "umlaut", "path", "empty", "no letters"],
    )
    def test_a_name_that_is_none_is_refused_with_one_that_is(self, root, name, proposal):
        assert refused(root, "new", name) == (
            f"course: {name!r} can't be the name of an assignment; make it of letters from a to z, "
            f"digits and hyphens, such as {proposal}\n"
        )

    def test_an_assignment_that_exists_is_left_alone(self, root):
        assert refused(root, "new", "squares") == (
            "course: source/squares is there already; take another name, or move it away\n"
        )

    def test_a_start_page_that_is_damaged_is_named_first(self, root):
        (root / "release" / "course.toml").write_text("[assignments")
        assert "release/course.toml can't be read" in refused(root, "new", "means")

    def test_two_new_assignments_are_told_apart(self, root, tmp_path):
        for name in ("means", "sums"):
            assert run_course(root, "new", name).returncode == 0
        downloads = tmp_path / "downloads" / "ada"
        downloads.mkdir(parents=True)
        release = root / "release" / "sums" / "sums.ipynb"
        (downloads / "work.ipynb").write_bytes(release.read_bytes())
        result = run_course(root, "collect", str(downloads.parent))
        assert (root / "submitted" / "ada" / "sums" / "sums.ipynb").is_file(), result.stdout
