from dataclasses import replace

import numpy as np
import pytest

from helpers import checks
from helpers.checks import CheckFailed


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
        (
            lambda network, pictures: (fitted(network, pictures) - np.float32(127)) / 128,
            "preprocessed for efficientnet-lite0",
        ),
        (
            lambda network, pictures: (
                fitted(network, pictures)[..., ::-1]
                - np.array([104.006, 116.669, 122.679], np.float32)
            ),
            "preprocessed for squeezenet",
        ),
        (lambda network, pictures: network.prepare(pictures[::-1]), "order"),
        (lambda network, pictures: network.prepare(pictures[:1]), "shape"),
    ],
)
def test_wrong_probabilities_are_told_why(network, pictures, inputs, hint):
    with pytest.raises(CheckFailed, match=hint):
        answers = ask(network, inputs(network, pictures))
        checks.predictions("predict(…)", answers, pictures, network)


def test_the_answers_of_another_network_are_told_so(network, pictures):
    other = checks.stand_in(seed=1)
    answers = ask(other, other.prepare(pictures))
    with pytest.raises(CheckFailed, match="the probabilities of the network stand-in"):
        checks.predictions("predict(…)", answers, pictures, network, other)


def occlusions(network, picture, number, patch, stride, prepare=None, image=None, stay=False):
    """Calculate a map the slow way, one square at a time, in one of several ways."""
    prepare = prepare or network.preprocess_input
    image = network.fit(picture) if image is None else image
    corners = range(0, len(image) - patch + 1, stride)
    falls, copy = np.empty((len(corners), len(corners))), image.copy()
    for i, row in enumerate(corners):
        for j, column in enumerate(corners):
            copy = copy if stay else image.copy()
            copy[row : row + patch, column : column + patch] = 127
            both = ask(network, prepare(np.stack([image, copy])))
            falls[i, j] = both[0, number] - both[1, number]
    return falls


def painted_before_fit(network, picture, number, patch, stride):
    """Calculate a map whose squares are on the picture as it was before it was scaled."""
    corners = range(0, network.input_size - patch + 1, stride)
    copies = [picture.copy() for _ in range(1 + len(corners) ** 2)]
    places = [(row, column) for row in corners for column in corners]
    for copy, (row, column) in zip(copies[1:], places, strict=True):
        copy[row : row + patch, column : column + patch] = 127
    answers = ask(network, network.prepare(copies))[:, number]
    return (answers[0] - answers[1:]).reshape(len(corners), len(corners))


@pytest.mark.slow
def test_an_occlusion_map_is_compared_square_by_square(network, pictures):
    number = int(ask(network, network.prepare(pictures))[0].argmax())
    shown = network, pictures[0], number
    right = occlusions(*shown, 15, 9)
    arguments = (pictures[0], network, number, 15, 9)
    checks.occlusion("map", right, *arguments)
    checks.occlusion("map", right.tolist(), *arguments)
    whole = ask(network, network.prepare(pictures))[0, number]
    prepared = network.prepare(pictures[:1])[0]
    for wrong, hint in (
        (-right, "sign"),
        (right.T, "rows and columns"),
        (whole - right, "subtract"),
        (right[:-1], "shape"),
        (right + 0.01, "square"),
        (occlusions(*shown, 15, 9, network.prepare), "fits the picture twice"),
        (occlusions(*shown, 15, 9, stay=True), "leaves the earlier squares"),
        (occlusions(*shown, 15, 9, np.asarray, prepared), "after the preprocessing"),
        (occlusions(*shown, 15, 9, lambda x: x.astype(float)), "forgets the preprocessing"),
        (painted_before_fit(*shown, 15, 9), "before `fit`"),
        (np.abs(right), "has no negative numbers"),
        (np.maximum(right, 0), "has 0 where"),
        (None, "None"),
    ):
        with pytest.raises(CheckFailed, match=hint):
            checks.occlusion("map", wrong, *arguments)


def test_a_map_of_the_most_probable_class_is_told_so(network, pictures):
    second, first = ask(network, network.prepare(pictures))[0].argsort()[-2:]
    wrong = occlusions(network, pictures[0], first, 15, 9)
    with pytest.raises(CheckFailed, match=f"most probable class, {first}, and not about {second}"):
        checks.occlusion("map", wrong, pictures[0], network, second, 15, 9)


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
        ([row[::-1] for row in RANKED], r"expected \['dog', 'eel'\], the most probable first"),
        ([[("cat", 0.6), ("dog", 0.3)], RANKED[1]], "which places in the row"),
        ([[(p, name) for name, p in row] for row in RANKED], "names"),
        ([[(name, 100 * p) for name, p in row] for row in RANKED], "'dog', from 0 to 1"),
        ([[(name, round(p)) for name, p in row] for row in RANKED], "not rounded"),
        ([[(name, "much") for name, _ in row] for row in RANKED], "number"),
    ],
)
def test_wrong_rankings_are_told_why(ranked, hint):
    with pytest.raises(CheckFailed, match=hint):
        checks.ranking("top", ranked, TABLE, NAMES, 2)
