"""What was repaired, in the words that students and instructors read."""

from collections import defaultdict

from helpers.grading.submission.reference import LOCKED, PLAIN, ReferenceCell
from helpers.grading.submission.wording import listed, printable

__all__ = ["Log"]

# For one cell and for several.
_LINES = {
    # Not that it was changed: the assignment may have been, after it was handed in.
    "changed": (
        "differs from the assignment's and was replaced",
        "differ from the assignment's and were replaced",
    ),
    "kept": (
        "differs from the assignment's and was replaced; the code that was added stands in a cell "
        "before it",
        "differ from the assignment's and were replaced; the code that was added stands in cells "
        "before them",
    ),
    "restored": ("was deleted; restored", "were deleted; restored"),
    "emptied": ("was deleted; counts as not answered", "were deleted; count as not answered"),
    "retyped": ("was of another cell type; turned back", "were of another cell type; turned back"),
    "id": ("had lost its label; found by its id", "had lost their labels; found by their ids"),
    "text": ("had lost its label; found by its text", "had lost their labels; found by their text"),
    "names": (
        "had lost its label; found by what it defines",
        "had lost their labels; found by what they define",
    ),
    "elsewhere": (
        "was empty; the solution below its tests was copied into it",
        "were empty; the solutions below their tests were copied into them",
    ),
    "place": (
        "was not in the cell for it; found by its place",
        "were not in the cells for them; found by their place",
    ),
    "moved": ("was moved; back in its place", "were moved; back in their places"),
    "doubled": (
        "was there more than once; the copies are ordinary cells now",
        "were there more than once; the copies are ordinary cells now",
    ),
    "dropped": (
        "was there more than once; the copies were dropped",
        "were there more than once; the copies were dropped",
    ),
}


class Log:
    """Collect repairs, and say those of one kind in one line."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._unknown: dict[str, None] = {}

    def add(self, event: str, cell: ReferenceCell) -> None:
        """Note that something, a key of the table above, happened to a cell."""
        self._cells[event, _noun(cell)][f"`{cell.label}`"] = None

    def add_unknown(self, label: str) -> None:
        """Note a label that the assignment does not have."""
        self._unknown[f"`{printable(label)}`"] = None

    def lines(self) -> list[str]:
        """Return the lines, in the order in which their first events were noted."""
        lines = []
        for (event, noun), labels in self._cells.items():
            one, several = _LINES[event]
            subject, predicate = (noun, one) if len(labels) == 1 else (f"{noun}s", several)
            lines.append(f"the {subject} {listed(labels)} {predicate}")
        if self._unknown:
            lines.append(
                f"the assignment has no graded cell {listed(self._unknown)}; an ordinary cell now"
                if len(self._unknown) == 1
                else f"the assignment has no graded cells {listed(self._unknown)}; "
                "ordinary cells now"
            )
        return lines


def _noun(cell: ReferenceCell) -> str:
    if cell.kind not in (LOCKED, PLAIN):
        return "answer"
    return "test" if cell.node.metadata.get("nbgrader", {}).get("grade") else "cell"
