"""Checksums: files are compared with theirs before they are used."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from helpers.errors import CourseError

__all__ = ["digest", "digest_of_list", "read_verified"]


def digest(*parts: bytes | np.ndarray) -> bytes:
    """Return the SHA-256 of bytes and arrays, one after another."""
    checksum = hashlib.sha256()
    for part in parts:
        checksum.update(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
    return checksum.digest()


def digest_of_list(parts: Iterable[bytes]) -> str:
    """Return the SHA-256, hexadecimal, of parts with their lengths: no two lists look alike."""
    return digest(*(piece for part in parts for piece in (b"%d:" % len(part), part))).hex()


def read_verified(path: Path, sha256: str, what: str, remedy: str) -> bytes:
    """Read a file that must be what it was.

    Parameters
    ----------
    path
        The file.
    sha256
        Its checksum, hexadecimal.
    what
        What the file is called in an error, such as "data file".
    remedy
        A sentence that says how to get the file back.

    Raises
    ------
    CourseError
        If it is missing, can't be read or was changed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
    else:
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
        problem = f"is damaged or was changed: its {len(content):,} bytes have another SHA-256"
    raise CourseError(f"The {what} {path} {problem}. {remedy}")
