"""Attacks on the notebook: tests that are gone, changed, doubled or labelled otherwise."""

import copy
from collections.abc import Callable

from tests.builders import Cell, Notebook, code_cell, grading
from tests.grading.attacks.assignment import ALL, RIGHT
from tests.grading.attacks.attack import Attack
from tests.grading.builders import cell

__all__ = ["ATTACKS"]

_TESTS = ("scaled", "unchanged", "counted", "number")


def _each(change: Callable[[Cell], object]) -> Callable[[Notebook], None]:
    """Make a change of a notebook out of one of a test cell."""

    def change_all(content: Notebook) -> None:
        for name in _TESTS:
            change(cell(content, name))

    return change_all


def _label(**changes: dict[str, object]) -> Callable[[Notebook], None]:
    """Change the label of each test in its own way."""

    def change_labels(content: Notebook) -> None:
        for name, change in changes.items():
            cell(content, name)["metadata"]["nbgrader"].update(change)

    return change_labels


def _tag(content: Notebook) -> None:
    tags = ("skip-execution", "raises-exception", "remove-cell", "nbgrader-skip")
    for name, tag in zip(_TESTS, tags, strict=True):
        cell(content, name)["metadata"]["tags"] = [tag, "skip-execution"]


def _delete(content: Notebook) -> None:
    content["cells"] = [cell for cell in content["cells"] if not _is_test(cell)]


def _move_first(content: Notebook) -> None:
    content["cells"].sort(key=_is_test, reverse=True)


def _is_test(cell: Cell) -> bool:
    return cell["metadata"].get("nbgrader", {}).get("grade_id") in _TESTS


def _double(content: Notebook) -> None:
    for name in _TESTS:
        copied = copy.deepcopy(cell(content, name))
        content["cells"].append(copied | {"source": "pass", "id": f"copy-{name}"})


def _double_answers(content: Notebook) -> None:
    for name in RIGHT:
        content["cells"].append(cell(content, name) | {"id": f"copy-{name}"})


def _invent(content: Notebook) -> None:
    label = grading("bonus", grade=True, locked=True, points=99)
    content["cells"].append(code_cell("1 + 1", "bonus", label))


def _grade_answers(content: Notebook) -> None:
    for name in RIGHT:
        cell(content, name)["metadata"]["nbgrader"].update(grade=True, points=50)


def _strip(content: Notebook) -> None:
    for cell_ in content["cells"]:
        cell_["metadata"] = {}


def _swap(content: Notebook) -> None:
    first, second = (cell(content, name)["metadata"]["nbgrader"] for name in ("scaled", "number"))
    first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]


def _steal_labels(content: Notebook) -> None:
    """Let the set-up bear the labels of the tests as well."""
    for name in _TESTS:
        stolen = copy.deepcopy(cell(content, name)["metadata"])
        cell(content, name)["metadata"] = {}
        content["cells"].insert(0, code_cell("pass", f"stolen-{name}") | {"metadata": stolen})


def _in_markdown(test: Cell) -> None:
    test["cell_type"] = "markdown"
    del test["outputs"], test["execution_count"]


def _forge_outputs(test: Cell) -> None:
    data = {"text/plain": "1.0"}
    test["outputs"] = [
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
    ]


_CHANGES = {
    "deleted-tests": (_delete, "deleted"),
    "edited-tests": (_each(lambda test: test.update(source="1.0")), "changed"),
    "tests-at-the-top": (_move_first, "moved"),
    "doubled-tests": (_double, "more than once"),
    "tagged-tests": (_tag, ""),
    "relabelled-tests": (
        _label(
            scaled={"points": 1000},
            unchanged={"grade": False},
            counted={"solution": True, "locked": False},
            number={"task": True, "grade": False},
        ),
        "",
    ),
    "strange-labels": (
        _label(
            scaled={"schema_version": 1},
            unchanged={"schema_version": 99},
            counted={"schema_version": "x" * 1000, "points": {}},
            number={"grade_id": ["number"], "points": -5},
        ),
        "",
    ),
    "no-metadata": (_strip, ""),
    "swapped-labels": (_swap, ""),
    "stolen-labels": (_steal_labels, ""),
    "tests-in-markdown": (_each(_in_markdown), "changed"),
    "graded-answers": (_grade_answers, ""),
    "invented-test": (_invent, "bonus"),
    "forged-outputs": (_each(_forge_outputs), ""),
}

ATTACKS = [
    *(Attack(name, change=change, said=said) for name, (change, said) in _CHANGES.items()),
    *(
        Attack(f"{name}-by-mistake", change=_CHANGES[name][0], answers=RIGHT, points=ALL)
        for name in ("deleted-tests", "doubled-tests", "no-metadata")
    ),
    Attack("doubled-answers", change=_double_answers, answers=RIGHT, points=ALL),
]
