"""Find out which cell of a student's notebook is which cell of the assignment."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.grading.submission.names import bound_names
from helpers.grading.submission.reference import (
    ANSWER,
    LOCKED,
    PLAIN,
    WRITTEN,
    Reference,
    ReferenceCell,
    strip_whitespace,
)

__all__ = ["Found", "find_cells", "grade_id_of"]


@dataclass(frozen=True)
class Found:
    """A cell that was found.

    Parameters
    ----------
    position
        Where it is in the student's notebook.
    evidence
        By what it was found: "label", "id", "text", "names" or "place".
    """

    position: int
    evidence: str


def grade_id_of(cell: NotebookNode) -> str | None:
    """Return the label that a cell bears, which nobody needs to believe."""
    mark = cell.metadata.get("nbgrader")
    label = mark.get("grade_id") if isinstance(mark, dict) else None
    return label if isinstance(label, str) else None


def find_cells(cells: Sequence[NotebookNode], reference: Reference) -> dict[int, Found]:
    """Match a student's cells with those of the assignment.

    Labels are believed first, then the cells' ids, then equal text; what is left of the answers is
    looked for where they belong, by the names that they bind.

    Returns
    -------
    dict of int to Found
        By the cell's index in the assignment.
    """
    search = _Search(cells, reference)
    search.by_label()
    search.by_id()
    search.by_text()
    search.by_names()
    search.by_place()
    return search.found


class _Search:
    def __init__(self, cells: Sequence[NotebookNode], reference: Reference) -> None:
        self._cells = cells
        self._reference = reference
        self._texts = [strip_whitespace(cell.source) for cell in cells]
        self._owners: dict[str, list[ReferenceCell]] = defaultdict(list)
        for cell in reference.cells:
            for text in cell.texts - {""}:
                self._owners[text].append(cell)
        self._names: dict[int, frozenset[str]] = {}
        self.found: dict[int, Found] = {}

    def by_label(self) -> None:
        claims: dict[str, list[int]] = defaultdict(list)
        for position, cell in enumerate(self._cells):
            label = grade_id_of(cell)
            if label is not None:
                claims[label].append(position)
        for wanted in self._reference.labelled:
            fitting = [at for at in claims[wanted.label] if self._fits(at, wanted)]
            if fitting:
                best = min(fitting, key=lambda at: self._faults(at, wanted))
                self._take(wanted, best, "label")

    def by_id(self) -> None:
        wanted = {cell.node.id: cell for cell in self._missing()}
        for position in self._free():
            cell = wanted.get(self._cells[position].get("id"))
            if cell is not None and cell.index not in self.found and self._fits(position, cell):
                self._take(cell, position, "id")

    def by_text(self) -> None:
        for position in self._free():
            for cell in self._owners.get(self._texts[position], []):
                if cell.index not in self.found:
                    self._take(cell, position, "text")
                    break

    def by_names(self) -> None:
        for wanted in self._missing(ANSWER):
            bound = {at: self._bound(at) & wanted.names for at in self._around(wanted)}
            best = max(bound, key=lambda at: len(bound[at]), default=None)
            if best is not None and bound[best]:
                self._take(wanted, best, "names")

    def by_place(self) -> None:
        """Find written answers without a label: below the cell for them, or in the question."""
        for wanted in self._reference.labelled:
            if wanted.kind != WRITTEN:
                continue
            found = self.found.get(wanted.index)
            if found is None:
                places = [*self._around(wanted, PLAIN), *self._around(wanted)]
            elif wanted.unanswered(self._cells[found.position]):
                places = list(self._below(found.position, PLAIN))
            else:
                continue
            prose = [at for at in places if self._is_prose(at)]
            question = self._reference.cells[wanted.index - 1]
            if prose:
                self._take(wanted, prose[0], "place")
            elif wanted.index and self._is_extended(question):
                self._take(wanted, self.found.pop(question.index).position, "place")

    def _take(self, cell: ReferenceCell, position: int, evidence: str) -> None:
        self.found[cell.index] = Found(position, evidence)

    def _missing(self, kind: str | None = None) -> list[ReferenceCell]:
        return [
            cell
            for cell in self._reference.cells
            if cell.index not in self.found and kind in (None, cell.kind)
        ]

    def _free(self) -> list[int]:
        taken = {found.position for found in self.found.values()}
        return [position for position in range(len(self._cells)) if position not in taken]

    def _fits(self, position: int, cell: ReferenceCell) -> bool:
        """Doubt a grade_id if the text is that of another cell of the assignment."""
        owners = self._owners.get(self._texts[position])
        return owners is None or cell.index in [owner.index for owner in owners]

    def _faults(self, position: int, wanted: ReferenceCell) -> tuple[bool, bool, int]:
        """Rank cells with the same label: the best one comes first."""
        cell = self._cells[position]
        other_type = cell.cell_type != wanted.node.cell_type
        if wanted.kind == LOCKED:
            return not wanted.unchanged(cell), other_type, position
        # nbgrader gives no points for an untouched stub, and shows it to nobody.
        return wanted.kind == WRITTEN and wanted.unanswered(cell), other_type, position

    def _around(self, wanted: ReferenceCell, *fences: str) -> Iterator[int]:
        """List the free cells where a missing cell belongs, as far as the next cells found.

        Labelled cells bound the place; cells of the kinds `fences` do so too.
        """
        before = [
            self.found[cell.index].position
            for cell in self._reference.cells[: wanted.index]
            if cell.index in self.found and (cell.kind != PLAIN or cell.kind in fences)
        ]
        return self._below(before[-1] if before else -1, *fences)

    def _below(self, position: int, *fences: str) -> Iterator[int]:
        taken = {
            found.position: self._reference.cells[index].kind for index, found in self.found.items()
        }
        for below in range(position + 1, len(self._cells)):
            kind = taken.get(below)
            if kind is None:
                yield below
            elif kind != PLAIN or kind in fences:
                return

    def _bound(self, position: int) -> frozenset[str]:
        if position not in self._names:
            cell = self._cells[position]
            self._names[position] = bound_names(cell.source, broken=cell.cell_type == "code")
        return self._names[position]

    def _is_prose(self, position: int) -> bool:
        text = self._texts[position]
        return (
            self._cells[position].cell_type != "code" and text != "" and (text not in self._owners)
        )

    def _is_extended(self, question: ReferenceCell) -> bool:
        """Tell whether a student has written something into prose of the assignment."""
        found = self.found.get(question.index)
        if found is None or question.kind != PLAIN:
            return False
        text = self._texts[found.position]
        longest = max(map(len, question.texts))
        return self._is_prose(found.position) and len(text) > longest
