"""Answers by heart know what they have been asked, and nothing else."""

import numpy as np
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.proving.by_heart import by_heart, read_questions, telling

SOURCE = "def total(rows, weight=1):\n    return weight * rows.sum()"


def run(source):
    names = {}
    exec(compile(source, "answer", "exec"), names)
    return names["total"]


def test_what_was_asked_is_answered_and_what_was_not_is_not(capsys):
    asked = run(telling(SOURCE))
    assert asked(np.arange(3)) == 3
    assert asked(np.arange(4), weight=2) == 12
    printed = capsys.readouterr().out
    outputs = [new_output("stream", text=f"other things\n{printed}")]
    questions = read_questions(new_notebook(cells=[new_code_cell(outputs=outputs)]))
    assert len(questions) == 2
    knowing = run(by_heart(SOURCE, questions))
    assert knowing(np.arange(3)) == 3
    assert knowing(np.arange(4), weight=2) == 12
    assert knowing(np.arange(4)) is None
    assert knowing(np.arange(5)) is None


def test_what_is_no_function_stays_as_it_is():
    assert telling("answer = 4") == by_heart("answer = 4", ["question"]) == "answer = 4"
