"""Build submissions out of the notebooks: exercises, solutions, and answers put in their place."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.grading.judging.names import used_and_defined
from tests.samples.answers import Answer

__all__ = [
    "ROOT",
    "basic_samples",
    "exercises",
    "packed",
    "solutions",
    "submission",
    "without_shows",
]

ROOT = Path(__file__).parents[2]

# What a student with a slow laptop would set in the cell tagged `parameters`; the checks allow it.
PARAMETERS = {"mnist-cnn": "TRAINING_IMAGES = 5_000"}


def exercises(assignment: str) -> dict[str, dict[str, float]]:
    """Return the points of the autograded tests of each exercise, by ``grade_id``.

    The tests of an exercise are those that follow its solution cell.
    """
    found: dict[str, dict[str, float]] = {}
    for cell in _read("source", assignment).cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and mark.get("solution"):
            tests = found[mark["grade_id"]] = {}
        elif cell.cell_type == "code" and mark.get("grade"):
            tests[mark["grade_id"]] = mark["points"]
    return found


def solutions(assignment: str) -> dict[str, str]:
    """Return the instructor's answers, code and text, as a student might have written them."""
    return {
        cell.metadata.nbgrader.grade_id: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source)
        for cell in _read("source", assignment).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def submission(assignment: str, answers: Mapping[str, str], *, budget: bool = True) -> NotebookNode:
    """Return the release notebook with the given exercises answered, on a small budget or not."""
    notebook = _read("release", assignment)
    for cell in notebook.cells:
        code = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if code is not None:
            cell.source = code.strip()
        if budget and "parameters" in cell.metadata.get("tags", []):
            cell.source = PARAMETERS.get(assignment, cell.source)
    return notebook


def without_shows(notebook: NotebookNode) -> NotebookNode:
    """Remove the code cells that only show something, as students may: grading is faster then.

    Those are cells outside of exercises and tests that define no name which a later cell takes.
    """
    kept, wanted = [], set()
    for cell in reversed(notebook.cells):
        if cell.cell_type == "code":
            used, defined = used_and_defined(cell.source)
            if not defined & wanted and not {"nbgrader", "tags"} & cell.metadata.keys():
                continue
            wanted |= used
        kept.append(cell)
    notebook.cells = kept[::-1]
    return notebook


def basic_samples(assignment: str) -> dict[str, NotebookNode]:
    """Return three submissions: ``perfect``, ``half-done`` and ``untouched``."""
    solved = solutions(assignment)
    autograded = list(exercises(assignment))
    half = {exercise: solved[exercise] for exercise in autograded[: len(autograded) // 2]}
    return {
        "perfect": submission(assignment, solved),
        "half-done": submission(assignment, half),
        "untouched": submission(assignment, {}),
    }


def packed(answers: Sequence[Answer]) -> dict[str, dict[str, Answer]]:
    """Pack answers into few submissions, since grading trains networks.

    No test takes anything from the answer to another exercise, so several answers may be wrong in
    one submission. For any two exercises there is a submission where the one is right and the
    other wrong, so that a mistake which costs points elsewhere is found.

    Parameters
    ----------
    answers
        Right and wrong answers of all exercises of an assignment.

    Returns
    -------
    For each submission's name the answers in it, by exercise. Every answer is in one of them.
    """
    right, wrong = defaultdict(list), defaultdict(list)
    for answer in answers:
        (right if answer.right else wrong)[answer.exercise].append(answer)
    count = max(len(right[exercise]) + len(wrong[exercise]) for exercise in right)
    submissions: dict[str, dict[str, Answer]] = {f"sample-{n:02}": {} for n in range(count)}
    for exercise, places in _right_places(
        {name: count - len(wrong[name]) for name in right}, count
    ):
        rights, wrongs = itertools.cycle(right[exercise]), iter(wrong[exercise])
        for number, content in enumerate(submissions.values()):
            content[exercise] = next(rights if number in places else wrongs)
    return submissions


def _right_places(sizes: Mapping[str, int], count: int) -> Iterator[tuple[str, set[int]]]:
    """Choose the submissions in which each exercise is right: so many, and none among another's."""
    chosen: list[set[int]] = []
    load = [0] * count
    for exercise, size in sizes.items():
        free = (
            set(places)
            for places in itertools.combinations(range(count), size)
            if not any(set(places) <= other or other <= set(places) for other in chosen)
        )
        places = min(free, key=lambda places: sum(load[number] for number in places))
        chosen.append(places)
        load = [old + (number in places) for number, old in enumerate(load)]
        yield exercise, places


def _read(step: str, assignment: str) -> NotebookNode:
    return nbformat.read(ROOT / step / assignment / f"{assignment}.ipynb", as_version=4)
