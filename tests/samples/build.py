"""Build submissions out of the notebooks: exercises, solutions, and answers put in their place."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.grading.repair.names import bound_names
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


def submission(assignment: str, answers: Mapping[str, str]) -> NotebookNode:
    """Return the release notebook with the given exercises answered, on a small budget."""
    notebook = _read("release", assignment)
    for cell in notebook.cells:
        code = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if code is not None:
            cell.source = code.strip()
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = PARAMETERS.get(assignment, cell.source)
    return notebook


def without_shows(notebook: NotebookNode) -> NotebookNode:
    """Remove the code cells that only show something, as students may: grading is faster then.

    Those are cells outside of exercises and tests that bind no name which a later cell has.
    """
    kept, words = [], set()
    for cell in reversed(notebook.cells):
        if cell.cell_type == "code":
            needed = bound_names(cell.source) & words
            if not needed and not {"nbgrader", "tags"} & cell.metadata.keys():
                continue
            words |= set(re.findall(r"\w+", cell.source))
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


def packed(answers: Sequence[Answer], riders: Mapping[str, str]) -> dict[str, dict[str, Answer]]:
    """Pack answers into few submissions: one wrong answer each, right ones for the rest.

    Parameters
    ----------
    answers
        Right and wrong answers of all exercises of an assignment.
    riders
        Exercises whose wrong answers ride along with those of another, which they do not
        depend on: this saves time where grading is slow.

    Returns
    -------
    For each submission's name the answers in it, by exercise.
    """
    right, wrong = defaultdict(list), defaultdict(list)
    for answer in answers:
        (right if answer.right else wrong)[answer.exercise].append(answer)
    submissions: dict[str, dict[str, Answer]] = {}
    for exercise in right:
        if exercise in riders:
            continue
        for answer in wrong[exercise]:
            count = len(submissions)
            content = {name: options[count % len(options)] for name, options in right.items()}
            content[exercise] = answer
            for rider, carrier in riders.items():
                if carrier == exercise and wrong[rider]:
                    content[rider] = wrong[rider].pop()
            submissions[answer.sample] = content
    left = [answer.name for rider in riders for answer in wrong[rider]]
    if left:
        raise ValueError(f"no room for the wrong answers {left}")
    return submissions


def _read(step: str, assignment: str) -> NotebookNode:
    return nbformat.read(ROOT / step / assignment / f"{assignment}.ipynb", as_version=4)
