"""On a full disk, a command names the file, loses nothing, and blames no submission."""

import pytest

from tests.builders import files, run_course
from tests.grading.builders import NAME, fractions_course, submit

pytestmark = [pytest.mark.slow, pytest.mark.needs("sandbox")]

FULL = "free some disk space and run the command again"


def full(folder, pages=0):
    """A command that runs another one where hardly anything fits into a folder."""
    # A small file system, for this process alone, and a file that takes a page of it.
    mount = f"mount -t tmpfs -o size={4 * (pages + 1)}k tmpfs"
    script = f'{mount} "$0"; echo full >"$0/.full"; exec "$@"'
    unshare = ("unshare", "--user", "--map-root-user", "--mount")
    return (*unshare, "sh", "-ec", script, str(folder))


@pytest.fixture
def root(tmp_path):
    root = fractions_course(tmp_path)
    submit(root, "ada")
    return root


def test_the_gradebook_is_named(root):
    (root / "small").mkdir()
    with (root / "nbgrader_config.py").open("a") as settings:
        settings.write(f'c.CourseDirectory.db_url = "sqlite:///{root}/small/gradebook.db"\n')
    printed = run_course(root, "grade", prefix=full(root / "small"))
    assert printed.returncode == 2
    assert printed.stderr == (
        f"course: the gradebook small/gradebook.db fails: database or disk is full; {FULL}\n"
    )
    assert run_course(root, "grade").returncode == 0


def test_the_feedback_is_named_and_no_notebook_blamed(root):
    run_course(root, "grade")
    (root / "feedback").mkdir()
    before = files(root)
    printed = run_course(root, "feedback", prefix=full(root / "feedback"))
    assert printed.returncode == 1
    assert printed.stderr == (
        f"course: feedback/ada/{NAME}: there is no space left for it; {FULL}\n"
    )
    assert files(root) == before


# Not even the notebook fits, or what is written after it does not.
@pytest.mark.parametrize("pages", [0, 1])
def test_what_is_autograded_is_named_and_graded_later(root, pages):
    (root / "autograded").mkdir()
    printed = run_course(root, "grade", prefix=full(root / "autograded", pages))
    assert printed.returncode == 2
    (line,) = [line for line in printed.stderr.splitlines() if line.startswith("course: ")]
    assert line.startswith("course: autograded/")
    assert line.endswith(f": there is no space left for it; {FULL}")
    printed = run_course(root, "grade")
    assert f"ada {NAME} 6 / 9" in " ".join(printed.stdout.split())
