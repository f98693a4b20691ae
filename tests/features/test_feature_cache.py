"""The cache keeps features for many processes at once, and never gets in the way."""

import sqlite3
import subprocess
import sys

import numpy as np
import pytest

from helpers import feature_cache as cache

KEYS = [bytes([number]) * 32 for number in range(4)]


def rows(count=4):
    return {key: np.full(3, number, np.float32) for number, key in enumerate(KEYS[:count])}


def test_what_was_put_comes_back():
    cache.Cache().put(rows())
    found = cache.Cache().get(KEYS)
    assert found.keys() == set(KEYS)
    for key, row in rows().items():
        np.testing.assert_array_equal(found[key], row)
        assert found[key].dtype == np.float32


def test_what_was_not_put_is_not_found():
    assert cache.Cache().get(KEYS) == {}
    cache.Cache().put(rows(2))
    assert cache.Cache().get(KEYS).keys() == set(KEYS[:2])


def test_features_cannot_be_changed_in_the_cache():
    cache.Cache().put(rows(1))
    with pytest.raises(ValueError, match="read-only"):
        cache.Cache().get(KEYS)[KEYS[0]][0] = 7


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_replaced(content):
    cache.location().parent.mkdir()
    cache.location().write_bytes(content)
    assert cache.Cache().get(KEYS) == {}
    cache.Cache().put(rows())
    assert cache.Cache().get(KEYS).keys() == set(KEYS)


def test_two_processes_write_at_the_same_time_and_nothing_is_lost():
    code = (
        "import sys, numpy as np\n"
        "from helpers import feature_cache as cache\n"
        "for number in range(60):\n"
        "    cache.Cache().put({f'{sys.argv[1]} {number}'.encode(): np.ones(1280, np.float32)})\n"
    )
    names = ["one", "two", "three"]
    runs = [subprocess.Popen([sys.executable, "-c", code, name]) for name in names]
    assert [run.wait() for run in runs] == [0, 0, 0]
    keys = [f"{name} {number}".encode() for name in names for number in range(60)]
    assert cache.Cache().get(keys).keys() == set(keys)


@pytest.mark.parametrize("damage", ["zeroblob(16)", "zeroblob(7)", "'text'", "NULL", "1.5"])
def test_a_damaged_entry_is_as_good_as_none(damage):
    cache.Cache().put(rows())
    with sqlite3.connect(cache.location()) as connection:
        connection.execute(f"UPDATE features SET features = {damage}")
    assert cache.Cache().get(KEYS) == {}


def test_features_that_would_fill_the_disk_are_not_kept():
    many = np.zeros(cache.LONGEST // 4 + 1, np.float32)
    cache.Cache().put({KEYS[0]: many, KEYS[1]: many[:-1]})
    assert cache.Cache().get(KEYS).keys() == {KEYS[1]}


def test_a_file_that_has_grown_too_large_is_read_but_no_longer_written(monkeypatch):
    cache.Cache().put(rows(1))
    monkeypatch.setattr(cache, "LARGEST", 1)
    cache.Cache().put(rows())
    assert cache.Cache().get(KEYS).keys() == {KEYS[0]}


def test_a_lock_that_nobody_gives_back_is_waited_for_once(monkeypatch):
    monkeypatch.setattr(cache, "PATIENCE", 0.01)
    used = cache.Cache()
    used.put(rows(1))
    with sqlite3.connect(cache.location(), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert used.get(KEYS) == {}
    # From now on this one works without the file.
    assert used.get(KEYS) == {}
    assert cache.Cache().get(KEYS).keys() == {KEYS[0]}
