"""What is wrong with a list of right answers is said in a line."""

import pytest

from helpers.errors import CourseError
from helpers.proving.equivalents import equivalents_file, read_equivalents, shown


@pytest.fixture
def listed(tmp_path):
    """Read a list of right answers to the exercise `line`."""

    def listed(text):
        path = equivalents_file(tmp_path, "lines")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return read_equivalents(tmp_path, "lines", ["line"])

    return listed


def test_what_is_shown_can_be_read(listed):
    change = "-    x = 'a'\n+    x = 'b'"
    text = shown("line", change).replace('reason = ""', 'reason = "None."')
    assert listed(text) == {("line", change): "None."}


def test_without_a_file_nothing_is_right(tmp_path):
    assert read_equivalents(tmp_path, "lines", ["line"]) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[equivalent]", "can't be read"),
        ("equivalent = 3", "equivalent is 3; write a table"),
        ("equivalent = [3]", "equivalent 1 needs exercise, change and reason"),
        ("[[equivalent]]\nexercise = 1", "equivalent 1 needs exercise, change and reason"),
        (shown("line", ""), "equivalent 1 needs exercise, change and reason, each a text, and the"),
        (
            "\n".join(shown(name, "").replace('""', '"None."') for name in ("line", "curve")),
            "equivalent 2 is about curve, which is no",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, message, listed):
    with pytest.raises(CourseError, match=message):
        listed(text)
