"""Bring a student's notebook back into the form of the assignment."""

import copy
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from nbformat import NotebookNode
from nbgrader.utils import is_grade

from helpers.grading.review import NeedsReview
from helpers.grading.submission.log import Log
from helpers.grading.submission.matching import Found, find_cells, grade_id_of
from helpers.grading.submission.names import bound_names, is_python
from helpers.grading.submission.reference import (
    ANSWER,
    LOCKED,
    PLAIN,
    WRITTEN,
    Reference,
    ReferenceCell,
    strip_whitespace,
)
from helpers.grading.submission.structure import make_ids_unique

__all__ = ["align"]


class _Ordinary(NamedTuple):
    """An ordinary cell, and where the assignment has it, if it comes from there."""

    node: NotebookNode
    origin: int = -1


def align(notebook: NotebookNode, reference: Reference) -> tuple[NotebookNode, list[str]]:
    """Make the notebook to grade: the assignment's labelled cells in order, with the answers.

    Tests and set-ups are those of the assignment, hidden tests included. The student's other cells
    stand behind the labelled cell that they followed, without metadata.

    Parameters
    ----------
    notebook
        A valid notebook, such as `read_notebook` gives; not changed.
    reference
        The assignment.

    Returns
    -------
    NotebookNode
        A valid notebook of format 4.5. Cells of the assignment that are neither answers nor tests
        keep their outputs, since they may not be run again.
    list of str
        What was repaired, a line each; empty for a notebook that was only filled in.

    Raises
    ------
    NeedsReview
        If fewer than a quarter of the labelled cells, and of the answers, are in it.
    """
    cells = notebook.cells
    found = find_cells(cells, reference)
    _require_enough(found, reference)
    log = Log()
    pending, followers = _group(cells, found, reference, log)
    given = {
        cell.node.id
        for group in (pending, *followers.values())
        for cell in group
        if cell.origin >= 0
    }
    aligned: list[NotebookNode] = []
    for wanted in reference.labelled:
        match = found.get(wanted.index)
        if match is None:
            # Before what comes later in the assignment; its own introduction stays before it.
            later = [place for place, cell in enumerate(pending) if cell.origin > wanted.index]
            cut = later[0] if later else len(pending)
            aligned += [cell.node for cell in pending[:cut]]
            aligned.append(_restore(wanted, log))
            pending = pending[cut:]
        else:
            aligned += [cell.node for cell in pending]
            aligned += _fill(wanted, cells[match.position], match.evidence, log)
            pending = followers[wanted.index]
    aligned += [cell.node for cell in pending]
    _report_moves(found, reference, log)
    _fill_from_below(aligned, given, reference, log)
    return _notebook(aligned, reference), log.lines()


def _require_enough(found: Mapping[int, Found], reference: Reference) -> None:
    # The place and the stub of a written answer could be those of any assignment.
    sure = {
        cell.index
        for cell in reference.labelled
        if cell.index in found
        and not (cell.kind == WRITTEN and found[cell.index].evidence in ("text", "place"))
    }
    labelled = [cell.index for cell in reference.labelled]
    answers = [cell.index for cell in reference.labelled if cell.kind in (ANSWER, WRITTEN)]
    if all(4 * len(sure.intersection(cells)) < len(cells) for cells in (labelled, answers)):
        raise NeedsReview(
            f"the notebook has {len(sure)} of the {len(labelled)} cells that belong to the "
            "grading; ask the student for the right notebook"
        )


def _group(
    cells: Sequence[NotebookNode], found: Mapping[int, Found], reference: Reference, log: Log
) -> tuple[list[_Ordinary], dict[int, list[_Ordinary]]]:
    """Collect the ordinary cells at the top, and those that follow each labelled cell."""
    owners = {match.position: reference.cells[index] for index, match in found.items()}
    labels = {cell.label: cell for cell in reference.labelled}
    top: list[_Ordinary] = []
    followers: dict[int, list[_Ordinary]] = defaultdict(list)
    group = top
    for position, cell in enumerate(cells):
        owner = owners.get(position)
        label = grade_id_of(cell)
        if owner is not None and owner.kind != PLAIN:
            group = followers[owner.index]
        elif owner is not None:
            group.append(_Ordinary(_ordinary(cell, owner.node.id), owner.index))
        elif label is None or label not in labels:
            if label is not None:
                log.add_unknown(label)
            group.append(_Ordinary(_ordinary(cell)))
        elif _is_work(cell, labels[label]):
            log.add("doubled", labels[label])
            group.append(_Ordinary(_ordinary(cell)))
        elif labels[label].kind == LOCKED:
            log.add("dropped", labels[label])
    return top, followers


def _is_work(cell: NotebookNode, owner: ReferenceCell) -> bool:
    """Tell whether a cell with the label of another one holds work of the student."""
    if owner.kind == ANSWER:
        return not _is_open(cell, owner)
    if owner.kind == WRITTEN:
        return not owner.unanswered(cell)
    if cell.cell_type != "code":
        return strip_whitespace(cell.source) not in owner.texts | {""}
    if not is_python(cell.source):
        # An answer in words, perhaps.
        known = owner.released.splitlines() + owner.node.source.splitlines()
        return not set(cell.source.splitlines()) <= set(known)
    names = bound_names(owner.released) | bound_names(owner.node.source)
    return not bound_names(cell.source) <= names


def _fill(wanted: ReferenceCell, cell: NotebookNode, evidence: str, log: Log) -> list[NotebookNode]:
    """Make a labelled cell from the student's, with what the student added to a locked one."""
    if evidence != "label":
        log.add(evidence, wanted)
    node = copy.deepcopy(wanted.node)
    if wanted.kind == LOCKED:
        if wanted.unchanged(cell):
            if node.cell_type == "code" and not is_grade(node):
                node.outputs = copy.deepcopy(cell.outputs)
            return [node]
        if _is_work(cell, wanted):
            log.add("kept", wanted)
            return [_ordinary(cell), node]
        log.add("changed", wanted)
        return [node]
    if cell.cell_type != node.cell_type:
        log.add("retyped", wanted)
    node.source = cell.source
    if wanted.kind == WRITTEN and "attachments" in cell:
        node.attachments = copy.deepcopy(cell.attachments)
    return [node]


def _restore(wanted: ReferenceCell, log: Log) -> NotebookNode:
    """Make a labelled cell that the student has deleted."""
    log.add("restored" if wanted.kind == LOCKED else "emptied", wanted)
    node = copy.deepcopy(wanted.node)
    if wanted.kind != LOCKED:
        # The stub of code would replace what the student defined in another cell, and for that of
        # a text nbgrader gives 0 points before anybody has looked for the answer elsewhere.
        node.source = ""
    return node


def _ordinary(cell: NotebookNode, name: str | None = None) -> NotebookNode:
    """Copy a cell without its metadata: labels, tags and locks of an ordinary cell mean nothing."""
    node = NotebookNode(cell_type=cell.cell_type, metadata=NotebookNode(), source=cell.source)
    node.id = name or cell.get("id", "")
    if cell.cell_type == "code":
        outputs = [] if name is None else copy.deepcopy(cell.outputs)
        node.update(outputs=outputs, execution_count=None)
    elif "attachments" in cell:
        node.attachments = copy.deepcopy(cell.attachments)
    return node


def _fill_from_below(
    cells: Sequence[NotebookNode], given: Collection[str], reference: Reference, log: Log
) -> None:
    """Copy answers that stand below their tests into the cells for them, where those are open.

    Their own cells stay: they may need what was defined in between.

    Parameters
    ----------
    cells
        The aligned notebook.
    given
        The ids of ordinary cells that the assignment has itself.
    """
    labelled = {cell.node.id: cell for cell in reference.labelled}
    wanted: ReferenceCell | None = None
    tested = False
    for cell in cells:
        owner = labelled.get(cell.id) if "nbgrader" in cell.metadata else None
        if owner is not None and owner.kind in (ANSWER, WRITTEN):
            is_open = owner.kind == ANSWER and _is_open(cell, owner)
            wanted, target, tested = (owner if is_open and owner.names else None), cell, False
        elif owner is not None:
            tested = tested or is_grade(cell)
        elif wanted is not None and cell.cell_type == "code" and cell.id not in given:
            if _is_open(cell, wanted) or not bound_names(cell.source) >= wanted.names:
                continue
            if tested:
                target.source = cell.source
                log.add("elsewhere", wanted)
            # What stands above the first test is an answer as good.
            wanted = None


def _is_open(cell: NotebookNode, owner: ReferenceCell) -> bool:
    return strip_whitespace(cell.source) in ("", strip_whitespace(owner.released))


def _report_moves(found: Mapping[int, Found], reference: Reference, log: Log) -> None:
    order = [cell.index for cell in reference.labelled if cell.index in found]
    seen = sorted(order, key=lambda index: found[index].position)
    blocks = SequenceMatcher(None, order, seen, autojunk=False).get_matching_blocks()
    stayed = {index for block in blocks for index in order[block.a : block.a + block.size]}
    for index in order:
        if index not in stayed:
            log.add("moved", reference.cells[index])


def _notebook(cells: list[NotebookNode], reference: Reference) -> NotebookNode:
    labelled = {cell.node.id for cell in reference.labelled}
    ordinary = [cell for cell in cells if "nbgrader" not in cell.metadata]
    make_ids_unique(ordinary, taken=labelled)
    metadata = NotebookNode()
    if "kernelspec" in reference.notebook.metadata:
        metadata.kernelspec = copy.deepcopy(reference.notebook.metadata.kernelspec)
    return NotebookNode(cells=cells, metadata=metadata, nbformat=4, nbformat_minor=5)
