"""What submissions are graded against: the instructor's notebooks."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.checksums import digest_of_list
from helpers.errors import CourseError
from helpers.grading.course import Course
from helpers.grading.judging.plan import Plan
from helpers.grading.sandbox import Limits
from helpers.grading.submission import Reference
from helpers.grading.submission.reference import ANSWER

__all__ = ["Assignment", "find_tests", "read_assignment"]


@dataclass(frozen=True)
class Assignment:
    """An assignment as workers need it; all of it can be sent to other machines.

    Parameters
    ----------
    name
        That of its folder in source/.
    references
        The instructor's notebooks, by their names.
    plans
        How their tests are judged.
    digests
        SHA-256, hexadecimal: under `""`, of the instructor's notebooks without their tests; for
        each test, of that and of the test with all the tests that it builds upon.
    limits
        What its submissions may use.
    parameters
        The largest values of parameters in its submissions.
    """

    name: str
    references: Mapping[str, Reference]
    plans: Mapping[str, Plan]
    digests: Mapping[str, str]
    limits: Limits = field(default_factory=Limits)
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def tests(self) -> frozenset[str]:
        """The ids of all its tests."""
        return frozenset(test for plan in self.plans.values() for test in plan.tests)

    @property
    def answers(self) -> dict[tuple[str, str], list[str]]:
        """For each answer in code, by notebook and id of its cell, the tests that follow it."""
        found: dict[tuple[str, str], list[str]] = {}
        for notebook, reference in self.references.items():
            tests: list[str] = []
            for cell in reference.labelled:
                if cell.kind == ANSWER:
                    tests = found.setdefault((notebook, cell.label), [])
                elif cell.label in self.plans[notebook].tests:
                    tests.append(cell.label)
        return found


def read_assignment(course: Course, name: str) -> Assignment:
    """Read the instructor's notebooks of an assignment.

    Raises
    ------
    CourseError
        If there are none, or if one can't be read.
    """
    directory = course.directory
    folder = Path(directory.format_path(directory.source_directory, ".", name))
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise CourseError(f"{folder} has no notebook; an assignment is source/NAME/NAME.ipynb")
    references = {path.stem: Reference.read(path) for path in paths}
    for reference in references.values():
        # Made here and not by every worker again for every submission.
        assert reference.labelled is not None
    plans = {notebook: Plan.of(reference.notebook) for notebook, reference in references.items()}
    return Assignment(name, references, plans, _digests(references, plans))


def _digests(references: Mapping[str, Reference], plans: Mapping[str, Plan]) -> dict[str, str]:
    """Digest what the points of each test depend on, so that some can be judged anew alone."""
    others: list[bytes] = []
    tests: dict[str, list[bytes]] = {}
    for notebook, reference in references.items():
        plan, contents = plans[notebook], dict[str, bytes]()
        others += [notebook.encode(), _content(reference.notebook.metadata)]
        for cell in reference.notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if name in plan.tests:
                contents[name] = _content(cell)
                others.append(name.encode())
            else:
                others.append(_content(cell))
        for name in plan.tests:
            needed = [contents[other] for other, *_ in plan.needs(name) if other in contents]
            tests.setdefault(name, []).extend(needed)
    without_tests = digest_of_list(others)
    return {
        "": without_tests,
        **{name: digest_of_list([without_tests.encode(), *own]) for name, own in tests.items()},
    }


def _content(part: Mapping[str, Any]) -> bytes:
    return json.dumps(part, sort_keys=True).encode()


def find_tests(assignments: Collection[Assignment], exercise: str) -> frozenset[str]:
    """Return the tests of an exercise.

    Parameters
    ----------
    assignments
        Where to look for it.
    exercise
        The ``grade_id`` of the cell with its solution, whose tests follow it; or that of one test.

    Raises
    ------
    CourseError
        If no assignment has such an exercise or test.
    """
    answers = {
        name: tests
        for assignment in assignments
        for (_, name), tests in assignment.answers.items()
        if tests
    }
    alone = {test: [test] for assignment in assignments for test in assignment.tests}
    tests = frozenset((alone | answers).get(exercise, ()))
    if not tests:
        known = ", ".join(answers)
        raise CourseError(f"no exercise has tests and the name {exercise}; there are {known}")
    return tests
