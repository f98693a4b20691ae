"""Features are those of the layer, in whatever way the pictures come, and errors name pictures."""

import dataclasses
import sqlite3
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from helpers import feature_cache as cache
from helpers import features, networks
from helpers.errors import CourseError
from helpers.quiet import keras

pytestmark = pytest.mark.slow

NETWORK = "squeezenet"  # the fastest


def outputs(pictures, layer, network=NETWORK):
    loaded = networks.load(network)
    cut = keras.Model(loaded.model.input, loaded.model.get_layer(layer).output)
    return cut(loaded.prepare(pictures)).numpy()


def extract(images, **options):
    return features.extract(images, NETWORK, **options)


def test_feature_maps_are_averaged_over_space(pictures):
    maps = outputs(pictures, "fire4_concat")
    expected = maps.mean(axis=(1, 2))
    found = extract(pictures, layer="fire4_concat")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)


def test_the_penultimate_layer_is_the_default(pictures):
    np.testing.assert_array_equal(extract(pictures), extract(pictures, layer="fire9_concat"))


def test_dense_layers_give_their_outputs(pictures):
    found = features.extract(pictures, "efficientnet-lite0", "logits")
    expected = outputs(pictures, "logits", "efficientnet-lite0")
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_more_pictures_than_a_batch_keep_their_order(pictures):
    many = [np.roll(pictures[i % 5], i, axis=0) for i in range(features.BATCH_SIZE + 3)]
    found = extract(many, layer="conv1")
    np.testing.assert_allclose(found, outputs(many, "conv1").mean(axis=(1, 2)), atol=1e-3)


def test_the_slow_way_gives_the_same(pictures):
    slow = features.one_by_one(pictures, NETWORK)
    np.testing.assert_allclose(slow, extract(pictures), atol=1e-4)


def test_files_arrays_and_images_give_the_same(pictures, paths):
    images = [Image.fromarray(picture) for picture in pictures]
    from_paths = extract(paths, cache=False)
    np.testing.assert_array_equal(from_paths, extract(pictures, cache=False))
    np.testing.assert_array_equal(from_paths, extract(images, cache=False))
    np.testing.assert_array_equal(from_paths, extract(map(str, paths), cache=False))


def test_a_second_time_features_come_from_the_cache_bit_by_bit(pictures):
    first = extract(pictures)
    np.testing.assert_array_equal(extract(pictures), first)
    with sqlite3.connect(cache.location()) as connection:
        rows = connection.execute("SELECT key FROM features ORDER BY key").fetchall()
        shuffled = [(other, key) for (key,), (other,) in zip(rows, rows[::-1], strict=True)]
        contents = dict(connection.execute("SELECT key, features FROM features").fetchall())
        for other, key in shuffled:
            update = "UPDATE features SET features = ? WHERE key = ?"
            connection.execute(update, (contents[other], key))
    exchanged = extract(pictures)
    assert (exchanged != first).any(axis=1).sum() == 4
    assert {row.tobytes() for row in exchanged} == {row.tobytes() for row in first}


def test_new_pictures_among_known_ones_are_computed(pictures):
    known = extract(pictures[:2])
    found = extract(pictures)
    np.testing.assert_array_equal(found[:2], known)
    np.testing.assert_allclose(found, extract(pictures, cache=False), atol=1e-5)


def test_a_file_that_changes_under_its_name_gets_new_features(paths):
    before = extract(paths)
    Image.open(paths[1]).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(paths[0])
    after = extract(paths)
    assert np.abs(after[0] - before[0]).max() > 1e-3
    np.testing.assert_array_equal(after[1:], before[1:])


def test_networks_and_layers_do_not_share_features(pictures):
    picture = pictures[:1]
    found = [
        extract(picture),
        extract(picture, layer="fire8_concat"),
        features.extract(picture, "efficientnet-lite0"),
    ]
    again = [
        extract(picture, cache=False),
        extract(picture, layer="fire8_concat", cache=False),
        features.extract(picture, "efficientnet-lite0", cache=False),
    ]
    for cached, computed in zip(found, again, strict=True):
        np.testing.assert_allclose(cached, computed, atol=1e-5)


def test_a_network_whose_weights_were_changed_gets_new_features(pictures):
    shared = networks.load(NETWORK)
    model = keras.models.clone_model(shared.model)
    model.set_weights(shared.model.get_weights())
    network = networks.Network(**{**vars(shared), "model": model})
    before = features.extract(pictures, network)
    layer = model.get_layer("fire9_squeeze1x1")
    kernels, bias = layer.get_weights()
    layer.set_weights([kernels * 0.5, bias])
    after = features.extract(pictures, network)
    assert np.abs(after - before).max() > 1e-3
    np.testing.assert_allclose(after, features.extract(pictures, network, cache=False), atol=1e-5)


def test_training_the_shared_network_leaves_no_trace_on_disk(pictures):
    before = extract(pictures)
    layer = networks.load(NETWORK).model.get_layer("fire9_squeeze1x1")
    kernels, bias = layer.get_weights()
    try:
        layer.set_weights([kernels * 0.5, bias])
        trained = extract(pictures)
        assert np.abs(trained - before).max() > 1e-3
    finally:
        layer.set_weights([kernels, bias])
    np.testing.assert_array_equal(extract(pictures), before)


def test_a_layer_of_ones_own_is_computed_each_time(pictures):
    """Its code may change under its name."""

    def network(factor):
        class Scale(keras.layers.Layer):
            def call(self, inputs):
                return factor * inputs

        image = keras.Input((227, 227, 3))
        scaled = Scale(name="scaled")(image)
        shared = networks.about(NETWORK)
        return networks.Network(**vars(shared), model=keras.Model(image, scaled, name="own"))

    once, thrice = (features.extract(pictures, network(factor), "scaled") for factor in (1, 3))
    np.testing.assert_allclose(thrice, 3 * once, atol=0.1)


def test_a_layer_with_a_time_axis_is_averaged_over_it(pictures):
    image = keras.Input((227, 227, 3))
    rows = keras.layers.Reshape((227, 227 * 3), name="rows")(image)
    own = networks.Network(**vars(networks.about(NETWORK)), model=keras.Model(image, rows))
    found = features.extract(pictures, own, "rows")
    expected = own.prepare(pictures).reshape(5, 227, -1).mean(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_one_lazily_opened_image_may_be_listed_many_times(paths):
    image = Image.open(paths[0])
    found = extract([image] * (3 * features.BATCH_SIZE), layer="conv1")
    np.testing.assert_array_equal(found, np.repeat(found[:1], len(found), axis=0))


def test_a_network_with_other_preprocessing_gets_other_features(pictures):
    network = networks.load(NETWORK)
    other = dataclasses.replace(network, colour_order="RGB")
    before, after = (features.extract(pictures, each) for each in (network, other))
    assert np.abs(after - before).max() > 1e-3


def test_without_room_for_a_cache_features_are_computed(pictures, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file"))
    assert extract(pictures).shape == (5, 512)


def test_memory_holds_a_few_batches_of_many(paths):
    """What Python allocates; the network's own memory depends on the batch alone."""
    count = 24 * features.BATCH_SIZE
    extract(paths[:1], layer="conv1", cache=False)
    tracemalloc.start()
    extract([paths[i % 5] for i in range(count)], layer="conv1", cache=False)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    all_inputs = count * 227 * 227 * 3 * 4
    assert highest < all_inputs / 2


def test_an_unknown_layer_is_told_near_names(pictures):
    with pytest.raises(CourseError, match=r"no layer 'fire9_concats'.*'fire9_concat'"):
        extract(pictures, layer="fire9_concats")


@pytest.mark.parametrize("layer", ["", ["conv1"], 3])
def test_what_is_no_layer_is_refused(pictures, layer):
    with pytest.raises(CourseError, match="no layer"):
        extract(pictures, layer=layer)


@pytest.mark.parametrize("network", [None, 3, networks.about(NETWORK), keras.Sequential()])
@pytest.mark.parametrize("function", [features.extract, features.one_by_one])
def test_what_is_no_network_is_refused(pictures, function, network):
    with pytest.raises(CourseError, match="network should be a name"):
        function(pictures, network)


def test_a_model_without_an_input_is_refused(pictures):
    model = keras.Sequential([keras.layers.Conv2D(2, 3, name="own")])
    own = networks.Network(**vars(networks.about(NETWORK)), model=model)
    with pytest.raises(CourseError, match=r"keras\.Input"):
        features.extract(pictures, own, "own")


def test_a_model_that_takes_no_pictures_is_refused(pictures):
    image = keras.Input((227, 227, 1))
    own = keras.Model(image, keras.layers.Flatten(name="own")(image))
    own = networks.Network(**vars(networks.about(NETWORK)), model=own)
    with pytest.raises(CourseError, match="doesn't take pictures"):
        features.extract(pictures, own, "own")


def test_a_damaged_file_among_many_is_named(paths):
    paths[3].write_bytes(b"no picture")
    with pytest.raises(CourseError, match=r"3\.png is not a picture"):
        extract(paths)


def test_a_missing_file_among_many_is_named(paths):
    with pytest.raises(CourseError, match=r"away\.png can't be read"):
        extract([*paths, paths[0].with_name("away.png")])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ([], "list is empty"),
        (np.empty((0, 9, 9, 3), np.uint8), "list is empty"),
        ("photo.png", r"\['photo.png'\]"),
        (np.zeros((9, 9, 3), np.uint8), r"picture\[None\]"),
        (3, "of type `int`"),
        ([np.zeros((9, 9, 3), np.uint8), None], "Picture 2 of the list"),
        (np.full((1, 9, 9, 3), 300.0), "0 to 255"),
        (np.full((1, 9, 9, 3), 0.5), "from 0 to 1"),
        (np.ones((1, 9, 9, 3), bool), "from 0 to 1"),
        (np.zeros((5, 28, 28), np.uint8), r"images\[\.\.\., None\]"),
        ({"photo.png": 0}, "of type `dict`"),
        (Image.new("RGB", (9, 9)), "of type `Image`"),
        (["a\0b"], "can't be read"),
    ],
)
def test_what_are_no_pictures_is_said_in_words(images, message):
    with pytest.raises(CourseError, match=message):
        extract(images)
