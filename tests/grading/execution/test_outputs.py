import json

import pytest

from helpers.grading.execution.outputs import OutputCollector

PRINTED = ["stream", {"name": "stdout", "text": "a"}]


def show(*messages, most=1_000_000):
    outputs = []
    collector = OutputCollector(outputs, most)
    for message in messages:
        collector.show(message if isinstance(message, bytes) else json.dumps(message).encode())
    return outputs


def displayed(**content):
    return ["display_data", {"data": {}, "metadata": {}, **content}]


def test_what_is_printed_in_parts_stands_together():
    (output,) = show(PRINTED, PRINTED)
    assert output == {"output_type": "stream", "name": "stdout", "text": "aa"}


def test_a_display_can_be_changed_and_the_screen_cleared():
    named = {"transient": {"display_id": "x"}}
    first, second = (displayed(data={"text/plain": text}, **named) for text in "ab")
    (output,) = show(PRINTED, ["clear_output", {}], first, ["update_display_data", second[1]])
    assert output.data == {"text/plain": "b"}


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"[",
        b"3",
        b"[" * 100_000,
        b"\xff",
        ["stream"],
        [[], {}],
        ["stream", []],
        ["stream", {"name": "stdout", "text": ["a"]}],
        ["error", {"ename": None, "evalue": 3, "traceback": "x"}],
        displayed(data={"text/plain": {"a": 1}}),
        # To explain all that is wrong with these would take minutes.
        displayed(data={"text/plain": [1] * 150_000}),
        displayed(data={f"{number}/0": 1 for number in range(50_000)}),
        # A megabyte of text, and hundreds in memory.
        displayed(metadata={"a": [{}] * 250_000}),
        ["execute_result", {"data": {}, "metadata": []}],
    ],
    ids=lambda message: (message if isinstance(message, bytes) else repr(message).encode())[:40],
)
def test_what_breaks_the_rules_is_ignored(message):
    (output,) = show(PRINTED, message, PRINTED, most=10_000_000)
    assert output.text == "aa"


def test_what_comes_after_the_limit_is_not_kept():
    outputs = show(PRINTED, displayed(data={"text/plain": "x" * 10_000}), PRINTED, most=5_000)
    assert [output.output_type for output in outputs] == ["stream"]


def test_halves_of_characters_become_question_marks():
    (output,) = show(["stream", {"name": "stdout", "text": "a\ud800"}])
    assert output.text == "a?"


def test_what_is_no_number_in_json_becomes_text():
    message = displayed(data={"application/json": [float("nan"), 1e999, 0.5]}, metadata={})
    assert show(message)[0].data == {"application/json": ["nan", "inf", 0.5]}
