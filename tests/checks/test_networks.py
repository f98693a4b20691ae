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
        checks.weight_shapes(keras.Sequential([keras.layers.Dense(3)]))


def test_what_is_no_model_is_named():
    with pytest.raises(AssertionError, match="NoneType"):
        checks.weight_shapes(None)


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
        ({"loss": [1.0]}, "no `accuracy`"),
        ({**HISTORY, "loss": [1.0, 2.0]}, "2 values for 1 epochs"),
    ],
)
def test_what_is_no_history_gets_a_hint(result, message):
    with pytest.raises(AssertionError, match=message):
        checks.history_of(result, epochs=1)


def test_a_history_may_be_a_dictionary():
    assert checks.history_of(HISTORY, epochs=1) == HISTORY
