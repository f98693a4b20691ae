import numpy as np
import pytest

from helpers import checks, cnn
from helpers.quiet import keras


def test_the_reference_computes_what_keras_computes():
    model = cnn.build(seed=3)
    images = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)
    ours = checks.classical_logits(model.get_weights(), images)
    np.testing.assert_allclose(ours, model.predict(images, verbose=0), atol=1e-4)


def test_the_weights_of_an_unbuilt_network_are_asked_for():
    with pytest.raises(AssertionError, match=r"keras\.Input"):
        checks.weight_shapes("build_network()", keras.Sequential([keras.layers.Dense(3)]))


def test_what_is_no_model_is_named():
    with pytest.raises(AssertionError, match="NoneType"):
        checks.weight_shapes("build_network()", None)


def test_probabilities_stay_and_logits_become_them():
    logits = np.random.default_rng(0).normal(size=(4, 10)) * 3
    once = checks.probabilities(logits)
    np.testing.assert_allclose(once.sum(axis=1), 1)
    np.testing.assert_allclose(checks.probabilities(once), once)


HISTORY = {"loss": [1.0], "accuracy": [0.5], "val_loss": [1.0], "val_accuracy": [0.5]}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "NoneType"),
        ({"loss": [1.0]}, "no `accuracy`, only loss: give `compile` the `metrics"),
        ({"loss": [1.0], "accuracy": [0.5]}, "no `val_loss`.*validation_data"),
        ({}, "no `loss`, only nothing: return what `fit` returns"),
        ({**HISTORY, "loss": [1.0, 2.0]}, "is 2, expected 1, one value for each epoch"),
    ],
)
def test_what_is_no_history_gets_a_hint(result, message):
    with pytest.raises(AssertionError, match=message):
        checks.history_of("train(...)", result, epochs=1)


def test_a_history_may_be_a_dictionary():
    assert checks.history_of("train(...)", HISTORY, epochs=1) == HISTORY


def test_a_history_needs_only_the_quantities_that_are_asked_for():
    history = {"loss": [2.0, 1.0]}
    assert checks.history_of("train(...)", history, epochs=2, quantities=["loss"]) == history
    with pytest.raises(AssertionError, match="is 2, expected 1, one value for each epoch"):
        checks.history_of("train(...)", history, epochs=1, quantities=["loss"])


def test_a_constant_network_answers_the_same_before_and_after_training():
    rng = np.random.default_rng(0)
    images, logits = rng.random((30, 28, 28, 1), dtype=np.float32), np.linspace(-1, 1, 10)
    model = checks.constant_network(logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    history = model.fit(images, np.arange(30) % 10, epochs=2, verbose=0).history
    np.testing.assert_allclose(model.predict(images, verbose=0), [logits] * 30, atol=1e-6)
    expected = np.log(np.exp(logits).sum()) - logits.mean()
    np.testing.assert_allclose(history["loss"], [expected] * 2, atol=1e-5)
