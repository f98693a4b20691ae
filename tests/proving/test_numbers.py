"""The numbers in the repository belong to its notebooks."""

import pytest

from tests.builders import run_course
from tests.samples.build import ROOT

pytestmark = pytest.mark.slow


def test_the_proof_of_the_course_is_up_to_date():
    checked = run_course(ROOT, "prove", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "convolution" in checked.stdout
