"""What submissions are graded against: the instructor's notebooks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpers.checksums import digest
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
    digest
        SHA-256 of the instructor's notebooks, hexadecimal.
    limits
        What its submissions may use.
    parameters
        The largest values of parameters in its submissions.
    """

    name: str
    references: Mapping[str, Reference]
    plans: Mapping[str, Plan]
    digest: str
    limits: Limits = field(default_factory=Limits)
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def tests(self) -> frozenset[str]:
        """The ids of all its tests."""
        return frozenset(test for plan in self.plans.values() for test in plan.tests)


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
    return Assignment(
        name,
        references,
        {notebook: Plan.of(reference.notebook) for notebook, reference in references.items()},
        digest(*(part for path in paths for part in (path.name.encode(), path.read_bytes()))).hex(),
    )


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
    exercises: dict[str, list[str]] = {}
    for assignment in assignments:
        for notebook, reference in assignment.references.items():
            current: list[str] = []
            for cell in reference.labelled:
                if cell.kind == ANSWER:
                    current = exercises.setdefault(cell.label, [])
                elif cell.label in assignment.plans[notebook].tests:
                    current.append(cell.label)
                    exercises[cell.label] = [cell.label]
    tests = frozenset(exercises.get(exercise, ()))
    if not tests:
        known = ", ".join(name for name, tests in exercises.items() if tests != [name])
        raise CourseError(f"no exercise has tests and the name {exercise}; there are {known}")
    return tests
