"""The networks that come with the course compute what their reference implementations compute."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import networks
from helpers.errors import CourseError
from helpers.networks import efficientnet_lite, squeezenet
from helpers.quiet import keras

OFFLINE = [*efficientnet_lite.ENTRIES, *squeezenet.ENTRIES]
PHOTOS = Path(networks.__file__).parents[1] / "datasets" / "data" / "photos"
REFERENCE = np.load(Path(__file__).with_name("reference_logits.npz"))


@pytest.fixture(params=OFFLINE)
def network(request):
    return networks.load(request.param)


def output(network, layer):
    return keras.Model(network.model.input, network.model.get_layer(layer).output)


def photos(network):
    names = ("badger", "sundial")
    return network.prepare([PHOTOS / f"{name}.png" for name in names])


def test_logits_are_those_of_the_reference(network):
    logits = output(network, "logits")(photos(network)).numpy()
    assert np.abs(logits - REFERENCE[network.name]).max() < 1e-4


def test_predictions_are_the_softmax_of_the_logits(network):
    logits = REFERENCE[network.name].astype(float)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = exponentials / exponentials.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(network.model(photos(network)), expected, atol=1e-4)


def test_the_number_of_parameters_is_that_of_the_model(network):
    assert network.parameters == network.model.count_params()


def test_feature_layers_come_in_order_with_the_channels_of_the_entry(network):
    names = [layer.name for layer in network.model.layers]
    positions = [names.index(layer) for layer in network.layers]
    assert positions == sorted(positions)
    channels = {layer: network.model.get_layer(layer).output.shape[-1] for layer in network.layers}
    assert channels == network.layers


def test_the_penultimate_layer_alone_determines_the_logits(network):
    """Lite has a dense layer after it, SqueezeNet a convolution and a mean."""
    features = output(network, network.penultimate)(photos(network))
    names = [layer.name for layer in network.model.layers]
    x = features
    for name in names[names.index(network.penultimate) + 1 : names.index("logits") + 1]:
        x = network.model.get_layer(name)(x)
    np.testing.assert_allclose(x, REFERENCE[network.name], atol=1e-3)


def test_blocks_with_a_residual_connection_end_in_an_addition():
    model = networks.load("efficientnet-lite0").model
    added = {layer.name for layer in model.layers if isinstance(layer, keras.layers.Add)}
    assert added <= {layer.name for layer in model.layers if layer.name.endswith("_add")}
    assert "block2b_add" in added
    assert "block2a_add" not in added


@pytest.mark.parametrize("family", [efficientnet_lite, squeezenet])
def test_a_damaged_weight_file_is_named(family, tmp_path, monkeypatch):
    name = next(iter(family.ENTRIES))
    damaged = tmp_path / "weights"
    shutil.copy(family.weight_file(name), damaged)
    with damaged.open("r+b") as file:
        file.seek(100_000)
        file.write(b"!")
    monkeypatch.setattr(family, "weight_file", lambda name: damaged)
    with pytest.raises(CourseError, match=f"{damaged} is damaged"):
        family.build(name)


def test_colours_are_in_the_order_of_the_network():
    red = np.zeros((1, 227, 227, 3), np.uint8)
    red[..., 0] = 255
    blue, green, red_ = networks.about("squeezenet").preprocess_input(red)[0, 0, 0]
    assert (blue, green) == pytest.approx((-104.006, -116.669))
    assert red_ == pytest.approx(255 - 122.679)


def test_preprocessing_leaves_the_images_as_they_are():
    images = np.full((2, 224, 224, 3), 200, np.uint8)
    prepared = networks.about("efficientnet-lite0").preprocess_input(images)
    assert (images == 200).all()
    assert prepared.dtype == np.float32
    np.testing.assert_allclose(prepared, (200 - 127) / 128)


@pytest.mark.parametrize("value", [-1.0, 256.0, 0.5, 1.0])
def test_images_in_another_range_are_refused(value):
    images = np.full((1, 224, 224, 3), value)
    with pytest.raises(CourseError, match="numbers from 0 to 255"):
        networks.about("efficientnet-lite0").preprocess_input(images)


def test_images_of_another_size_are_refused():
    with pytest.raises(CourseError, match=r"\(n, 224, 224, 3\).*\(1, 299, 299, 3\)"):
        networks.about("efficientnet-lite0").preprocess_input(np.zeros((1, 299, 299, 3)))


def test_a_single_image_is_told_from_a_batch_of_another_size():
    with pytest.raises(CourseError, match=r"a single one.*`np.stack`"):
        networks.about("efficientnet-lite0").preprocess_input(np.zeros((224, 224, 3), np.uint8))


@pytest.mark.parametrize("form", [np.asarray, list, tuple])
def test_several_pictures_are_not_fitted_as_one(form):
    pictures = np.zeros((3, 50, 40, 3), np.uint8)
    with pytest.raises(CourseError, match="one picture at a time, but this is a row of 3"):
        networks.about("efficientnet-lite0").fit(form(pictures))


def test_a_picture_may_be_a_nested_list():
    entry, picture = networks.about("squeezenet"), np.full((2, 3, 3), 9, np.uint8)
    assert (entry.fit(picture.tolist()) == entry.fit(picture)).all()


@pytest.mark.parametrize("size", [(500, 300), (301, 640), (224, 224), (40, 60)])
def test_fitting_crops_what_resizing_first_would_leave(size):
    """Up to the rounding of the size that the whole picture would be scaled to."""
    entry = networks.about("efficientnet-lite0")
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    picture = small.resize(size, Image.Resampling.BICUBIC)
    scale = entry.short_side / min(size)
    width, height = (round(side * scale) for side in size)
    left, top = (width - entry.input_size) / 2, (height - entry.input_size) / 2
    whole = picture.resize((width, height), Image.Resampling.BICUBIC)
    box = tuple(round(edge) for edge in (left, top, left + 224, top + 224))
    expected = np.asarray(whole.crop(box), dtype=float)
    assert np.abs(entry.fit(picture) - expected).mean() < 1


def test_squeezenet_sees_the_whole_picture():
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, :10] = 255
    assert networks.about("squeezenet").fit(picture)[:, 0].min() > 200
    assert networks.about("efficientnet-lite0").fit(picture).max() == 0


@pytest.mark.parametrize(
    ("images", "message"),
    [([], "no pictures"), ("abc.png", "one path"), (np.zeros((9, 9, 3)), "shape"), (None, "list")],
)
def test_what_are_no_pictures_is_refused(images, message):
    with pytest.raises(CourseError, match=message):
        networks.about("squeezenet").prepare(images)
