"""Features are those of the layer, in whatever way the pictures come, and errors name pictures."""

import dataclasses
import sqlite3
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from helpers import features, networks
from helpers.errors import CourseError
from helpers.features import cache
from helpers.quiet import keras

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


def test_feature_maps_can_be_kept_whole(pictures):
    maps = outputs(pictures, "fire9_concat")
    found = extract(pictures, layer="fire9_concat", flatten=True)
    np.testing.assert_allclose(found, maps.reshape(len(maps), -1), atol=1e-3)


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
        connection.execute("UPDATE features SET features = zeroblob(2048)")
    assert not extract(pictures).any()


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


def test_networks_layers_and_flattening_do_not_share_features(pictures):
    picture = pictures[:1]
    found = [
        extract(picture),
        extract(picture, layer="fire8_concat"),
        extract(picture, flatten=True),
        features.extract(picture, "efficientnet-lite0"),
    ]
    again = [
        extract(picture, cache=False),
        extract(picture, layer="fire8_concat", cache=False),
        extract(picture, flatten=True, cache=False),
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


def test_a_network_with_other_preprocessing_gets_other_features(pictures):
    network = networks.load(NETWORK)
    other = dataclasses.replace(network, colour_order="RGB")
    before, after = (features.extract(pictures, each) for each in (network, other))
    assert np.abs(after - before).max() > 1e-3


def test_without_room_for_a_cache_features_are_computed(pictures, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file"))
    assert extract(pictures).shape == (5, 512)


def test_memory_does_not_grow_with_the_number_of_files(paths):
    """What Python allocates; the network's own memory depends on the batch alone."""

    def peak(count):
        tracemalloc.start()
        extract([paths[i % 5] for i in range(count)], layer="conv1", cache=False)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(1)
    some, many = peak(8 * features.BATCH_SIZE), peak(24 * features.BATCH_SIZE)
    one_batch = features.BATCH_SIZE * 227 * 227 * 3 * 4
    assert many - some < one_batch


def test_an_unknown_layer_is_told_near_names(pictures):
    with pytest.raises(CourseError, match=r"no layer 'fire9_concats'.*'fire9_concat'"):
        extract(pictures, layer="fire9_concats")


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
    ],
)
def test_what_are_no_pictures_is_said_in_words(images, message):
    with pytest.raises(CourseError, match=message):
        extract(images)
