"""`course draw` makes sets that load like those that come with the course."""

import subprocess
import sys

import pytest

from helpers.datasets import meals, tools
from tests.builders import course, files, run_course, square_notebook


@pytest.fixture
def root(tmp_path):
    return course(tmp_path / "course", {"squares": square_notebook()})


def draw(root, *arguments):
    return run_course(root, "draw", *arguments)


def test_a_fresh_set_can_be_loaded(root):
    result = draw(root, "--seed", "9", "--tools", "1", "--meals", "2")
    assert result.returncode == 0, result.stderr
    drawn = root / "drawn-9"
    pictures, plates = tools.load(drawn / "tools"), meals.load(drawn / "meals")
    assert pictures.labels.tolist() == [0, 1]
    assert plates.labels.tolist() == [0, 0, 1, 1]
    assert plates.halves.tolist() == [0, 1, 0, 1]
    assert "drawn-9/tools: 2 pictures" in result.stdout
    *_, told = result.stdout.splitlines()
    code = f"{told.partition('; ')[2]}; print(len(meals.load('drawn-9/meals').files))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4\n", "")
    assert "6/6" in result.stderr


@pytest.mark.parametrize(
    ("seed", "module", "name", "other"),
    [(2, tools, "tools", "meals"), (3, meals, "meals", "tools")],
    ids=["tools", "meals"],
)
def test_the_seed_of_the_course_gives_its_first_pictures(seed, module, name, other, root):
    result = draw(root, "--seed", str(seed), f"--{name}", "1", f"--{other}", "0")
    assert result.returncode == 0, result.stderr
    drawn = files(root / f"drawn-{seed}" / name)
    manifest = drawn.pop("manifest.json").decode().splitlines()
    assert drawn == {file: (module.FOLDER / file).read_bytes() for file in drawn}
    known = (module.FOLDER / "manifest.json").read_text().splitlines()
    assert {line.rstrip(",") for line in manifest} <= {line.rstrip(",") for line in known}


def test_an_empty_folder_is_filled_with_what_is_wanted_alone(root):
    (root / "empty").mkdir()
    result = draw(root, "--seed", "3", "--output", "empty", "--tools", "0", "--meals", "1")
    assert result.returncode == 0, result.stderr
    assert [path.name for path in (root / "empty").iterdir()] == ["meals"]


def test_a_folder_with_something_in_it_is_never_touched(root):
    (root / "drawn-1").mkdir()
    (root / "drawn-1" / "mine.txt").write_text("mine")
    result = draw(root, "--seed", "1", "--tools", "1", "--meals", "0")
    assert result.returncode == 1
    assert result.stderr.startswith("course: drawn-1 is there already and not empty")
    assert files(root / "drawn-1") == {"mine.txt": b"mine"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Name a seed"),
        (("--seed", "-1"), "--seed"),
        (("--seed", "1", "--tools", "many"), "--tools: 'many' is not a number from 0 on"),
        (("--seed", "1", "--tools", "0", "--meals", "0"), "nothing to draw"),
    ],
)
def test_what_makes_no_sense_is_named(arguments, problem, root):
    result = draw(root, *arguments)
    assert result.returncode != 0
    assert problem in result.stderr
    assert "Traceback" not in result.stderr
