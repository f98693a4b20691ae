from dataclasses import replace

import numpy as np
import pytest

from helpers import checks
from helpers.checks import CheckFailed


@pytest.fixture(scope="module")
def network():
    return checks.stand_in(short_side=48)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in ((50, 70), (90, 60))]


def ask(network, inputs):
    return network.model.predict(np.asarray(inputs, np.float32), verbose=0)


def fitted(network, pictures):
    return np.stack([network.fit(picture) for picture in pictures])


def test_right_probabilities_pass_in_any_form(network, pictures):
    answers = ask(network, network.prepare(pictures))
    for form in (answers, answers.tolist(), list(answers.astype(float)), answers + 1e-5):
        checks.predictions("predict(…)", form, pictures, network)


@pytest.mark.parametrize(
    ("inputs", "hint"),
    [
        (fitted, "not preprocessed"),
        (lambda network, pictures: fitted(network, pictures) / 255, "from 0 to 1"),
        (
            lambda network, pictures: (
                (network.prepare(pictures) - np.array(network.mean)) / network.divisor
            ),
            "twice",
        ),
        (
            lambda network, pictures: network.preprocess_input(
                fitted(network, pictures)[..., ::-1]
            ),
            "red and blue",
        ),
        (
            lambda network, pictures: replace(network, short_side=None).prepare(pictures),
            "stretched",
        ),
        (lambda network, pictures: network.prepare(pictures[::-1]), "order"),
        (lambda network, pictures: network.prepare(pictures[:1]), "shape"),
    ],
)
def test_wrong_probabilities_are_told_why(network, pictures, inputs, hint):
    with pytest.raises(CheckFailed, match=hint):
        answers = ask(network, inputs(network, pictures))
        checks.predictions("predict(…)", answers, pictures, network)


def occlusions(network, picture, number, patch, stride, prepare=None):
    """Calculate a map the slow way, one square at a time."""
    prepare = prepare or network.preprocess_input
    image = network.fit(picture)
    corners = range(0, len(image) - patch + 1, stride)
    falls = np.empty((len(corners), len(corners)))
    for i, row in enumerate(corners):
        for j, column in enumerate(corners):
            copy = image.copy()
            copy[row : row + patch, column : column + patch] = 127
            both = ask(network, prepare(np.stack([image, copy])))
            falls[i, j] = both[0, number] - both[1, number]
    return falls


def test_an_occlusion_map_is_compared_square_by_square(network, pictures):
    number = int(ask(network, network.prepare(pictures))[0].argmax())
    shown = network, pictures[0], number
    right = occlusions(*shown, 15, 9)
    arguments = (pictures[0], network, number, 15, 9)
    checks.occlusion("map", right, *arguments)
    checks.occlusion("map", right.tolist(), *arguments)
    whole = ask(network, network.prepare(pictures))[0, number]
    for wrong, hint in (
        (-right, "sign"),
        (right.T, "rows and columns"),
        (whole - right, "subtract"),
        (right[:-1], "shape"),
        (right + 0.01, "square"),
        (occlusions(*shown, 15, 9, network.prepare), "fits the picture twice"),
        (None, "None"),
    ):
        with pytest.raises(CheckFailed, match=hint):
            checks.occlusion("map", wrong, *arguments)


TABLE = np.array([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]])
NAMES = ("cat", "dog", "eel")
RANKED = [[("dog", 0.6), ("eel", 0.3)], [("cat", 0.5), ("eel", 0.3)]]


def test_rankings_pass_as_lists_tuples_and_numpy_numbers():
    for ranked in (RANKED, tuple(map(tuple, RANKED)), [[list(p) for p in row] for row in RANKED]):
        checks.ranking("top", ranked, TABLE, NAMES, 2)
    numbers = [[(np.str_(name), np.float32(p)) for name, p in row] for row in RANKED]
    checks.ranking("top", numbers, TABLE, NAMES, 2)


@pytest.mark.parametrize(
    ("ranked", "hint"),
    [
        (None, "None"),
        (3, "list"),
        ({"dog": 0.6}, "list"),
        (RANKED[:1], "1 elements, expected 2"),
        (RANKED[0], "list"),
        ([row[:1] for row in RANKED], "1 elements, expected 2"),
        ([[name for name, _ in row] for row in RANKED], "list"),
        ([[("cat", 0.1), ("eel", 0.3)], RANKED[1]], "least probable come first"),
        ([row[::-1] for row in RANKED], "expected"),
        ([[(p, name) for name, p in row] for row in RANKED], "names"),
        ([[(name, 100 * p) for name, p in row] for row in RANKED], "'dog'"),
        ([[(name, "much") for name, _ in row] for row in RANKED], "number"),
    ],
)
def test_wrong_rankings_are_told_why(ranked, hint):
    with pytest.raises(CheckFailed, match=hint):
        checks.ranking("top", ranked, TABLE, NAMES, 2)


ROW = {"accuracy": np.float32(0.5), "parameters": 10, "milliseconds": [3.0]}


def test_a_comparison_becomes_plain_numbers():
    rows = checks.comparison("table", {"one": ROW, "two": ROW}, ["two", "one"])
    assert rows["one"] == {"accuracy": 0.5, "parameters": 10.0, "milliseconds": 3.0}


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        (None, "NoneType"),
        ([ROW], "dictionary"),
        ({}, "one"),
        ({"one": ROW, "other": ROW}, "other"),
        ({"one": 0.5}, "accuracy"),
        ({"one": {"accuracy": 0.5, "parameters": 3}}, "milliseconds"),
        ({"one": ROW | {"accuracy": None}}, "None"),
        ({"one": ROW | {"milliseconds": float("nan")}}, "finite"),
        ({"one": ROW | {"milliseconds": [1.0, 2.0]}}, "finite"),
        ({"one": ROW | {"parameters": "many"}}, "parameters"),
    ],
)
def test_a_wrong_comparison_is_told_why(table, hint):
    with pytest.raises(CheckFailed, match=hint):
        checks.comparison("table", table, ["one"])


def test_seconds_are_no_milliseconds(network, pictures):
    for wrong in (0.0, 1e-4, 1e6):
        with pytest.raises(CheckFailed, match="unit"):
            checks.duration("time", wrong, pictures, network)
