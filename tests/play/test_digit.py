"""A drawing becomes a digit as MNIST has them, and is read at once."""

import re

import numpy as np
import pytest

from helpers.play.digit import DigitReader, centred
from helpers.play.drawing import DrawingPad

pytestmark = pytest.mark.filterwarnings("error:The structure of")

EMPTY = np.zeros((28, 28), np.float32)


def drawn(rows, columns):
    """A white rectangle on black."""
    drawing = EMPTY.copy()
    drawing[rows, columns] = 1
    return drawing


@pytest.fixture(scope="module")
def model():
    """A small network with random weights."""
    from helpers.quiet import keras

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(5, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )


@pytest.fixture
def reader(model):
    return DigitReader(model, drawn(slice(4, 24), slice(12, 15)))


@pytest.mark.parametrize(
    "drawing",
    [
        drawn(slice(0, 6), slice(0, 3)),
        drawn(slice(20, 28), slice(26, 28)),
        drawn(slice(0, 28), slice(0, 28)),
        drawn(slice(3, 4), slice(5, 6)),
    ],
)
def test_a_drawing_is_twenty_pixels_large_and_in_the_middle(drawing):
    image = centred(drawing)
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    assert 0 <= image.min() <= image.max() <= 1
    rows, columns = np.nonzero(image > 0.5)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
    middle = np.average(np.indices(image.shape), axis=(1, 2), weights=np.stack([image] * 2))
    assert middle == pytest.approx(13.5, abs=0.1)


def test_the_probabilities_are_a_softmax_of_the_logits(reader, model):
    logits = model.predict(reader.image[None, ..., None], verbose=0)[0].astype(float)
    assert reader.probabilities == pytest.approx(np.exp(logits) / np.exp(logits).sum(), abs=1e-5)


def test_a_stroke_is_read_and_an_empty_pad_is_not(reader):
    before, page = reader.probabilities, reader.view.value
    stroke = (255 * drawn(slice(2, 5), slice(2, 20))).astype(np.uint8)
    reader.pad.pixels = stroke.tobytes()
    assert np.abs(reader.probabilities - before).max() > 0.001
    assert np.array_equal(reader.image, centred(stroke / np.float32(255)))
    assert reader.view.value != page
    page = reader.view.value
    reader.wipe.click()
    assert (reader.pad.wiped, reader.pad.pixels) == (1, b"")
    assert reader.view.value == page


def test_every_digit_has_its_line_and_the_maps_a_description(reader):
    assert re.findall(r"<th>(\d)</th>", reader.view.value) == list("0123456789")
    assert re.findall('alt="(.*?)"', reader.view.value) == [
        "what the network sees",
        "feature maps of the first 5 kernels",
    ]


def test_pixels_come_as_the_browser_sends_them():
    pad = DrawingPad()
    seen = []
    pad.observe(lambda change: seen.append(pad.image), "pixels")
    drawn = bytes(range(196)) * 4
    pad.set_state({"pixels": memoryview(drawn)})
    assert np.array_equal(seen[-1].ravel(), np.frombuffer(drawn, np.uint8))
