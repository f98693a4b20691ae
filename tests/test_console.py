"""Long work says in a log how far it is, and hands on all that it makes."""

import pytest

from helpers.console import progress, table


@pytest.mark.parametrize("count", [1, 3, 10, 250])
def test_a_log_has_ten_lines_at_most_and_the_last_says_that_all_is_done(count, capsys):
    assert list(progress(iter(range(count)), "squares", count, "answer")) == list(range(count))
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 10
    assert lines[-1] == f"squares: {count} of {count} answers"
    assert all(" s left" in line for line in lines[:-1])


def test_each_piece_is_handed_on_as_soon_as_it_is_made(capsys):
    made = []

    def work():
        for number in range(4):
            made.append(number)
            yield number

    for number in progress(work(), "squares", 4, "answer"):
        assert made[-1] == number
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_columns_stand_below_each_other_whatever_the_script():
    rows = [["Ada", "1"], ["山田太郎", "20"], ["e\u0301va", "3"], ["tab\there", "4"]]
    printed = table(["name", "points"], rows, "<>").splitlines()
    assert printed[0] == "name      points"
    assert printed[2] == "Ada            1"
    # Four characters of two columns each; an accent of none.
    assert printed[3] == "山田太郎      20"
    assert printed[4] == "e\u0301va            3"
