"""Hostile and damaged archives do no harm and are named."""

import os
import stat
import zipfile

import pytest

from helpers.classroom import archive as module
from helpers.classroom.archive import Unreadable, open_download
from helpers.errors import CourseError
from tests.builders import files
from tests.classroom.builders import archive, moodle, work

GOOD = moodle({("Ada Lovelace", 1): work()})
DEFLATE64 = 9


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.ipynb",
        "/etc/evil.ipynb",
        "C:\\evil.ipynb",
        "a/../../evil.ipynb",
        "..\\evil.ipynb",
    ],
)
def test_names_that_lead_out_are_named_and_nothing_is_written_there(name, run, tmp_path, handed_in):
    source = archive(tmp_path / "a.zip", {**GOOD, name: work("evil")})
    before = files(tmp_path)
    code, printed = run("collect", source)
    assert code == 1
    assert f"{name} leads out of the archive; ignored" in printed
    assert handed_in() == {"ada-lovelace": "1"}
    # Nothing but what collecting writes is new.
    new = {name.split("/")[1] for name in files(tmp_path).keys() - before.keys()}
    assert new == {"submitted", "downloaded", "roster.csv"}


def link(name, target):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


def test_links_in_archives_are_named_and_not_followed(run, tmp_path, handed_in):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(work("secret"))
    name = "Bob Ross_2_assignsubmission_file/squares.ipynb"
    source = archive(tmp_path / "a.zip", [*GOOD.items(), link(name, str(secret))])
    code, printed = run("collect", source)
    assert (code, handed_in()) == (1, {"ada-lovelace": "1"})
    assert f"{name} is a link or a device, not a file; ignored" in printed


def test_links_and_pipes_in_folders_are_named_and_not_followed(run, tmp_path, handed_in):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "squares.ipynb").write_bytes(work("secret"))
    source = tmp_path / "a"
    for name, content in GOOD.items():
        (source / name).parent.mkdir(parents=True)
        (source / name).write_bytes(content)
    (source / "Bob Ross_2_assignsubmission_file").symlink_to(secret)
    os.mkfifo(source / "Eve_3_assignsubmission_file")
    code, printed = run("collect", source)
    assert (code, handed_in()) == (1, {"ada-lovelace": "1"})
    assert "Bob Ross_2_assignsubmission_file is a link or a device" in printed
    assert "Eve_3_assignsubmission_file is a link or a device" in printed


def test_a_bomb_is_named_with_its_owner_and_not_unpacked(run, tmp_path, handed_in):
    bomb = "Bob Ross_2_assignsubmission_file/squares.ipynb"
    source = archive(tmp_path / "a.zip", {**GOOD, bomb: bytes(150_000_000)})
    code, printed = run("collect", source)
    assert (code, handed_in()) == (1, {"ada-lovelace": "1"})
    assert (
        "Bob Ross, squares: handed in squares.ipynb would have 150 MB unpacked; ask for it again"
        in printed
    )


def test_an_archive_that_is_too_large_as_a_whole_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with (
        pytest.raises(CourseError, match="would have 0 GB unpacked; nothing was read"),
        open_download(archive(tmp_path / "a.zip", {"a.ipynb": bytes(2000)})),
    ):
        pass


def test_an_archive_of_very_many_entries_is_refused(run, root, tmp_path):
    source = archive(tmp_path / "a.zip", {f"{n}.ipynb": b"" for n in range(100_000)})
    code, printed = run("collect", source)
    assert code == 2
    assert "a.zip has 100,000 files or more, and at most 50,000 are read" in printed
    assert not (root / "submitted").exists()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4" + bytes(50)], ids=range(3))
def test_what_is_no_archive_is_named(content, run, tmp_path):
    (tmp_path / "a.zip").write_bytes(content)
    code, printed = run("collect", tmp_path / "a.zip")
    assert code == 2
    assert "a.zip is no zip archive or a damaged one" in printed
    assert "Traceback" not in printed


def test_a_damaged_entry_costs_its_owner_alone(run, tmp_path, handed_in):
    people = {("Ada Lovelace", 1): work(), ("Bob Ross", 2): work("bobs-own-answer")}
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w") as file:
        for name, content in moodle(people).items():
            file.writestr(name, content)
    source.write_bytes(source.read_bytes().replace(b"bobs-own-answer", b"bobs-OWN-answer"))
    code, printed = run("collect", source)
    assert (code, handed_in()) == (1, {"ada-lovelace": "1"})
    assert "Bob Ross, squares: handed in squares.ipynb is damaged (Bad CRC-32" in printed


def test_an_entry_with_a_password_is_named(tmp_path):
    source = archive(tmp_path / "a.zip", {"ada.ipynb": work()})
    content = bytearray(source.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    source.write_bytes(content)
    with open_download(source) as download, pytest.raises(Unreadable, match="needs a password"):
        download.entries[0].read()


def test_an_entry_that_python_cannot_unpack_is_named(tmp_path):
    source = archive(tmp_path / "a.zip", {"ada.ipynb": work()})
    content = bytearray(source.read_bytes())
    for mark, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        # Windows packs large files with it.
        content[content.index(mark) + place] = DEFLATE64
    source.write_bytes(content)
    with open_download(source) as download, pytest.raises(Unreadable, match="can't be unpacked"):
        download.entries[0].read()


def test_two_entries_of_one_name_are_named_and_somebody_has_to_decide(run, tmp_path, handed_in):
    name = next(iter(GOOD))
    with pytest.warns(UserWarning, match="Duplicate name"):
        source = archive(tmp_path / "a.zip", [(name, work("1")), (name, work("2"))])
    code, printed = run("collect", source)
    assert (code, handed_in()) == (1, {})
    assert f"{name} is there 2 times; each was read" in printed
    assert "handed in squares.ipynb 2 times with different contents" in printed


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_names_in_other_encodings_are_read(encoding, run, tmp_path, handed_in):
    name = "Jörg Müßig_1_assignsubmission_file/squares.ipynb"
    raw = name.encode(encoding)
    source = archive(tmp_path / "a.zip", {"x" * len(raw): work()})
    # No flag says that it is UTF-8.
    source.write_bytes(source.read_bytes().replace(b"x" * len(raw), raw))
    assert run("collect", source)[0] == 0
    assert handed_in() == {"jorg-mussig": "1"}


def test_files_of_systems_and_of_jupyterlab_are_left_out(tmp_path):
    names = ["__MACOSX/._a.ipynb", ".DS_Store", "ada/.ipynb_checkpoints/a.ipynb", "ada/a.ipynb"]
    with open_download(archive(tmp_path / "a.zip", dict.fromkeys(names, work()))) as download:
        assert [entry.name for entry in download.entries] == ["ada/a.ipynb"]
