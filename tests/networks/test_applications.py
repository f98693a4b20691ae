"""The Keras applications here are Keras's own, but for the names of their last two layers."""

import gc
import hashlib
import inspect
import re
import socket

import h5py
import numpy as np
import pytest

from helpers import networks
from helpers.errors import CourseError
from helpers.networks import applications
from helpers.networks.download import WeightFile
from helpers.quiet import keras

# Keras must be imported quietly first.
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group  # isort: skip

# Keras saves weights in a way that NumPy is going to drop.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

NAMES = ("resnet50", "vgg16", "vgg19", "inception_v3")
GENERATOR = np.random.default_rng(0)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def publish(tmp_path):
    """Return what writes a model's weights as Keras has published them, by the order of layers."""

    def write(model, path=tmp_path / "published.h5"):
        with h5py.File(path, "w") as file:
            save_weights_to_hdf5_group(file, model)
        return path

    yield write
    # Up to 100 MB, which pytest would keep.
    (tmp_path / "published.h5").unlink(missing_ok=True)


@pytest.fixture
def small(monkeypatch):
    """Build something faster instead of ResNet-50: it has a dense layer at its end, too."""

    def build(**options):
        image = keras.layers.Input((8, 8, 3))
        features = keras.layers.GlobalAveragePooling2D()(image)
        return keras.Model(image, keras.layers.Dense(5, name="predictions")(features))

    monkeypatch.setitem(applications.BUILDERS, "resnet50", build)
    return build()


def test_all_four_are_there():
    assert tuple(applications.ENTRIES) == NAMES == tuple(applications.FILES)
    assert set(NAMES) < set(networks.names())


@pytest.mark.parametrize("name", NAMES)
def test_addresses_and_checksums_are_those_of_the_installed_keras(name):
    module = inspect.getmodule(applications.BUILDERS[name])
    file = applications.FILES[name]
    if name == "resnet50":
        assert file.url == f"{module.BASE_WEIGHTS_PATH}{file.name}"
        assert file.md5 == module.WEIGHTS_HASHES[name][0]
        assert file.name.replace(name, "{weights_name}") in inspect.getsource(module)
    else:
        assert file.url == module.WEIGHTS_PATH
        call = r'get_file\(\s*"([^"]+)",\s*WEIGHTS_PATH,.*?file_hash="(\w+)"'
        found = re.search(call, inspect.getsource(module), re.DOTALL)
        assert found.groups() == (file.name, file.md5)


@pytest.mark.parametrize("name", NAMES)
def test_images_are_preprocessed_as_keras_does(name):
    entry = networks.about(name)
    shape = (2, entry.input_size, entry.input_size, 3)
    images = GENERATOR.integers(0, 256, shape, dtype=np.uint8)
    expected = getattr(keras.applications, name).preprocess_input(images.copy())
    np.testing.assert_allclose(entry.preprocess_input(images), expected, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_are_those_of_the_network(name):
    entry = networks.about(name)
    model = applications.untrained(name)
    size = entry.input_size
    assert model.input_shape == (None, size, size, 3)
    assert model.output_shape == (None, 1000)
    assert model.count_params() == entry.parameters
    channels = {layer.name: layer.output.shape[-1] for layer in model.layers}
    chosen = {layer: channels[layer] for layer in channels if layer in entry.layers}
    assert list(chosen.items()) == list(entry.layers.items())
    assert list(entry.layers)[-3:] == [entry.penultimate, "logits", "predictions"]
    assert model.layers[-3].name == entry.penultimate
    # A gigabyte, for two of them.
    del model
    gc.collect()


@pytest.mark.parametrize("name", ["resnet50", "inception_v3"])
def test_a_published_file_in_the_cache_gives_the_network_of_keras(
    name, cache, publish, monkeypatch
):
    original = applications.BUILDERS[name](weights=None, classifier_activation=None)
    published = publish(original)
    with published.open("rb") as content:
        md5 = hashlib.file_digest(content, "md5").hexdigest()
    monkeypatch.setitem(applications.FILES, name, WeightFile(applications.FILES[name].url, md5))
    assert name not in networks.available()
    applications.FILES[name].path.symlink_to(published)
    assert name in networks.available()
    assert_same(applications.build(name), original)


def test_weights_may_be_anywhere(small, publish, cache, monkeypatch):
    published = publish(small)
    monkeypatch.setenv("HOME", str(published.parent))
    for path in (published, str(published), f"~/{published.name}"):
        assert_same(networks.load("resnet50", weights=path).model, small)
    assert list(cache.iterdir()) == []


def assert_same(model, original):
    images = GENERATOR.normal(size=(2, *original.input_shape[1:])).astype(np.float32)
    expected = original(images).numpy()
    logits = keras.Model(model.input, model.get_layer("logits").output)(images)
    # Random networks differ from one another by about the standard deviation.
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-4 * expected.std())
    np.testing.assert_allclose(model(images), keras.ops.softmax(expected), rtol=1e-4)


def test_a_download_that_fails_is_explained_before_the_network_is_built(cache, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/vgg16_weights.h5"
    monkeypatch.setitem(applications.FILES, "vgg16", WeightFile(address, "0" * 32))
    monkeypatch.setitem(applications.BUILDERS, "vgg16", lambda **_: pytest.fail("was built"))
    with pytest.raises(CourseError) as caught:
        networks.load("vgg16")
    message = str(caught.value)
    for fact in (address, "0" * 32, str(cache), 'networks.load("vgg16", weights="…/vgg16_weights'):
        assert fact in message
    _, offline = message.split("no download: ")
    assert re.findall(r"[a-z]+net[-\w]*", offline) == list(networks.available())


@pytest.fixture
def unbuildable(monkeypatch):
    monkeypatch.setitem(applications.BUILDERS, "resnet50", lambda **_: pytest.fail("was built"))


def test_a_missing_file_is_named_before_the_network_is_built(tmp_path, unbuildable):
    with pytest.raises(CourseError, match=rf"no file {tmp_path}/weights\.h5.*resnet50_weights"):
        applications.build("resnet50", tmp_path / "weights.h5")


@pytest.mark.parametrize("file", ["my.weights.h5", "model.keras", "weights"])
def test_another_format_is_named_before_the_network_is_built(file, tmp_path, unbuildable):
    (tmp_path / file).touch()
    with pytest.raises(CourseError, match=rf"{tmp_path}/{file} is in another format.*resnet50_"):
        applications.build("resnet50", tmp_path / file)


def text(path):
    path.write_text("<html>Welcome to the hotel")


def nothing(path):
    path.touch()


def no_weights(path):
    h5py.File(path, "w").close()


def another_network(path):
    layers = [keras.layers.Input((3,)), keras.layers.Dense(5), keras.layers.Dense(5)]
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, keras.Sequential(layers))


def another_shape(path):
    layers = [keras.layers.Input((3,)), keras.layers.Dense(6)]
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, keras.Sequential(layers))


@pytest.mark.parametrize("write", [text, nothing, no_weights, another_network, another_shape])
def test_a_file_that_does_not_fit_is_named(write, tmp_path, small):
    path = tmp_path / "weights.h5"
    write(path)
    with pytest.raises(CourseError, match=rf"{path} doesn't hold .* resnet50 \(.*resnet50_"):
        applications.build("resnet50", path)
