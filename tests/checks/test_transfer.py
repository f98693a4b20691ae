from dataclasses import replace

import numpy as np
import pytest
from sklearn.svm import SVC

from helpers import checks, features


@pytest.fixture(scope="module")
def tiny():
    return checks.tiny_network("BGR")


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in ((30, 50), (60, 25))]


def rows(network, layer, inputs):
    outputs = np.asarray(checks.network_until(network.model, layer)(inputs))
    return outputs.mean(axis=(1, 2)) if outputs.ndim == 4 else outputs


@pytest.mark.parametrize("layer", ["joined", "pooled", "logits"])
def test_right_features_pass_in_any_form(tiny, pictures, layer):
    right = features.extract(pictures, tiny, layer, cache=False)
    for form in (right, right.tolist(), right + 1e-5):
        checks.picture_features("extract(…)", form, pictures, tiny, layer)


@pytest.mark.parametrize(
    ("inputs", "hint"),
    [
        (lambda network, fitted: fitted.astype("float32"), "not preprocessed"),
        (lambda network, fitted: fitted / np.float32(255), "from 0 to 1"),
        (lambda network, fitted: network.preprocess_input(fitted[..., ::-1]), "red and blue"),
        (lambda network, fitted: (fitted - np.float32(127)) / 128, "for efficientnet-lite0"),
        (lambda network, fitted: network.preprocess_input(fitted[::-1]), "Fit each picture"),
        (lambda network, fitted: network.preprocess_input(fitted[:1]), "One row for each picture"),
    ],
)
def test_wrong_features_are_told_why(tiny, pictures, inputs, hint):
    fitted = np.stack([tiny.fit(picture) for picture in pictures])
    with pytest.raises(checks.CheckFailed, match=hint):
        answer = rows(tiny, "pooled", inputs(tiny, fitted))
        checks.picture_features("extract(…)", answer, pictures, tiny, "pooled")


def test_features_that_were_preprocessed_or_stretched_are_told_so(tiny, pictures):
    fitted = np.stack([tiny.fit(picture) for picture in pictures]).astype("float32")
    afterwards = (rows(tiny, "pooled", fitted) - tiny.mean[0]) / tiny.divisor
    stretched = rows(tiny, "pooled", replace(tiny, short_side=None).prepare(pictures))
    for answer, hint in ((afterwards, "before the network sees them"), (stretched, "stretched")):
        with pytest.raises(checks.CheckFailed, match=hint):
            checks.picture_features("extract(…)", answer, pictures, tiny, "pooled")


def test_the_tiny_network_is_one_that_features_can_be_taken_from(tiny):
    pictures = np.random.default_rng(0).integers(0, 256, (2, 20, 30, 3), dtype=np.uint8)
    assert features.extract(pictures, tiny, cache=False).shape == (2, 6)


def test_tiny_networks_differ_in_colours_and_seeds():
    pictures = np.random.default_rng(0).integers(0, 256, (2, 20, 30, 3), dtype=np.uint8)
    networks = [checks.tiny_network(), checks.tiny_network("BGR"), checks.tiny_network(seed=1)]
    seen = [features.extract(pictures, network, cache=False) for network in networks]
    for i in range(3):
        assert np.abs(seen[i] - seen[i - 1]).max() > 0.01


def test_the_classes_of_a_classifier_are_those_that_it_predicts():
    model = SVC().fit([[0.0], [1.0]], ["cat", "dog"])
    assert list(checks.predicted_classes("model", model, np.array([[0.9], [0.1]]))) == [
        "dog",
        "cat",
    ]


class Liar:
    def predict(self, rows):
        return [1]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (None, "of type `NoneType`"),
        (np.zeros(3), "of type `ndarray`"),
        (SVC(), "can't predict"),
        (Liar(), r"shape \(1,\) for 2 pictures"),
    ],
)
def test_what_is_no_trained_classifier_is_named(model, message):
    with pytest.raises(checks.CheckFailed, match=message):
        checks.predicted_classes("model", model, np.zeros((2, 1)))


def test_shares_are_numbers_by_name():
    result = {"b": np.float32(0.5), "a": 1}
    assert checks.shares("result", result, ["a", "b"]) == {"a": 1.0, "b": 0.5}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "not `NoneType`"),
        ([0.5, 1], "not `list`"),
        ({"a": 1}, "keys"),
        ({"a": 1, "b": None}, r"`result\['b'\]` is None"),
        ({"a": 1, "b": 50}, "from 0 to 1"),
        ({"a": -0.1, "b": 1}, "at least 0"),
        ({"a": [0.5, 0.6], "b": 1}, "one number"),
    ],
)
def test_what_are_no_shares_is_named(result, message):
    with pytest.raises(checks.CheckFailed, match=message):
        checks.shares("result", result, ["a", "b"])


def test_separate_heaps_have_neighbours_of_their_own_class_only():
    labels = np.arange(20) % 2
    points = np.stack([labels * 100 + np.arange(20), np.zeros(20)], axis=1)
    assert checks.neighbours("points", points.tolist(), labels) == 1


def test_neighbours_of_the_other_class_are_counted():
    points = np.stack([np.arange(20), np.zeros(20)], axis=1)
    assert checks.neighbours("points", points, np.arange(20) % 2, count=1) == 0


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (None, "is None"),
        (np.zeros((20, 3)), r"shape \(20, 3\), expected \(20, 2\)"),
        (np.zeros((19, 2)), r"shape \(19, 2\)"),
        (np.full((20, 2), np.nan), "NaN"),
        (np.ones((20, 2)), "same place"),
    ],
)
def test_what_are_no_points_is_named(points, message):
    with pytest.raises(checks.CheckFailed, match=message):
        checks.neighbours("points", points, np.arange(20) % 2)
