"""The networks have the agreed layers, learn, and refuse what they can't read."""

import numpy as np
import pytest

from helpers import cnn
from helpers.cnn.training import PEAK_LEARNING_RATE
from helpers.datasets.mnist import Subset, load_splits
from helpers.errors import CourseError
from helpers.quiet import keras

pytestmark = pytest.mark.slow

SPLITS = load_splits()


def first(count, subset=SPLITS.train):
    return Subset(subset.images[:count], subset.labels[:count])


FEW = first(300)
HELD_OUT = first(200, SPLITS.validation)


@pytest.fixture(scope="module")
def trained():
    """A small network that reads some digits right and some wrong."""
    model = cnn.build(filters=(8,), units=(16,))
    cnn.train(model, first(2_000), batch_size=20)
    return model


def layer_names(model):
    return [layer.name for layer in model.layers]


def test_images_are_scaled_to_one_and_get_a_channel():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    prepared = cnn.prepare(images)
    assert (prepared.shape, prepared.dtype) == ((2, 28, 28, 1), np.float32)
    assert np.unique(prepared).tolist() == [0, 1]


def test_the_classical_network_has_the_layers_of_the_exercise():
    model = cnn.build()
    names = ["conv1", "pool1", "conv2", "pool2", "flatten", "dense1", "logits"]
    assert layer_names(model) == names
    assert model.count_params() == 832 + 51_264 + 401_536 + 1_290
    assert model.get_layer("logits").activation is keras.activations.linear


def test_number_and_size_of_the_layers_can_be_chosen():
    model = cnn.build(filters=(4, 6, 8), kernel_size=3, units=(), activation="tanh")
    names = ["conv1", "pool1", "conv2", "pool2", "conv3", "pool3", "flatten", "logits"]
    assert layer_names(model) == names
    assert [model.get_layer(f"conv{i}").filters for i in (1, 2, 3)] == [4, 6, 8]
    assert model.get_layer("conv3").output.shape == (None, 7, 7, 8)
    assert model.get_layer("conv2").activation is keras.activations.tanh
    assert cnn.build(filters=(), units=()).count_params() == 7_850


def test_no_more_convolutions_than_the_image_can_be_halved():
    assert cnn.build(filters=(2, 2, 2, 2)).count_params() > 0
    with pytest.raises(CourseError, match="5 convolutions"):
        cnn.build(filters=(2, 2, 2, 2, 2))


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"filters": 8}, "`filters` is 8, but must be a list with a number for each layer"),
        ({"units": "32"}, "`units` is '32', but must be a list"),
        ({"filters": [8, 2.5]}, "A number in `filters` is 2.5, but must be a whole number"),
        ({"units": [0]}, "A number in `units` is 0, but must be a whole number from 1 on"),
        ({"activation": "Sigmoid"}, "no activation 'Sigmoid'; there are 'relu', 'sigmoid'"),
    ],
)
def test_settings_that_make_no_network_are_named(settings, hint):
    with pytest.raises(CourseError, match=hint):
        cnn.build(**settings)


def test_the_fast_network_is_small():
    assert cnn.build_fast().count_params() == 29_610


@pytest.mark.parametrize("build", [cnn.build, cnn.build_fast])
def test_the_seed_decides_on_the_weights(build):
    one, same, other = (build(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_history_has_one_number_per_epoch_for_everything():
    history = cnn.train(cnn.build(filters=(2,)), FEW, HELD_OUT, epochs=2)
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy", "seconds"}
    assert all(len(values) == 2 for values in history.values())
    assert all(type(value) is float for values in history.values() for value in values)


def test_the_same_seed_trains_the_same_network():
    def accuracy_and_loss(seed):
        history = cnn.train(cnn.build(filters=(2,)), FEW, epochs=1, seed=seed)
        return history["accuracy"] + history["loss"]

    assert accuracy_and_loss(1) == pytest.approx(accuracy_and_loss(1), rel=1e-4)
    assert accuracy_and_loss(1) != pytest.approx(accuracy_and_loss(2), rel=1e-4)


def test_training_shows_one_bar_on_stdout_and_nothing_else(capfd):
    cnn.train(cnn.build(filters=(2,)), FEW, HELD_OUT, epochs=2)
    shown = capfd.readouterr()
    assert shown.err == ""
    assert shown.out.count("\n") == 1
    last = shown.out.strip().splitlines()[-1]
    assert last.startswith("epoch 2/2")
    assert "6/6 batches" in last
    assert "val_accuracy=" in last


def test_the_fast_network_learns_digits_from_few_images():
    model = cnn.build_fast()
    cnn.train_fast(model, first(2_000), epochs=2)
    assert cnn.evaluate(model, first(1_000, SPLITS.test)) > 0.8


def test_the_learning_rate_rises_to_its_peak_and_falls_to_nothing():
    model = cnn.build_fast()
    rates = []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: rates.append(float(model.optimizer.learning_rate))
    )
    cnn.train_fast(model, FEW, epochs=2, batch_size=30, callbacks=[watch])
    peak = int(np.argmax(rates))
    assert rates[peak] == pytest.approx(PEAK_LEARNING_RATE)
    assert rates == sorted(rates[:peak]) + sorted(rates[peak:], reverse=True)
    assert len(rates) == 20
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_predictions_are_the_largest_logits(trained):
    digits = cnn.predict(trained, HELD_OUT.images)
    outputs = trained.predict(cnn.prepare(HELD_OUT.images), verbose=0)
    np.testing.assert_array_equal(digits, outputs.argmax(axis=1))
    assert (digits.shape, digits.dtype) == ((200,), np.int64)


def test_the_accuracy_is_the_share_of_right_predictions(trained):
    right = cnn.predict(trained, HELD_OUT.images) == HELD_OUT.labels
    assert cnn.evaluate(trained, HELD_OUT) == right.sum() / 200
    relabelled = Subset(HELD_OUT.images, cnn.predict(trained, HELD_OUT.images))
    assert cnn.evaluate(trained, relabelled) == 1


def test_the_confusion_matrix_has_labels_in_rows():
    matrix = cnn.confusion_matrix(np.array([3, 3, 3, 9]), np.array([3, 5, 5, 9]))
    assert matrix.shape == (10, 10)
    assert (matrix[3, 3], matrix[3, 5], matrix[9, 9], matrix.sum()) == (1, 2, 1, 4)


def test_the_hardest_digits_are_those_with_the_largest_loss(trained):
    order = cnn.hardest(trained, HELD_OUT, count=200)
    assert sorted(order) == list(range(200))
    outputs = trained.predict(cnn.prepare(HELD_OUT.images[order]), verbose=0)
    loss = keras.losses.sparse_categorical_crossentropy(
        HELD_OUT.labels[order].astype(int), outputs, from_logits=True
    )
    assert (np.diff(loss) <= 1e-4).all()
    np.testing.assert_array_equal(cnn.hardest(trained, HELD_OUT, count=7), order[:7])


def test_more_images_are_expected_to_give_more():
    counts = (5_000, 7_500, 10_000, 20_000, 40_000, 55_000)
    expected = [cnn.expected_accuracy(count) for count in counts]
    assert expected == sorted(expected)
    assert expected[0] > 0.8
    assert expected[-1] <= 0.98
    assert cnn.expected_accuracy(60_000) == expected[-1]


@pytest.mark.parametrize("count", [0, 4_999, 60_001])
def test_there_is_no_expectation_without_measurements(count):
    with pytest.raises(CourseError, match="5,000 to 60,000"):
        cnn.expected_accuracy(count)


def test_the_classical_network_does_what_is_expected_of_it():
    model = cnn.build(seed=7)
    cnn.train(model, first(5_000), seed=7)
    assert cnn.evaluate(model, SPLITS.test) > cnn.expected_accuracy(5_000)


@pytest.mark.parametrize(
    ("images", "hint"),
    [
        (FEW.images[0], r"shape \(28, 28\)"),
        (FEW.images[:0], "at least one image"),
        (FEW.images[:, :14], r"shape \(300, 14, 28\)"),
        (FEW.images / 255, "type float64"),
        (cnn.prepare(FEW.images), r"shape \(300, 28, 28, 1\).*don't prepare them before"),
    ],
)
def test_wrong_images_are_described(trained, images, hint):
    with pytest.raises(CourseError, match=hint):
        cnn.predict(trained, images)


@pytest.mark.parametrize(
    ("labels", "hint"),
    [
        (FEW.labels[:-1], "300 images can't go with 299 labels"),
        (FEW.labels.astype(float), "type float64"),
        (np.eye(10, dtype=int)[FEW.labels], r"shape \(300, 10\)"),
        (FEW.labels + np.uint8(1), "one of them is 10"),
    ],
)
def test_wrong_labels_are_described(trained, labels, hint):
    wrong = Subset(FEW.images, labels)
    for use in (cnn.evaluate, cnn.hardest, cnn.train, cnn.train_fast):
        with pytest.raises(CourseError, match=hint):
            use(trained, wrong)
    with pytest.raises(CourseError, match=hint):
        cnn.train(trained, FEW, validation=wrong)


@pytest.mark.parametrize("subset", [FEW.images, None])
def test_images_without_their_labels_are_refused(subset):
    for use in (cnn.evaluate, cnn.hardest, cnn.train):
        with pytest.raises(CourseError, match=r"hand them over as `mnist\.Subset"):
            use(cnn.build(filters=(2,)), subset)


def test_predictions_for_other_labels_are_refused():
    with pytest.raises(CourseError, match="3 labels can't go with 2 predictions"):
        cnn.confusion_matrix(np.array([1, 2, 3]), np.array([1, 2]))
