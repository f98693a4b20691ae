"""Files with weights that are too large to come with the course: found in the cache or fetched.

The cache is Keras's own, so a file that Keras has fetched before isn't fetched again. But Keras
waits forever for a network that swallows what it is sent, keeps what a login page of a hotel
gives instead of the file, and doesn't say when the cache can't be written to. Here one error
says what to do, after a few seconds, and whatever lies in the cache under a file's name is used
only if it is that file.
"""

import hashlib
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tqdm import tqdm

from helpers import transfer
from helpers.errors import CourseError

__all__ = ["WeightFile", "cache", "fetch", "is_cached"]


@dataclass(frozen=True)
class WeightFile:
    """A file as its publisher offers it.

    Attributes
    ----------
    url
        Where it can be downloaded; ends in the file's name.
    md5
        The checksum of its content, 32 hexadecimal digits.
    """

    url: str
    md5: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]

    @property
    def path(self) -> Path:
        """Where the file is in the cache, or will be."""
        return cache() / self.name


def cache() -> Path:
    """Return the folder for weights, where ``keras.utils.get_file`` looks for them too.

    It is ``models`` in the folder that the environment variable ``KERAS_HOME`` names, or else in
    ``~/.keras``; it need not exist.
    """
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "models"


def is_cached(file: WeightFile) -> bool:
    """Say whether a file is in the cache, whole and unchanged, without touching the network.

    The first look reads the whole file, about a second for 500 MB; later ones are free until it
    changes.
    """
    try:
        status = file.path.stat()
        return _md5(file.path, status.st_mtime_ns, status.st_size) == file.md5
    except OSError:
        return False


def fetch(file: WeightFile) -> Path:
    """Return the path of a file in the cache; download it if it isn't there.

    Parameters
    ----------
    file
        What to look for. Something else under its name, such as a damaged download, is replaced.

    Returns
    -------
    Where the file is.

    Raises
    ------
    CourseError
        If it isn't in the cache and can't be downloaded: no network (known after 5 s), another
        file at its address, or a cache that can't be written to. The cache is as it was.
    """
    if is_cached(file):
        return file.path
    found = ", but something else is there under its name" if os.path.exists(file.path) else ""
    missing = f"The file {file.name} isn't in the folder {file.path.parent}{found}"
    try:
        # On stdout, because text on stderr costs the points of a graded cell.
        with tqdm(desc=file.name, unit="B", unit_scale=True, file=sys.stdout) as bar:
            transfer.download(file.url, file.path, "md5", file.md5, bar)
    except transfer.NotWritableError as error:
        raise CourseError(
            f"{missing}, and that folder can't be written to ({error}). Set the environment "
            "variable KERAS_HOME to a folder that can be."
        ) from error
    except transfer.NotDownloadedError as error:
        raise CourseError(
            f"{missing}, and couldn't be downloaded: {error}. Download it where there is a "
            f"network, from {file.url} (MD5 {file.md5}), and put it into that folder."
        ) from error
    return file.path


@lru_cache
def _md5(path: Path, modified: int, size: int) -> str:
    """Return the checksum of a file; the time and size only tell one state from another."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "md5").hexdigest()
