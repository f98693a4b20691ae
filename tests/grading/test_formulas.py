"""No text in a CSV file becomes a formula, and none is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.grading.formulas import disarm, restore

TEXTS = st.text("=+-@\uff1d;\t\r\n 1.a", max_size=12)


@settings(deadline=None)
@given(TEXTS)
def test_no_part_of_a_text_begins_like_a_formula(text):
    written = disarm(text)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        assert written == text
    else:
        parts = re.split(r"[;\t\r\n]", written)
        assert not [part for part in parts if part.strip().startswith(tuple("=+-@\uff1d"))]


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_read_as_it_was(text):
    assert restore(disarm(text)) == text


@pytest.mark.parametrize("number", ["-1", "+1.5", "1e-5", "-0,25"])
def test_numbers_stay_numbers(number):
    assert disarm(number) == number
