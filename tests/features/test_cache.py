"""The cache keeps features for many processes at once, and never gets in the way."""

import subprocess
import sys

import numpy as np
import pytest

from helpers.features import cache

KEYS = [bytes([number]) * 32 for number in range(4)]


def rows(count=4):
    return {key: np.full(3, number, np.float32) for number, key in enumerate(KEYS[:count])}


def test_what_was_put_comes_back():
    cache.put(rows())
    found = cache.get(KEYS)
    assert found.keys() == set(KEYS)
    for key, row in rows().items():
        np.testing.assert_array_equal(found[key], row)
        assert found[key].dtype == np.float32


def test_what_was_not_put_is_not_found():
    assert cache.get(KEYS) == {}
    cache.put(rows(2))
    assert cache.get(KEYS).keys() == set(KEYS[:2])


def test_features_cannot_be_changed_in_the_cache():
    cache.put(rows(1))
    with pytest.raises(ValueError, match="read-only"):
        cache.get(KEYS)[KEYS[0]][0] = 7


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_replaced(content):
    cache.location().parent.mkdir()
    cache.location().write_bytes(content)
    assert cache.get(KEYS) == {}
    cache.put(rows())
    assert cache.get(KEYS).keys() == set(KEYS)


def test_two_processes_write_at_the_same_time_and_nothing_is_lost():
    code = (
        "import sys, numpy as np\n"
        "from helpers.features import cache\n"
        "for number in range(60):\n"
        "    cache.put({f'{sys.argv[1]} {number}'.encode(): np.ones(1280, np.float32)})\n"
    )
    names = ["one", "two", "three"]
    runs = [subprocess.Popen([sys.executable, "-c", code, name]) for name in names]
    assert [run.wait() for run in runs] == [0, 0, 0]
    keys = [f"{name} {number}".encode() for name in names for number in range(60)]
    assert cache.get(keys).keys() == set(keys)
