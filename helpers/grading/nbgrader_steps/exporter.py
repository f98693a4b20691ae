"""The marks of all students as a CSV file that hides no failure."""

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

from helpers.grading.course import Course, Submission
from helpers.grading.formulas import disarm
from helpers.grading.states import find_state

__all__ = ["COLUMNS", "MarksExporter", "list_marks", "write_marks"]

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status", "reason"),
)
"""Those of nbgrader's own exporter, then `status` and `reason`."""


class MarksExporter(ExportPlugin):
    """Let `nbgrader export` write our table.

    It differs from nbgrader's own in that a submission that needs review has empty scores instead
    of 0, students whom the gradebook doesn't know yet are in the table, and names may have commas.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to `to`, by default grades.csv in the working directory."""
        course = Course(self.config, self.parent.coursedir)
        students, assignments = map(str, self.student), map(str, self.assignment)
        rows = list_marks(course, gradebook, set(assignments), set(students))
        destination = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", destination)
        write_marks(rows, destination)


def list_marks(
    course: Course,
    gradebook: Gradebook,
    assignments: Collection[str] = (),
    students: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Make a row for every assignment and student, or for those that are wanted.

    Returns
    -------
    list of dict
        With the keys `COLUMNS`.
    """
    wanted = [
        assignment
        for assignment in gradebook.assignments
        if not assignments or assignment.name in assignments
    ]
    known = {student.id: student for student in gradebook.students}
    submitted = course.submissions([assignment.name for assignment in wanted])
    everybody = sorted(known.keys() | {submission.student for submission in submitted})
    return [
        _row(course, gradebook, assignment, student, known.get(student))
        for assignment in wanted
        for student in everybody
        if not students or student in students
    ]


def write_marks(rows: list[dict[str, Any]], destination: Path) -> None:
    """Write rows of `list_marks` to a CSV file."""
    with destination.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {key: disarm(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
            )


def _row(
    course: Course,
    gradebook: Gradebook,
    assignment: Assignment,
    student_id: str,
    student: Student | None,
) -> dict[str, Any]:
    submission = Submission(assignment.name, student_id)
    state = find_state(course, gradebook, submission)
    try:
        entry = gradebook.find_submission(assignment.name, student_id)
    except MissingEntry:
        entry = None
    penalty = entry.late_submission_penalty if entry else 0.0
    return {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": entry and entry.timestamp,
        "student_id": student_id,
        "last_name": student and student.last_name,
        "first_name": student and student.first_name,
        "email": student and student.email,
        "raw_score": state.points,
        "late_submission_penalty": penalty,
        "score": None if state.points is None else max(0.0, state.points - penalty),
        "max_score": assignment.max_score,
        "status": state.status,
        "reason": state.reason,
    }
