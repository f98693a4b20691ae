"""One file from the network: whole and what it should be, or not there at all.

Python's own download waits forever for a network that swallows what it is sent, and keeps what
the login page of a hotel gives instead of the file. Here the reason is known after a few seconds,
and a file appears under its name only when all of it is there and its checksum is right.
pooch 1.9 checks it as well, but leaves files that only their owner can read, which a cache that
many share can't do with, waits for a name server without end, and counts one file, not a set.
"""

import hashlib
import tempfile
from concurrent.futures import Future
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

from tqdm import tqdm

__all__ = ["NotDownloadedError", "NotWritableError", "download"]

# Seconds until a server must have begun to answer, and until each further piece must be there.
ANSWER, READ = 5, 30
CHUNK = 1 << 20


class NotDownloadedError(Exception):
    """The network didn't give the file; the message is the reason, without a full stop."""


class NotWritableError(Exception):
    """The folder for the file can't be written to; the message is the reason."""


def download(url: str, path: Path, algorithm: str, checksum: str, bar: tqdm) -> None:
    """Download a file; what lies under its name is replaced at the end, all at once.

    Parameters
    ----------
    url
        Its address.
    path
        Where it should be; the folder is made if it isn't there.
    algorithm
        How the checksum was made, as hashlib calls it: "md5" or "sha256".
    checksum
        What the content must have, hexadecimal.
    bar
        Advances with each byte. If it has no total, it gets the length that the server gives.

    Raises
    ------
    NotDownloadedError
        If there is no network, no answer in time, or another file at the address.
    NotWritableError
        If the folder can't be made or written to; the network isn't asked then.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, because only within a file system a file appears all at once.
        temporary = tempfile.TemporaryDirectory(dir=path.parent, prefix="download-")
    except OSError as error:
        raise NotWritableError(str(error.strerror)) from error
    with temporary as folder:
        partial = Path(folder, path.name)
        found = hashlib.new(algorithm, usedforsecurity=False)
        try:
            with _open(url) as answer, partial.open("wb") as written:
                if bar.total is None:
                    bar.total = answer.length
                while chunk := answer.read(CHUNK):
                    found.update(chunk)
                    written.write(chunk)
                    bar.update(len(chunk))
            if found.hexdigest() == checksum:
                partial.replace(path)
                return
        except (OSError, HTTPException) as error:
            raise NotDownloadedError(_reason(error)) from error
        raise NotDownloadedError(
            f"what {answer.url} gives is another file ({algorithm.upper()} {found.hexdigest()}), "
            "such as the login page of a wireless network, or only a part of it"
        )


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


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"the server says {error.code} {error.reason}"
    if isinstance(error, TimeoutError):
        return "no answer came in time"
    cause = getattr(error, "reason", error)
    return str(getattr(cause, "strerror", None) or cause)
