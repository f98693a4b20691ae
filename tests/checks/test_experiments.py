import numpy as np
import pytest

from helpers import checks


def row(**changes):
    return {
        "filters": [8, 16],
        "kernel_size": 5,
        "units": [32],
        "activation": "relu",
        "parameters": 100,
        "validation_accuracy": 0.9,
    } | changes


def changed(*rows):
    table = checks.experiment_table("experiments", [row(), *rows], at_least=2)
    return checks.changed_settings(table)


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"kernel_size": 3}, "kernel_size"),
        ({"filters": (4, 8)}, "number of kernels"),
        ({"filters": [8]}, "number of layers"),
        ({"units": []}, "number of layers"),
        ({"activation": "tanh"}, "activation"),
    ],
)
def test_a_row_shows_the_one_setting_that_it_changes(change, setting):
    assert changed(row(**change)) == {setting}


def test_a_row_that_changes_two_settings_shows_neither():
    assert changed(row(kernel_size=3, activation="tanh")) == set()


def test_sizes_in_a_tuple_are_those_in_a_list():
    assert changed(row(filters=(8, 16))) == set()


@pytest.mark.parametrize("alone", [[0.9], (0.9,), 0.9])
def test_the_accuracy_of_a_single_epoch_may_be_in_its_list(alone):
    (_, second) = checks.experiment_table(
        "experiments", [row(), row(validation_accuracy=alone)], at_least=2
    )
    assert second["validation_accuracy"] == 0.9


def test_accuracies_of_several_epochs_are_left_to_the_check_of_the_number():
    (first,) = checks.experiment_table(
        "experiments", [row(validation_accuracy=[0.8, 0.9])], at_least=1
    )
    with pytest.raises(AssertionError, match=r"one number.*shape \(2,\)"):
        checks.at_least("accuracy", first["validation_accuracy"], 0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("many", "list with one dictionary"),
        ([1, 2], "list with one dictionary"),
        ([row()], "1 rows"),
        ([row(), {"filters": [1]}], r"\[1\]` has no kernel_size"),
        ([row(), row(filters=8)], r"\['filters'\]"),
        ([row(), row(activation={"class_name": "ReLU", "config": {}})], "a name such as 'tanh'"),
    ],
)
def test_what_is_no_table_gets_a_hint(rows, message):
    with pytest.raises(AssertionError, match=message):
        checks.experiment_table("experiments", rows, at_least=2)


def test_a_network_is_trained_once_for_the_same_settings_and_images(capsys):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (300, 28, 28), np.uint8), np.arange(300) % 10
    digits = images, labels.astype(np.uint8)
    few = {"filters": (2,), "kernel_size": 5, "units": (), "activation": "relu"}
    first = checks.trained_accuracy(few, digits, digits)
    assert 0 <= first <= 1
    # Training shows a bar.
    assert "epoch" in capsys.readouterr().out
    assert checks.trained_accuracy(dict(few), digits, digits) == first
    assert capsys.readouterr().out == ""
    others = digits[0], (digits[1] + 1) % 10
    checks.trained_accuracy(few, others, digits)
    assert "epoch" in capsys.readouterr().out
