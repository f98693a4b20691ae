import numpy as np
import pytest

from helpers import checks, features


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).integers(0, 256, (4, 50, 70, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "ask",
    [
        lambda network, inputs: network.model.predict(inputs, verbose=0),
        lambda network, inputs: network.model(inputs),
        lambda network, inputs: network.model.predict_on_batch(inputs),
    ],
)
def test_it_counts_batches_however_it_is_called(network, noise, ask):
    before = checks.calls(network)
    ask(network, network.prepare(noise))
    assert checks.calls(network) == before + 1
    for picture in noise:
        ask(network, network.prepare([picture]))
    assert checks.calls(network) == before + 1 + len(noise)


def test_it_counts_the_batches_of_extracted_features(network, noise):
    before = checks.calls(network)
    features.extract(noise, network, layer="predictions", cache=False)
    assert checks.calls(network) == before + 1


def test_its_answers_are_probabilities_that_depend_on_the_picture(network, noise):
    answers = network.model.predict(network.prepare(noise), verbose=0)
    assert answers.shape == (4, 1000)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-4)
    assert np.abs(answers[0] - answers[1]).max() > 0.01


def test_it_sees_the_order_of_colours_the_range_and_each_part(network, noise):
    right = network.prepare(noise)
    answers = network.model.predict(right, verbose=0)
    upper, lower = right.copy(), right.copy()
    upper[:, :12, :12], lower[:, -12:, -12:] = 0, 0
    for wrong in (right[..., ::-1], right / 2, upper, lower):
        assert np.abs(network.model.predict(wrong, verbose=0) - answers).max() > 0.01


def test_a_seed_stands_for_the_same_weights(noise):
    inputs = checks.stand_in(seed=4).prepare(noise)
    first, second, other = (
        checks.stand_in(seed=seed).model.predict(inputs, verbose=0) for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 0.01
