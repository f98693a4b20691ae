"""Features kept on disk, for all notebooks and processes of one user.

One SQLite file: it may be read and written by many processes at once, and what was written is
either there wholly or not at all. A cache is no place for worries: if it can't be used (no room,
no permission, a lock that nobody gives back), features are computed again.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
import platformdirs

__all__ = ["FOLDER_VARIABLE", "Cache", "location"]

FOLDER_VARIABLE = "CNN_COURSE_CACHE"
# Seconds to wait for another process that writes.
PATIENCE = 20
# Bytes of the longest features and of the whole file; beyond that nothing is added.
LONGEST, LARGEST = 1 << 18, 4 << 30
TABLE = "CREATE TABLE IF NOT EXISTS features (key BLOB PRIMARY KEY, features BLOB)"


def location() -> Path:
    """Return the file; the environment variable ``CNN_COURSE_CACHE`` names another folder."""
    folder = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_dir("cnn-course")
    return Path(folder) / "features.sqlite3"


class Cache:
    """The file, as long as it can be used: after the first trouble it is left alone."""

    def __init__(self) -> None:
        self._path = location()
        self._usable = self._writable = True
        with self._troubles_ignored():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as connection:
                connection.execute(TABLE)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Look up features.

        Parameters
        ----------
        keys
            Digests of picture, network and layer.

        Returns
        -------
        dict of key to float32 array (d,)
            Only those that are there; the arrays are read-only.
        """
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, features FROM features WHERE key IN ({marks})"
        found = []
        if self._usable:
            with self._troubles_ignored(), self._open() as connection:
                found = connection.execute(query, keys).fetchall()
        unpacked = ((key, _unpacked(packed)) for key, packed in found)
        return {key: row for key, row in unpacked if row is not None}

    def put(self, features: Mapping[bytes, np.ndarray]) -> None:
        """Keep features, all in one transaction; too long ones are not kept.

        Parameters
        ----------
        features
            float32 arrays (d,) by their keys.
        """
        rows = [(key, _packed(row)) for key, row in features.items() if row.nbytes <= LONGEST]
        if self._usable and self._writable and rows:
            with self._troubles_ignored(writing=True), self._open() as connection, connection:
                if self._path.stat().st_size < LARGEST:
                    connection.executemany("INSERT OR REPLACE INTO features VALUES (?, ?)", rows)

    def _open(self) -> closing[sqlite3.Connection]:
        if self._path.exists() and not os.access(self._path, os.W_OK):
            # Where students' code is graded: nobody there may hold a lock, nor need one. What is
            # read while somebody writes is either right or noticed, by SQLite or by the checksum.
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            return closing(sqlite3.connect(address, uri=True))
        return closing(sqlite3.connect(self._path, timeout=PATIENCE))

    @contextmanager
    def _troubles_ignored(self, writing: bool = False) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            code = getattr(error, "sqlite_errorcode", None)
            self._writable = False
            # Where students' code is graded, the file may be read but not written; and while
            # somebody reads it, it can be read by others.
            self._usable = writing and code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY)
            damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            if damaged and os.access(self._path, os.W_OK):
                # Cut off by a full disk, or no database at all: the next one starts afresh.
                with suppress(OSError):
                    self._path.unlink()


def _packed(row: np.ndarray) -> bytes:
    """Put a checksum before the numbers: a disk may forget a part of what was written."""
    numbers = row.astype("<f4").tobytes()
    return zlib.crc32(numbers).to_bytes(4, "little") + numbers


def _unpacked(packed: object) -> np.ndarray | None:
    if not isinstance(packed, bytes) or len(packed) % 4 or len(packed) < 8:
        return None
    checksum = int.from_bytes(packed[:4], "little")
    if zlib.crc32(memoryview(packed)[4:]) != checksum:
        return None
    return np.frombuffer(packed, "<f4", offset=4)
