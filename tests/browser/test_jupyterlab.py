"""The course in JupyterLab, in a real browser, as students and instructors see it."""

import pytest
from selenium.webdriver.common.by import By

from helpers.points import read_parts
from tests.samples.build import basic_samples, exercises

pytestmark = pytest.mark.needs("chromium")

RELEASE = "convolution/convolution.ipynb"
SOLVED = "solved/convolution.ipynb"


def _checks():
    """Return the test cells of the notebook by their place in it."""
    return {
        place: cell
        for place, cell in enumerate(basic_samples("convolution")["untouched"].cells)
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }


def test_an_untouched_notebook_runs_on_past_its_checks_to_the_points_so_far(students_lab):
    students_lab.open(RELEASE)
    cells = students_lab.run_all_cells()
    first = min(_checks())
    students_lab.show(first)
    students_lab.screenshot("notebook-first-check")
    assert cells[first].red.startswith("Not yet: `convolve(")
    assert "nothing was computed yet" in cells[first].red
    red = {place for place, cell in enumerate(cells) if cell.red}
    assert red == _checks().keys()
    assert all(cells[place].red.startswith("Not yet: ") for place in red)
    assert "[ ]:" not in [cell.prompt for cell in cells]
    alts = [alt for cell in cells[:first] for alt in cell.alts]
    assert len(alts) >= 2
    assert all(alts)


def test_validating_an_untouched_notebook_lists_every_check_and_the_missing_response(students_lab):
    students_lab.open(RELEASE)
    message = students_lab.validate()
    students_lab.screenshot("validate-untouched")
    tests = [part for part in read_parts(basic_samples("convolution")["untouched"]) if part.tested]
    for test in tests:
        assert f"{test.exercise}: {test.name} (" in message
    assert f"0 of {sum(test.points for test in tests):g} points so far" in message
    assert "nothing was computed yet" in message
    assert "You did not provide a response" in message


def test_validating_a_solved_notebook_says_success(students_lab):
    students_lab.open(SOLVED)
    message = students_lab.validate()
    students_lab.screenshot("validate-solved")
    assert "Success" in message


def test_a_student_finds_the_assignments_and_opens_one_without_a_complaint(students_lab):
    students_lab.open()
    students_lab.find('.jp-DirListing-item[title^="Name: mnist-cnn"]')
    students_lab.screenshot("lab-students")
    students_lab.open_in_file_browser("convolution")
    students_lab.open_in_file_browser("convolution.ipynb")
    students_lab.wait_for_kernel()
    students_lab.find(".validate-button")
    students_lab.screenshot("notebook-opened")
    assert students_lab.complaints() == []


@pytest.mark.needs("sandbox")
def test_an_instructor_finds_a_submission_in_formgrader_and_its_points(instructors_lab):
    lab = instructors_lab
    lab.open()
    lab.menu("Nbgrader", "nbgrader:open-formgrader")
    formgrader = lab.find("iframe")
    lab.browser.switch_to.frame(formgrader)
    lab.find('a[href$="/manage_submissions/convolution"]')
    # By now JupyterLab would have asked about news.
    lab.browser.switch_to.default_content()
    assert lab.browser.find_elements(By.CSS_SELECTOR, ".Toastify__toast") == []
    lab.browser.switch_to.frame(formgrader)
    lab.screenshot("formgrader-assignments")
    lab.find('a[href$="/formgrader/gradebook"]').click()
    lab.find('a[href$="/gradebook/convolution"]').click()
    lab.find('a[href$="/gradebook/convolution/convolution"]').click()
    lab.find('a.name-hidden[href*="/formgrader/submissions/"]').click()
    every = exercises("convolution")
    tests = {test for tests in every.values() for test in tests}
    points = lab.until("points", lambda _: (seen := lab.points()).keys() >= tests and seen)
    lab.scroll_to("input.score")
    lab.screenshot("formgrader-submission")
    assert "/formgrader/submissions/" in lab.browser.execute_script("return location.href")
    solved = list(every)[: len(every) // 2]
    for exercise, tests in every.items():
        expected = tests if exercise in solved else dict.fromkeys(tests, 0)
        assert {test: points[test] for test in tests} == expected
