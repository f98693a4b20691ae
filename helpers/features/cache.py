"""Features kept on disk, for all notebooks and processes of one user.

One SQLite file: it may be read and written by many processes at once, and what was written is
either there wholly or not at all. A cache is no place for worries: if it can't be used (no room,
no permission, a lock that nobody gives back), features are computed again.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import platformdirs

__all__ = ["FOLDER_VARIABLE", "get", "location", "put"]

FOLDER_VARIABLE = "CNN_COURSE_CACHE"
# Seconds to wait for another process that writes.
PATIENCE = 20


def location() -> Path:
    """Return the file; the environment variable ``CNN_COURSE_CACHE`` names another folder."""
    folder = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_dir("cnn-course")
    return Path(folder) / "features.sqlite3"


def get(keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
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
    with _errors_ignored(), _open() as connection:
        rows = connection.execute(query, keys).fetchall()
        return {key: np.frombuffer(packed, "<f4") for key, packed in rows}
    return {}


def put(features: Mapping[bytes, np.ndarray]) -> None:
    """Keep features, all in one transaction.

    Parameters
    ----------
    features
        float32 arrays (d,) by their keys.
    """
    rows = [(key, row.astype("<f4").tobytes()) for key, row in features.items()]
    with _errors_ignored(), _open() as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO features VALUES (?, ?)", rows)


def _open() -> closing[sqlite3.Connection]:
    location().parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(location(), timeout=PATIENCE)
    connection.execute("CREATE TABLE IF NOT EXISTS features (key BLOB PRIMARY KEY, features BLOB)")
    return closing(connection)


@contextmanager
def _errors_ignored() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError):
        pass
    except sqlite3.DatabaseError:
        # Cut off by a full disk, or no database at all: start afresh.
        location().unlink(missing_ok=True)
