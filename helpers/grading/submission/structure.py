"""A valid notebook made of JSON that should be one."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode

from helpers.grading.review import NeedsReview
from helpers.grading.submission.outputs import sound_outputs

__all__ = ["LARGEST", "LONGEST", "make_ids_unique", "normalise"]

LARGEST = 50_000_000
"""Bytes that the pictures pasted into the Markdown cells of a notebook may have."""
LONGEST = 2_000_000
"""Characters that all cells together may have; the assignments have a hundredth."""
_MOST_CELLS = 5_000

_TYPES = ("code", "markdown", "raw")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def normalise(data: Any) -> tuple[NotebookNode, list[str]]:
    """Make a valid notebook of format 4.5.

    Only nbgrader's labels stay of the metadata: nothing else may have a say in grading.

    Parameters
    ----------
    data
        What was in the file: any JSON, or a notebook that nbformat has read.

    Returns
    -------
    NotebookNode
    list of str
        What had to be repaired: the predicates of sentences about the notebook.

    Raises
    ------
    NeedsReview
        If it is no notebook, has no cells or is too long, with a sentence that lacks its subject.
    """
    repairs: list[str] = []
    raw = _list_cells(data, repairs)
    old = data.get("nbformat") != 4 or data.get("nbformat_minor") not in (5,)
    trouble = _Trouble()
    cells = [_mend_cell(cell, trouble, identified=not old) for cell in raw]
    for name, count in Counter(cell.id for cell in cells if "id" in cell).items():
        if count > 1:
            trouble.add(f"with the id of another, {name}; it got a new one", count - 1)
    make_ids_unique(cells)
    length = sum(len(cell.source) for cell in cells)
    if length > LONGEST:
        raise NeedsReview(
            f"has {length / 1e6:.0f} MB of text in its cells; look for data that was pasted, "
            "or ask the student to take it out"
        )
    size = sum(len(json.dumps(cell.attachments)) for cell in cells if "attachments" in cell)
    if size > LARGEST:
        raise NeedsReview(
            f"has {size / 1e6:.0f} MB of pictures in its text; ask the student for smaller ones"
        )
    notebook = NotebookNode(cells=cells, metadata=NotebookNode(), nbformat=4, nbformat_minor=5)
    return notebook, repairs + trouble.lines()


def make_ids_unique(cells: Iterable[NotebookNode], taken: Iterable[str] = ()) -> None:
    """Give ids to cells that have none, or one that an earlier cell or `taken` has."""
    used = set(taken)
    number = 0
    for cell in cells:
        while cell.get("id", "") in used | {""}:
            number += 1
            cell.id = f"unnamed-{number}"
        used.add(cell.id)


class _Trouble:
    """Count the cells that have the same kind of trouble."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, what: str, count: int = 1) -> None:
        self._counts[what] += count

    def lines(self) -> list[str]:
        return [
            f"has {'a cell' if count == 1 else f'{count} cells'} {what}"
            for what, count in self._counts.items()
        ]


def _list_cells(data: Any, repairs: list[str]) -> list[dict[str, Any]]:
    if not isinstance(data, dict):
        raise NeedsReview("is JSON, but not a notebook; ask the student for the notebook")
    cells = data.get("cells")
    if not isinstance(cells, list) and isinstance(data.get("worksheets"), list):
        repairs.append("is a notebook of format 3; converted to format 4")
        sheets = [sheet for sheet in data["worksheets"] if isinstance(sheet, dict)]
        lists = [sheet.get("cells") for sheet in sheets]
        cells = [cell for some in lists if isinstance(some, list) for cell in some]
    elif data.get("nbformat") != 4 or data.get("nbformat_minor") not in (0, 1, 2, 3, 4, 5):
        repairs.append("does not say that it has format 4.0 to 4.5; read as if it did")
    if not isinstance(cells, list):
        raise NeedsReview("is JSON, but not a notebook; ask the student for the notebook")
    sound = [cell for cell in cells if isinstance(cell, dict)]
    if len(sound) < len(cells):
        repairs.append(f"has {len(cells) - len(sound)} things among its cells that are none")
    if not sound:
        raise NeedsReview("has no cells; ask the student for the right notebook")
    if len(sound) > _MOST_CELLS:
        raise NeedsReview(f"has {len(sound)} cells; look for the cause, or ask the student")
    return sound


def _mend_cell(cell: dict[str, Any], trouble: _Trouble, identified: bool) -> NotebookNode:
    kind, source = _type_and_source(cell, trouble)
    mended = NotebookNode(cell_type=kind, metadata=_label(cell, trouble), source=source)
    if kind == "code":
        mended.update(outputs=sound_outputs(cell.get("outputs")), execution_count=None)
    elif "attachments" in cell:
        pictures = _attachments(cell["attachments"], trouble)
        if pictures:
            mended.attachments = pictures
    name = cell.get("id")
    if isinstance(name, str) and _ID.fullmatch(name):
        mended.id = name
    elif identified:
        trouble.add("without a valid id; it got a new one")
    return mended


def _type_and_source(cell: dict[str, Any], trouble: _Trouble) -> tuple[str, str]:
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")), trouble)
    if kind in _TYPES:
        return str(kind), source
    if kind == "heading":  # Format 3 has them, and HTML cells.
        level = cell.get("level")
        level = int(level) if isinstance(level, int | float) and 1 <= level <= 6 else 1
        return "markdown", f"{'#' * level} {' '.join(source.split())}"
    if kind == "html":
        return "markdown", source
    trouble.add("of an unknown type; taken by its content")
    return "code" if "outputs" in cell or "execution_count" in cell else "raw", source


def _text(value: Any, trouble: _Trouble) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        trouble.add("without readable text; what could be read was kept")
        lines = value if isinstance(value, list) else []
        value = "".join(line for line in lines if isinstance(line, str))
    return _encodable(value, trouble)


def _encodable(text: str, trouble: _Trouble) -> str:
    """Replace unpaired surrogates, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        trouble.add("with broken characters; replaced by question marks")
        return text.encode(errors="replace").decode()
    return text


def _label(cell: dict[str, Any], trouble: _Trouble) -> NotebookNode:
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        trouble.add("with metadata that are none; ignored")
        return NotebookNode()
    mark = metadata.get("nbgrader")
    label = mark.get("grade_id") if isinstance(mark, dict) else None
    if not isinstance(label, str):
        return NotebookNode()
    label = label.encode(errors="replace").decode()
    return NotebookNode(nbgrader=NotebookNode(grade_id=label))


def _attachments(value: Any, trouble: _Trouble) -> NotebookNode:
    """Keep the pictures that are sound."""
    sound = NotebookNode()
    for name, bundle in value.items() if isinstance(value, dict) else ():
        if not isinstance(bundle, dict):
            continue
        pictures = NotebookNode(
            {
                _encodable(kind, trouble): _text(data, trouble)
                for kind, data in bundle.items()
                if not kind.endswith("json") and isinstance(data, str | list)
            }
        )
        if pictures:
            sound[_encodable(name, trouble)] = pictures
    if not isinstance(value, dict) or len(sound) < len(value):
        trouble.add("with broken pictures; they were dropped")
    return sound
