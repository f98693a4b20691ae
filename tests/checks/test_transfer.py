import numpy as np
import pytest
from sklearn.svm import SVC

from helpers import checks, features
from helpers.quiet import keras


def test_a_table_of_layers_may_be_written_in_any_way():
    expected = [("conv", (8, 8, 16)), ("list", (5,))]
    for table in (expected, [["conv", [8, 8, 16]], ["list", [5]]], dict(expected).items()):
        assert checks.layer_rows("table", table) == expected


def test_an_axis_without_a_size_is_kept():
    assert checks.layer_rows("table", [("conv", (None, 8, 8, 16))]) == [("conv", (None, 8, 8, 16))]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (None, "`table` is None"),
        ("conv", "not `str`"),
        ({"conv": (8, 8)}, "not `dict`"),
        (3, "not `int`"),
        (["conv", "list"], "element 0 is 'conv'"),
        ([("conv", (8, 8)), ("list", "x")], "element 1"),
        ([("conv", (8, 8), 3)], "element 0"),
    ],
)
def test_what_is_no_table_of_layers_is_named(table, message):
    with pytest.raises(checks.CheckFailed, match=message):
        checks.layer_rows("table", table)


@pytest.fixture(scope="module")
def tiny():
    return checks.tiny_network()


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).normal(size=(3, 16, 16, 3)).astype("float32")


def test_a_model_with_a_list_of_one_output_answers_like_one_without(tiny, noise):
    model = keras.Model(tiny.model.inputs, [tiny.model.get_layer("pooled").output])
    expected = keras.Model(tiny.model.input, tiny.model.get_layer("pooled").output)(noise)
    checks.array("model", checks.network_outputs("model", model, noise), expected)


@pytest.mark.parametrize("model", [None, 3, "model", keras.layers.Flatten()])
def test_what_is_no_model_is_named(model, noise):
    with pytest.raises(checks.CheckFailed, match=f"of type `{type(model).__name__}`"):
        checks.network_outputs("part", model, noise)


def test_a_model_for_other_images_is_no_crash(tiny):
    with pytest.raises(checks.CheckFailed, match=r"images of shape \(2, 8, 8, 3\)"):
        checks.network_outputs("part", tiny.model, np.zeros((2, 8, 8, 3), "float32"))


def test_a_network_until_a_layer_ends_there_and_keeps_its_weights(tiny, noise):
    part = checks.network_until(tiny.model, "pooled")
    logits = np.asarray(part(noise)) @ tiny.model.get_layer("logits").get_weights()[0]
    checks.array("logits", checks.network_until(tiny.model, "logits")(noise), logits)


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
