import numpy as np
import pytest

from helpers import checks
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
        (
            [("conv", (8, 8)), (keras.layers.Flatten(), (64,))],
            "1 is of type `Flatten`: take `layer",
        ),
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


def small_model():
    return keras.Sequential(
        [
            keras.Input((8, 6, 1)),
            keras.layers.Conv2D(5, 3, name="lines"),
            keras.layers.Flatten(name="list"),
        ]
    )


LAYERS = [("lines", (6, 4, 5)), ("list", (120,))]


def test_a_table_of_all_layers_and_their_outputs_is_right(tiny):
    checks.layer_table("table", LAYERS, small_model())
    outputs = [(layer.name, layer.output.shape[1:]) for layer in tiny.model.layers]
    checks.layer_table("table", outputs, tiny.model)


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ([], "'lines' is missing"),
        (LAYERS[1:], "'lines' is missing"),
        (LAYERS[:1], "has 1 rows, but the model has 2 layers: 'list' is missing.*too early"),
        ([("a", (1,)), ("b", (2,)), ("c", (3,))], "the model that the function is given"),
        (LAYERS[::-1], "in the order"),
        (LAYERS + LAYERS[:1], "once"),
        ([("lines", (None, 6, 4, 5)), ("list", (None, 120))], "Leave out the batch axis"),
        ([("lines", (8, 6, 1)), ("list", (6, 4, 5))], "the shape of its input"),
        ([("lines", (None, 8, 6, 1)), ("list", (6, 4, 5))], "the shape of its input"),
        ([("lines", (4, 6, 5)), ("list", (120,))], r"\(4, 6, 5\), expected \(6, 4, 5\)\.$"),
    ],
)
def test_a_wrong_table_of_layers_is_told_why(table, hint):
    with pytest.raises(checks.CheckFailed, match=hint):
        checks.layer_table("table", table, small_model())


def test_a_wrong_shape_where_branches_join_is_no_crash(tiny):
    table = [(layer.name, layer.output.shape[1:]) for layer in tiny.model.layers]
    wrong = [(name, (1,) if name == "joined" else sizes) for name, sizes in table]
    with pytest.raises(checks.CheckFailed, match=r"'joined' the shape \(1,\)"):
        checks.layer_table("table", wrong, tiny.model)
