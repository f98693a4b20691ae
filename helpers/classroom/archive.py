"""What a learning platform gives, a zip archive or a folder, as entries that are read in memory.

Nothing is unpacked to the disk under a name of the archive's, so no name can do harm there.
"""

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path

from helpers.errors import CourseError
from helpers.grading.submission.loading import LARGEST
from helpers.grading.submission.wording import printable

__all__ = ["MOST_BYTES", "MOST_ENTRIES", "Download", "Entry", "Unreadable", "open_download"]

MOST_ENTRIES = 50_000
"""Entries of a download. A class of 1,000 with ten files each has 10,000."""

MOST_BYTES = 20_000_000_000
"""Bytes that all files of a download may have together, unpacked."""

_UTF8 = 0x800
_UNICODE_PATH = 0x7075
# Of systems, of JupyterLab's, and of programs that make archives.
_JUNK = re.compile(
    r"(\.DS_Store|\._.*|\.ipynb_checkpoints|\.git|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini)$",
    re.IGNORECASE | re.DOTALL,
)
_DRIVE = re.compile(r"[A-Za-z]:")


class Unreadable(CourseError):
    """A file of a download that can't be unpacked: why."""


@dataclass(frozen=True)
class Entry:
    """A file of a download, or a folder with nothing in it.

    Parameters
    ----------
    path
        The parts of its name.
    read
        Returns its content, or raises `Unreadable`.
    empty_folder
        Whether it is a folder with nothing in it.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    empty_folder: bool = False

    @property
    def name(self) -> str:
        """The name as people write it."""
        return "/".join(self.path)


@dataclass(frozen=True)
class Download:
    """What a platform gave.

    Parameters
    ----------
    source
        The archive or folder.
    entries
        The files that may be somebody's work.
    problems
        What was left out, and why, a line each.
    """

    source: Path
    entries: Sequence[Entry]
    problems: Sequence[str]


@contextmanager
def open_download(source: Path) -> Iterator[Download]:
    """Open a zip archive, a folder, or a single notebook; its entries can be read while it is open.

    Raises
    ------
    CourseError
        If it is not there, is no zip archive, is damaged, or has too many or too large files.
    """
    if source.is_dir():
        yield _checked(source, *_walk(source))
    elif not source.is_file():
        raise CourseError(f"{source} is not there; give the file or folder that you downloaded")
    elif source.suffix.lower() == ".ipynb":
        yield Download(source, [Entry((source.name,), lambda: _read_file(source))], [])
    else:
        try:
            archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
            raise CourseError(
                f"{source} is no zip archive or a damaged one ({error}); download it again, or "
                "unpack it with another program and give the folder"
            ) from error
        with archive:
            yield _checked(source, *_list(archive))


def _checked(source: Path, entries: list[Entry], sizes: int, problems: list[str]) -> Download:
    if sizes > MOST_BYTES:
        raise CourseError(
            f"{source} would have {sizes / 1e9:,.0f} GB unpacked; nothing was read, ask the "
            "administrators of the platform where it comes from"
        )
    names = Counter(entry.name for entry in entries if not entry.empty_folder)
    problems += [
        f"{printable(name)} is there {count} times; each was read"
        for name, count in names.items()
        if count > 1
    ]
    return Download(source, entries, problems)


def _refuse_many(source: object, count: int) -> None:
    if count > MOST_ENTRIES:
        raise CourseError(
            f"{source} has {count:,} files or more, and at most {MOST_ENTRIES:,} are read; delete "
            "what is no submission, or give its parts one by one"
        )


def _list(archive: zipfile.ZipFile) -> tuple[list[Entry], int, list[str]]:
    infos = archive.infolist()
    _refuse_many(archive.filename, len(infos))
    entries, problems, sizes = [], [], 0
    folders: list[tuple[str, ...]] = []
    for info in infos:
        name = _decode(info)
        path = _split(name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if path is None:
            problems.append(f"{printable(name)} leads out of the archive; ignored")
        elif any(_JUNK.match(part) for part in path) or not path:
            continue
        elif name.endswith(("/", "\\")):
            folders.append(path)
        elif kind not in (0, stat.S_IFREG):
            problems.append(f"{printable(name)} is a link or a device, not a file; ignored")
        else:
            sizes += info.file_size
            entries.append(Entry(path, _unpacker(archive, info)))
    filled = {entry.path[:end] for entry in entries for end in range(len(entry.path))}
    filled |= {path[:end] for path in folders for end in range(len(path))}
    entries += [Entry(path, bytes, True) for path in folders if path not in filled]
    return entries, sizes, problems


def _decode(info: zipfile.ZipInfo) -> str:
    """Read a name as the program meant it that wrote it: many do not say that it is UTF-8."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437")
        with suppress(UnicodeDecodeError):
            name = (_unicode_path(info.extra, raw) or raw).decode()
    return unicodedata.normalize("NFC", name)


def _unicode_path(extra: bytes, raw: bytes) -> bytes | None:
    """Find the name in UTF-8 that Info-ZIP puts beside the one in an old encoding."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return field[5:]
    return None


def _split(name: str) -> tuple[str, ...] | None:
    """Return the parts of a name, or None for one that leads out of its folder."""
    if "/" not in name:
        # Some programs on Windows write archives like this.
        name = name.replace("\\", "/")
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or _DRIVE.match(name) or "\0" in name:
        return None
    return tuple(part for part in parts if part not in ("", "."))


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.file_size > LARGEST:
            raise Unreadable(f"would have {info.file_size / 1e6:,.0f} MB unpacked")
        try:
            with archive.open(info) as file:
                return file.read(LARGEST)
        except NotImplementedError as error:
            # It is a RuntimeError, too, which otherwise stands for a password.
            raise Unreadable(f"can't be unpacked here ({error})") from error
        except RuntimeError as error:
            raise Unreadable("needs a password") from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            LZMAError,
            EOFError,
            OSError,
        ) as error:
            raise Unreadable(f"is damaged ({error})") from error

    return read


def _walk(folder: Path) -> tuple[list[Entry], int, list[str]]:
    entries, problems, sizes = [], [], 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _JUNK.match(name))
        above = Path(place).relative_to(folder).parts
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        for name in sorted([*names, *links]):
            path = Path(place, name)
            status = path.lstat()
            if _JUNK.match(name):
                continue
            parts = tuple(unicodedata.normalize("NFC", part) for part in (*above, name))
            if not stat.S_ISREG(status.st_mode):
                shown = printable("/".join(parts))
                problems.append(f"{shown} is a link or a device, not a file; ignored")
                continue
            sizes += status.st_size
            entries.append(Entry(parts, _reader(path)))
            _refuse_many(folder, len(entries))
        if above and not folders and not names:
            parts = tuple(unicodedata.normalize("NFC", part) for part in above)
            entries.append(Entry(parts, bytes, True))
    return entries, sizes, problems


def _reader(path: Path) -> Callable[[], bytes]:
    return lambda: _read_file(path)


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Unreadable(f"has {size / 1e6:,.0f} MB")
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise Unreadable(f"can't be read ({error.strerror})") from error
