"""What needs photos that are not there says so in one line, and the notebook goes on."""

import nbformat
import pytest

from helpers import feature_cache
from tests.samples.build import ROOT

OPTIONAL = [
    ("imagenet", "real", "Run `course photos nine` in a terminal"),
    ("imagenet", "own", "There is no folder my_photos."),
    ("pincers-scissors", "own", "There is no folder my_tools."),
    ("food", "own", "There is no folder my_meals."),
]


@pytest.mark.parametrize(("assignment", "optional", "told"), OPTIONAL)
def test_a_cell_without_its_photos_says_so_in_one_line(
    assignment, optional, told, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(feature_cache.FOLDER_VARIABLE, str(tmp_path))
    release = nbformat.read(ROOT / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    code = {cell.id: cell.source for cell in release.cells}
    names = {}
    exec(code["setup"], names)
    capsys.readouterr()
    exec(code[optional], names)
    (line,) = capsys.readouterr().out.splitlines()
    assert told in line
