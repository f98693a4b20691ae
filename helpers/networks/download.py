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
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

from tqdm import tqdm

from helpers.errors import CourseError

__all__ = ["WeightFile", "cache", "fetch", "is_cached"]

# Seconds until a server must have begun to answer, and until each further piece must be there.
ANSWER, READ = 5, 30
CHUNK = 1 << 20


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
        file.path.parent.mkdir(parents=True, exist_ok=True)
        # In the cache, because only within a file system a file appears all at once.
        partial = tempfile.TemporaryDirectory(dir=file.path.parent, prefix="download-")
    except OSError as error:
        raise CourseError(
            f"{missing}, and that folder can't be written to ({error.strerror}). Set the "
            "environment variable KERAS_HOME to a folder that can be."
        ) from error
    with partial as folder:
        try:
            _download(file, Path(folder, file.name)).replace(file.path)
        except (OSError, HTTPException, _OtherFileError) as error:
            raise CourseError(
                f"{missing}, and couldn't be downloaded: {_reason(error)}. Download it where "
                f"there is a network, from {file.url} (MD5 {file.md5}), and put it into that "
                "folder."
            ) from error
    return file.path


class _OtherFileError(Exception):
    """What came isn't the file."""


@lru_cache
def _md5(path: Path, modified: int, size: int) -> str:
    """Return the checksum of a file; the time and size only tell one state from another."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "md5").hexdigest()


def _download(file: WeightFile, target: Path) -> Path:
    checksum = hashlib.md5(usedforsecurity=False)
    with _open(file.url) as answer, target.open("wb") as written:
        for chunk in _chunks(answer, file.name):
            checksum.update(chunk)
            written.write(chunk)
    if checksum.hexdigest() != file.md5:
        raise _OtherFileError(
            f"what {answer.url} gives is another file (MD5 {checksum.hexdigest()}), such as the "
            "login page of a wireless network, or only a part of it"
        )
    return target


def _open(url: str) -> HTTPResponse:
    # A name server that doesn't answer obeys no timeout of Python's, hence the thread: it may
    # hang as long as it wants, and doesn't keep the process from ending.
    answer: Future[HTTPResponse] = Future()

    def ask() -> None:
        try:
            answer.set_result(urlopen(url, timeout=READ))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(timeout=ANSWER)


def _chunks(answer: HTTPResponse, name: str) -> Iterator[bytes]:
    # On stdout, because text on stderr costs the points of a graded cell.
    with tqdm(desc=name, total=answer.length, unit="B", unit_scale=True, file=sys.stdout) as bar:
        while chunk := answer.read(CHUNK):
            yield chunk
            bar.update(len(chunk))


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"the server says {error.code} {error.reason}"
    if isinstance(error, TimeoutError):
        return "no answer came in time"
    cause = getattr(error, "reason", error)
    return str(getattr(cause, "strerror", None) or cause)
