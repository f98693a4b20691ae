"""Due dates, penalties and what is wrong in policy.toml."""

from datetime import UTC, datetime

import pytest

from helpers.classroom.policy import read_policy
from helpers.errors import CourseError

DAY, HOUR = 86_400, 3600


class HalfForAll:
    """A plugin as nbgrader's documentation describes them."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return None if student_id == "exempt" else score / 2


def policy(tmp_path, text):
    (tmp_path / "policy.toml").write_text(text)
    return read_policy(tmp_path, ["squares", "cubes"])


def lost(tmp_path, late, seconds, points=20.0, student="ada"):
    text = f'[assignments.squares]\ndue = 2026-11-20T12:00:00\nlate = "{late}"\n'
    submitted = datetime.fromtimestamp(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() + seconds)
    rule = policy(tmp_path, text).of("squares")
    return rule.points_lost(student, points, submitted.astimezone(UTC))


@pytest.mark.parametrize(
    ("late", "seconds", "expected"),
    [
        ("10 % a day", 0, 0),
        ("10 % a day", 1, 2),
        ("10 % a day", DAY, 2),
        ("10 % a day", DAY + 1, 4),
        ("10 % a day", 100 * DAY, 20),
        ("10% per day, at most 50 %", 100 * DAY, 10),
        ("2 points a day", 3 * DAY, 6),
        ("2 points a day", 300 * DAY, 20),
        ("1 point an hour, after 30 minutes", 0.5 * HOUR, 0),
        ("1 point an hour, after 30 minutes", HOUR, 1),
        ("12.5 % a week", 8 * DAY, 5),
        ("nothing counts", 1, 20),
        ("tests.classroom.test_policy.HalfForAll", 1, 10),
    ],
)
def test_lateness_costs(late, seconds, expected, tmp_path):
    assert lost(tmp_path, late, seconds) == pytest.approx(expected)


def test_a_plugin_may_decide_by_the_student(tmp_path):
    assert lost(tmp_path, "tests.classroom.test_policy.HalfForAll", 1, student="exempt") == 0


def test_times_without_a_zone_are_in_the_platforms(tmp_path):
    found = policy(
        tmp_path, 'timezone = "Europe/Berlin"\n[assignments.squares]\ndue = 2026-07-01\n'
    )
    assert found.of("squares").due == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)
    assert found.utc(datetime(2026, 12, 1, 12)) == datetime(2026, 12, 1, 11, tzinfo=UTC)


def test_without_a_file_nothing_is_late(tmp_path):
    found = read_policy(tmp_path, ["squares"])
    assert found.of("squares").seconds_late("ada", datetime(2100, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("due = 1", "the file can't have due, only assignments, timezone, total"),
        ("[assignments.circles]", r"\[assignments\] can't have circles, only cubes, squares"),
        ("[assignments.cubes]\ndeu = 1", "can't have deu, only due, extensions, late, points"),
        ('[assignments.cubes]\ndue = "1 May"', "'1 May' is no date; write 2027-01-15T23:59:00"),
        ("[assignments.cubes]\nlate = '10 % a day'", "cubes has `late`, but no `due`"),
        ("[assignments.cubes]\ndue = 2026-01-01\nlate = 'often'", "late is 'often'; write"),
        ("[assignments.cubes]\ndue = 2026-01-01\nlate = 'no.Plugin'", "the plugin no.Plugin can't"),
        ("[assignments.cubes]\npoints = 0", "points is 0; it is a positive number"),
        ("timezone = 'Middle-earth'", "there is no time zone 'Middle-earth'"),
        ("timezone = '../../etc/passwd'", "there is no time zone"),
        ("[total]\nbest = 0", "best is 0; it is a number of assignments"),
        ("[total", "policy.toml is no TOML"),
        ("assignments = 1", "assignments is 1; it is a table"),
        (
            "[assignments.cubes]\nextensions = 1",
            r"extensions is 1; it is a table, \[assignments.cubes.extensions\]",
        ),
        ("[assignments.cubes.extensions]\nzoë = 2026-01-01", 'such as "zoë" = 2027-01-22'),
        ("[assignments.cubes.extensions]\nz.x = 2026-01-01", "for z in cubes is no date; folders"),
    ],
    ids=range(16),
)
def test_what_cannot_be_is_refused_with_the_reason(text, message, tmp_path):
    with pytest.raises(CourseError, match=message):
        policy(tmp_path, text)
