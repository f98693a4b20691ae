"""People's names in the gradebook, for formgrader, feedback and reports."""

from helpers.classroom.roster import Roster
from helpers.grading.course import Course

__all__ = ["name_students"]


def name_students(course: Course, roster: Roster) -> None:
    """Write names and e-mails into the gradebook, and people into it who are not there yet.

    Parameters
    ----------
    course
        Its gradebook is not made if there is none.
    roster
        The people; an empty one changes nothing.
    """
    if not roster.people or not course.has_gradebook:
        return
    with course.gradebook() as gradebook:
        known = {student.id: student for student in gradebook.students}
        for folder, person in roster.people.items():
            news = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
            }
            # What the roster does not know may have been entered into the gradebook by hand.
            news = {field: value for field, value in news.items() if value}
            student = known.get(folder)
            if student is None:
                gradebook.add_student(folder, **news)
            else:
                for field, value in news.items():
                    setattr(student, field, value)
        gradebook.db.commit()
