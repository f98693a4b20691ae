"""Which names a test takes from the student's notebook, and which from the course's own cells."""

import ast
import builtins
import copy
import itertools
import re
from dataclasses import dataclass
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judging.measurements import without_measurements
from helpers.grading.judging.names import used_and_defined
from helpers.grading.review import NeedsReview
from helpers.grading.submission.names import bound_names

__all__ = ["Plan"]

_LIBRARIES = "numpy|scipy|sklearn|PIL|matplotlib|helpers"
_NETWORKS = "tensorflow|keras|quiet|cnn|features|networks"


@dataclass(frozen=True)
class _Needs:
    """What a cell of the course takes from elsewhere."""

    from_student: tuple[str, ...]
    from_cells: dict[str, str]  # name: id of the cell that defines it


@dataclass(frozen=True)
class Plan:
    """How the tests of an assignment are judged.

    A name belongs to the last cell before that defines it, in the instructor's notebook. Cells that
    students can't change (set-up that is locked, and tests) and cells of nothing but imports run in
    the judge, unless they build upon an answer; what they define is the judge's. So is what any
    other cell imports: a test must not compare with a student's NumPy. Everything else is the
    student's.

    Parameters
    ----------
    sources
        The cells that may run in the judge, by their ids.
    tests
        The ids of those that are tests, in their order.
    opening
        The locked cells that the notebook begins with, by their ids.
    parameters
        The ids of the cells tagged `parameters`.
    free
        The cells that students may change or delete, although they are neither answers nor tagged
        `parameters`, by their ids.
    feature_cells
        What computes the features of pictures for the first time: the cells of the instructor's
        notebook but its tests, if any is tagged `features`.
    unsure
        For each test the names that it takes from free cells; for locked cells as well those that
        nothing before defines, as after ``import *`` and in magics.
    """

    sources: dict[str, str]
    tests: tuple[str, ...]
    opening: dict[str, str]
    parameters: frozenset[str]
    free: dict[str, str]
    feature_cells: tuple[str, ...]
    unsure: dict[str, tuple[str, ...]]
    _needs: dict[str, _Needs]

    @property
    def uses_libraries(self) -> bool:
        """Whether its cells import NumPy, Matplotlib or others for arrays, or the course's own."""
        return self._import_any(_LIBRARIES)

    @property
    def uses_networks(self) -> bool:
        """Whether its cells import TensorFlow, directly or by the course's package."""
        return self._import_any(_NETWORKS)

    def _import_any(self, modules: str) -> bool:
        found = re.compile(rf"^\s*(from|import)\b.*\b({modules})\b", re.MULTILINE)
        return any(map(found.search, self.sources.values()))

    @classmethod
    def of(cls, notebook: NotebookNode) -> "Plan":
        """Make the plan of an assignment from the instructor's notebook.

        Raises
        ------
        NeedsReview
            If one of the course's own cells is no Python.
        """
        owners: dict[str, str | None] = {}
        sources: dict[str, str] = {}
        needs: dict[str, _Needs] = {}
        unsure: dict[str, tuple[str, ...]] = {}
        promised: set[str] = set()
        tests, feature_cells = [], []
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        opening = {cell.id: cell.source for cell in itertools.takewhile(_is_set_up, code)}
        for cell in code:
            cell = _for_judge(cell)
            used, defined = _names(cell)
            known = {name: owners[name] for name in used if name in owners}
            unknown = {name for name in used if name not in owners and not hasattr(builtins, name)}
            students = {name for name, owner in known.items() if owner is None} | unknown
            is_test = utils.is_grade(cell) and not utils.is_solution(cell)
            given = utils.is_locked(cell) or _only_imports(cell)
            if is_test or (given and not students):
                identity = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id
                sources[identity] = cell.source
                cells = {name: owner for name, owner in known.items() if owner is not None}
                needs[identity] = _Needs(tuple(sorted(students)), cells)
                owners |= dict.fromkeys(defined, identity)
                if is_test:
                    tests.append(identity)
                    if names := sorted(students - promised):
                        unsure[identity] = tuple(names)
            else:
                owners |= dict.fromkeys(defined)
                if imports := _imports(cell):
                    identity = f"{cell.id}: imports"
                    sources[identity] = "\n".join(imports.values())
                    needs[identity] = _Needs((), {})
                    owners |= dict.fromkeys(imports, identity)
                if given and unknown:
                    unsure[cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id] = tuple(
                        sorted(unknown)
                    )
            if given or utils.is_solution(cell) or _has_tag(cell, "parameters"):
                promised |= defined
            if not is_test:
                feature_cells.append(cell.source)
        extracts = any(_has_tag(cell, "features") for cell in code)
        features = tuple(feature_cells) if extracts else ()
        free = {cell.id: cell.source for cell in code if _is_free(cell)}
        parameters = frozenset(cell.id for cell in code if _has_tag(cell, "parameters"))
        return cls(sources, tuple(tests), opening, parameters, free, features, unsure, needs)

    @property
    def set_up(self) -> list[tuple[str, dict[str, str]]]:
        """The cells that are no tests, in order, each with the cells that its names come from."""
        names = self.sources.keys() - set(self.tests)
        return [(name, self._needs[name].from_cells) for name in self.sources if name in names]

    def needs(self, test: str) -> list[list[Any]]:
        """List what a test needs: for it and all cells that it builds upon, in order.

        Parameters
        ----------
        test
            Its ``grade_id``.

        Returns
        -------
        list of [id, names from the student, {name: id of the cell that defines it}]
        """
        wanted = {test}
        for identity in reversed(self.sources):
            if identity in wanted:
                wanted |= set(self._needs[identity].from_cells.values())
        return [
            [identity, list(self._needs[identity].from_student), self._needs[identity].from_cells]
            for identity in self.sources
            if identity in wanted
        ]


def _for_judge(cell: NotebookNode) -> NotebookNode:
    if not utils.is_grade(cell):
        return cell
    return NotebookNode(cell, source=without_measurements(cell.source))


def _is_set_up(cell: NotebookNode) -> bool:
    return utils.is_locked(cell) and not utils.is_grade(cell)


def _is_free(cell: NotebookNode) -> bool:
    kept = utils.is_locked(cell) or utils.is_grade(cell) or utils.is_solution(cell)
    return not kept and not _has_tag(cell, "parameters")


def _has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _only_imports(cell: NotebookNode) -> bool:
    return all(isinstance(part, ast.Import | ast.ImportFrom) for part in _tree(cell).body)


def _imports(cell: NotebookNode) -> dict[str, str]:
    """Return the names that a cell only imports, and for each the statement that does so."""
    found: dict[str, str] = {}
    others = []
    for part in _tree(cell).body:
        if not isinstance(part, ast.Import | ast.ImportFrom):
            others.append(part)
        elif getattr(part, "module", None) != "__future__":
            for alias in part.names:
                alone = copy.copy(part)
                alone.names = [alias]
                name = (alias.asname or alias.name).partition(".")[0]
                # Several modules of one package may be imported.
                found[name] = "\n".join(filter(None, (found.get(name), ast.unparse(alone))))
    bound = bound_names(ast.unparse(ast.Module(others, [])))
    return {name: line for name, line in found.items() if name not in {*bound, "*"}}


def _tree(cell: NotebookNode) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(cell.source))


def _names(cell: NotebookNode) -> tuple[set[str], set[str]]:
    try:
        return used_and_defined(cell.source)
    except SyntaxError as error:
        raise NeedsReview(
            f"a cell of the instructor's notebook is no Python ({error}); correct it in source/"
        ) from None
