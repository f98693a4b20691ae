"""Every right answer keeps its points, every wrong one loses points of its exercise alone."""

import importlib
import itertools

import pytest

from helpers.commands.folder import assignments
from tests.samples.build import ROOT, exercises, packed, submission, without_shows
from tests.samples.grading import grade_samples

pytestmark = pytest.mark.needs("sandbox")

# Each assignment has its module of samples.
SAMPLES = {
    assignment: importlib.import_module(f"tests.samples.{assignment.replace('-', '_')}")
    for assignment in assignments(ROOT)
}
SUBMISSIONS = {assignment: packed(module.ANSWERS) for assignment, module in SAMPLES.items()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all samples of an assignment once, when the first test asks for it."""
    results = {}

    def grade(assignment):
        if assignment not in results:
            samples = {}
            for name, answers in SUBMISSIONS[assignment].items():
                code = {exercise: answer.code for exercise, answer in answers.items()}
                samples[name] = without_shows(submission(assignment, code))
            folder = tmp_path_factory.mktemp(assignment)
            results[assignment] = grade_samples(folder, assignment, samples)
        return results[assignment]

    return grade


def _lost(scores, tests):
    return {test: points - scores[test] for test, points in tests.items() if scores[test] < points}


@pytest.mark.parametrize(
    ("assignment", "exercise", "answer"),
    [
        (assignment, answer.exercise, answer.name)
        for assignment, module in SAMPLES.items()
        for answer in module.ANSWERS
    ],
)
def test_wrong_answers_lose_points_of_their_exercise_and_right_ones_none(
    graded, assignment, exercise, answer
):
    tests = exercises(assignment)[exercise]
    found = 0
    for name, answers in SUBMISSIONS[assignment].items():
        if answers[exercise].name == answer:
            found += 1
            lost = _lost(graded(assignment)[name].points, tests)
            assert bool(lost) != answers[exercise].right, f"{name} lost {lost}"
    assert found


@pytest.mark.parametrize(
    ("assignment", "exercise", "answer"),
    [
        (assignment, answer.exercise, answer.name)
        for assignment, module in SAMPLES.items()
        for answer in module.ANSWERS
        if answer.hint
    ],
)
def test_a_mistake_gets_the_hint_that_explains_it(graded, assignment, exercise, answer):
    for name, answers in SUBMISSIONS[assignment].items():
        if answers[exercise].name == answer:
            messages = graded(assignment)[name].messages
            shown = [messages[test] for test in exercises(assignment)[exercise] if test in messages]
            assert any(answers[exercise].hint in message for message in shown), shown


@pytest.mark.parametrize("assignment", SAMPLES)
def test_every_exercise_is_once_right_where_another_is_wrong(assignment):
    beside = {
        (right, wrong)
        for answers in SUBMISSIONS[assignment].values()
        for right, wrong in itertools.permutations(answers, 2)
        if answers[right].right and not answers[wrong].right
    }
    assert beside == set(itertools.permutations(exercises(assignment), 2))


@pytest.mark.parametrize("assignment", SAMPLES)
def test_every_exercise_has_four_wrong_and_two_right_answers(assignment):
    answers = SAMPLES[assignment].ANSWERS
    for exercise in exercises(assignment):
        kinds = [answer.right for answer in answers if answer.exercise == exercise]
        assert kinds.count(False) >= 4, exercise
        assert kinds.count(True) >= 2, exercise
