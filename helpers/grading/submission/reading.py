"""The bytes of a submitted notebook file, as JSON."""

import json
import re
from typing import Any

from nbformat import NotebookNode

from helpers.grading.review import NeedsReview
from helpers.grading.submission.structure import normalise

__all__ = ["read_notebook"]

_SAVE_AGAIN = "ask the student to open it in JupyterLab, save it and submit it again"
_STRAY_BYTE = re.compile("[\udc80-\udcff]")  # As Python decodes a byte that is not UTF-8.
_FROM_WINDOWS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)
}
_MOST_BRACKETS = 5_000_000  # An empty list needs 3 bytes in the file, but 60 in memory.


def read_notebook(name: str, content: bytes) -> tuple[NotebookNode, list[str]]:
    """Read a notebook file, whatever programs and mishaps have made of it.

    Parameters
    ----------
    name
        The notebook's name without `.ipynb`.
    content
        The bytes of its file.

    Returns
    -------
    NotebookNode
        A valid notebook of format 4.5; of metadata it has nbgrader's labels only.
    list of str
        What had to be repaired, a line each.

    Raises
    ------
    NeedsReview
        If it is no notebook or has no cells.
    """
    try:
        text, decoding = _decode(content)
        data, rest = _parse(text, content)
        notebook, mending = normalise(data)
    except NeedsReview as error:
        raise NeedsReview(f"{name}.ipynb {error}") from error.__cause__
    return notebook, [f"{name}.ipynb {line}" for line in [*decoding, *rest, *mending]]


def _decode(content: bytes) -> tuple[str, list[str]]:
    # Knows UTF-8, UTF-16 and UTF-32, by their marks or by the zeros among the first bytes.
    encoding = json.detect_encoding(content)
    if not encoding.startswith("utf-8"):
        text = content.decode(encoding, errors="replace")
        return text, [f"is {encoding.upper()} text, not UTF-8; converted"]
    text = content.decode(encoding, errors="surrogateescape")
    repairs = ["begins with a byte order mark; ignored"] if encoding == "utf-8-sig" else []
    if _STRAY_BYTE.search(text):
        count = len(text) - len(text.encode(errors="ignore").decode())
        repairs.append(f"is not UTF-8 text ({count} bytes); these were read as Windows-1252")
        text = text.translate(_FROM_WINDOWS)
    return text, repairs


def _parse(text: str, content: bytes) -> tuple[Any, list[str]]:
    text = text.lstrip()
    if not text.strip("\0"):
        raise NeedsReview(f"is empty, not JSON; {_SAVE_AGAIN}")
    if content.count(b"[") + content.count(b"{") > _MOST_BRACKETS:
        raise NeedsReview(f"is made of millions of lists, no notebook; {_SAVE_AGAIN}")
    try:
        data, end = json.JSONDecoder(parse_int=_small).raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise NeedsReview(f"is not JSON ({error}); {_SAVE_AGAIN}") from error
    if text[end:].strip(" \t\r\n\0"):
        return data, [f"goes on after its end for {len(text) - end} characters; ignored"]
    if "\0" in text[end:]:
        return data, ["ends with zeros; ignored"]
    return data, []


def _small(digits: str) -> int:
    """Read the version of the format; other numbers matter nowhere, however many digits."""
    return int(digits) if len(digits) < 4 else 0
