"""A CSV file of a platform, read as it is and written again in its own form."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.errors import CourseError
from helpers.grading.submission.wording import listed

__all__ = ["Sheet", "read_sheet"]

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SEPARATORS = ",;\t|"
_LARGEST = 50_000_000


@dataclass(frozen=True)
class Sheet:
    """The rows of a CSV file, and how it was written.

    Parameters
    ----------
    path
        The file.
    header
        The titles of its columns.
    rows
        What is below, each row as long as the header.
    encoding, separator, line_end
        How it was written.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8-sig"
    separator: str = ","
    line_end: str = "\r\n"

    def column(self, *titles: str) -> int | None:
        """Return the place of the first column with one of these titles, in lower case."""
        plain = [title.strip().casefold() for title in self.header]
        return next((plain.index(title) for title in titles if title in plain), None)

    def require(self, what: str, *titles: str) -> int:
        """Return the place of a column that must be there.

        Raises
        ------
        CourseError
            If it is not.
        """
        place = self.column(*titles)
        if place is None:
            raise CourseError(
                f"{self.path} has no column for {what}, only {listed(self.header)}; give the file "
                "as the platform exports it"
            )
        return place

    def with_rows(self, rows: Sequence[Sequence[str]]) -> "Sheet":
        """Return the same file with other rows."""
        return replace(self, rows=tuple(map(tuple, rows)))

    def content(self, *, quote_all: bool = False) -> bytes:
        """Return the bytes of the file, in the form in which it was read."""
        text = io.StringIO(newline="")
        writer = csv.writer(
            text,
            delimiter=self.separator,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        )
        writer.writerows([self.header, *self.rows])
        return text.getvalue().encode(self.encoding, errors="surrogateescape")


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file in whatever encoding, with whatever separator it was written.

    Raises
    ------
    CourseError
        If it can't be read or has no header.
    """
    content = path.read_bytes()
    if len(content) > _LARGEST or b"\0\0\0\0" in content or content[:2] == b"PK":
        raise CourseError(f"{path} is no CSV file; export it from the platform as CSV")
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # What spreadsheets on Windows write.
        encoding = "cp1252"
        # Bytes that it lacks, from encodings of other languages, are written back as they are.
        text = content.decode(encoding, errors="surrogateescape")
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    # What students have typed into the platform may stand in a cell.
    csv.field_size_limit(_LARGEST)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise CourseError(f"{path} is no CSV file ({error}); export it again") from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines or len(lines[0]) < 2:
        raise CourseError(f"{path} has no columns; export it from the platform as CSV")
    header = tuple(lines[0])
    rows = tuple(
        tuple((*line, *[""] * (len(header) - len(line)))[: len(header)]) for line in lines[1:]
    )
    return Sheet(path, header, rows, encoding, separator, "\r\n" if "\r\n" in text else "\n")
