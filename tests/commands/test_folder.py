import errno

import pytest

from helpers.commands.folder import explain, replace_files
from tests.builders import files


def test_files_are_written_with_the_folders_they_need(tmp_path):
    replace_files({tmp_path / "a" / "b" / "one": b"1", tmp_path / "two": b"2"})
    assert files(tmp_path) == {"a/b/one": b"1", "two": b"2"}


def test_if_one_file_cannot_be_written_none_is_and_the_old_ones_stay(tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"in the way")
    before = files(tmp_path)
    with pytest.raises(OSError) as error:
        replace_files(
            {
                tmp_path / "old": b"new",
                tmp_path / "folder" / "fresh": b"new",
                tmp_path / "file" / "one": b"new",
            }
        )
    assert error.value.filename == str(tmp_path / "file" / "one")
    assert files(tmp_path) == before
    assert not (tmp_path / "folder").exists()


def test_what_has_no_remedy_of_its_own_is_still_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "table.csv"
    assert explain(OSError(errno.EIO, "Input/output error", str(path))) == (
        "table.csv: Input/output error"
    )


def test_a_file_elsewhere_is_named_in_full(tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    path = tmp_path / "table.csv"
    assert explain(OSError(errno.EIO, "Input/output error", str(path))) == (
        f"{path}: Input/output error"
    )
