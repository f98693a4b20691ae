"""Convolution and pooling in NumPy: a reference that gives what Keras gives.

What deep learning calls a convolution is a cross-correlation: the kernel is not flipped. Shapes
are channels-last, as in Keras; a grey picture and a single kernel need no channels. Padding follows
TensorFlow: "same" adds the odd row or column at the bottom and on the right.

Source: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
"""

import operator
from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from helpers.errors import CourseError

__all__ = [
    "conv2d",
    "conv2d_parameter_count",
    "dense_parameter_count",
    "max_pool2d",
    "output_size",
]

Pair = SupportsIndex | Sequence[SupportsIndex]


def conv2d(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: str = "valid",
) -> NDArray[np.floating]:
    """Slide every kernel over every image and sum the products.

    Parameters
    ----------
    images : array of shape (n, h, w, in), (h, w, in) or (h, w)
        Numbers of any range. NaN spreads to every output whose window contains it.
    kernels : array of shape (kh, kw, in, out), or (kh, kw) for an image of shape (h, w)
        One kernel per output channel, as in ``keras.layers.Conv2D.kernel``.
    bias : array of shape (out,), or one number for an image of shape (h, w), optional
        Added to each output channel.
    stride : int or pair of ints, at least 1
        Step of the window, down and to the right.
    padding : {"valid", "same"}
        "valid" keeps the window inside the image; "same" surrounds the image with zeros so that
        the output has ``ceil(size / stride)`` rows and columns.

    Returns
    -------
    array of shape (n, oh, ow, out), (oh, ow, out) or (oh, ow)
        ``oh`` and ``ow`` as :func:`output_size` says. float32 if neither input needs more,
        else float64.

    Raises
    ------
    CourseError
        If shapes do not fit together or an option makes no sense.
    """
    picture, weights = _numbers(images, "images"), _numbers(kernels, "kernels")
    if picture.ndim == weights.ndim == 2:
        offset = None if bias is None else _numbers(bias, "bias").ravel()
        maps = conv2d(picture[..., None], weights[..., None, None], offset, stride, padding)
        return maps[..., 0]
    if weights.ndim != 4 or 0 in weights.shape:
        raise CourseError(
            f"kernels has shape {weights.shape}, but must be (kh, kw, in, out) with no size 0, or "
            "(kh, kw) for one image of shape (h, w). Elsewhere, give a single kernel its two "
            "missing axes with kernels[:, :, None, None]."
        )
    pictures = _batch(picture)
    height, width, channels, filters = weights.shape
    if channels != pictures.shape[-1]:
        raise CourseError(
            f"kernels of shape {weights.shape} span {channels} input channels, but images of "
            f"shape {np.shape(images)} have {pictures.shape[-1]}: the third size of kernels "
            "must equal the last size of images."
        )
    windows = _windows(pictures, (height, width), _pair(stride, "stride"), padding, fill=0)
    result = np.tensordot(windows, weights, axes=([3, 4, 5], [2, 0, 1]))
    if bias is not None:
        offsets = _numbers(bias, "bias")
        if offsets.shape != (filters,):
            raise CourseError(
                f"bias has shape {offsets.shape}, but must be ({filters},): one number for each "
                f"of the {filters} kernels."
            )
        result = result + offsets
    return result if np.ndim(images) == 4 else result[0]


def max_pool2d(
    images: ArrayLike,
    pool_size: Pair = 2,
    stride: Pair | None = None,
    padding: str = "valid",
) -> NDArray[np.floating]:
    """Keep the largest number of every window, in each channel on its own.

    Parameters
    ----------
    images : array of shape (n, h, w, channels) or (h, w, channels)
        Numbers of any range. NaN spreads to every output whose window contains it.
    pool_size : int or pair of ints, at least 1
        Height and width of the window.
    stride : int or pair of ints, at least 1, optional
        Step of the window; `pool_size` if not given, so that windows do not overlap.
    padding : {"valid", "same"}
        "valid" drops rows and columns that fill no whole window; "same" keeps them.

    Returns
    -------
    array of shape (n, oh, ow, channels) or (oh, ow, channels)
        ``oh`` and ``ow`` as :func:`output_size` says. float32 if the input needs no more,
        else float64.

    Raises
    ------
    CourseError
        If the shape does not fit or an option makes no sense.
    """
    window = _pair(pool_size, "pool_size")
    steps = window if stride is None else _pair(stride, "stride")
    # Padding must never win, even where all numbers are negative.
    windows = _windows(_batch(images), window, steps, padding, fill=-np.inf)
    result = windows.max(axis=(4, 5))
    return result if np.ndim(images) == 4 else result[0]


def output_size(
    size: SupportsIndex,
    kernel_size: SupportsIndex,
    stride: SupportsIndex = 1,
    padding: str = "valid",
) -> int:
    """Count the positions of a window along one axis of an image.

    Parameters
    ----------
    size : int, at least 1
        Height or width of the image.
    kernel_size : int, at least 1
        Height or width of the window; at most `size` with "valid" padding.
    stride : int, at least 1
        Step of the window.
    padding : {"valid", "same"}
        Whether the window stays inside the image.

    Returns
    -------
    int
        ``floor((size - kernel_size) / stride) + 1`` for "valid", ``ceil(size / stride)`` for
        "same".

    Raises
    ------
    CourseError
        If a number is not whole or below 1, `padding` is unknown, or the window does not fit.
    """
    length = _whole(size, "size")
    window = _whole(kernel_size, "kernel_size")
    step = _whole(stride, "stride")
    if padding == "same":
        return -(-length // step)
    if padding != "valid":
        raise CourseError(f'padding is {padding!r}, but must be "valid" or "same".')
    if window > length:
        raise CourseError(
            f"A window of {window} pixels does not fit into an image of {length} pixels with "
            'padding="valid": use a smaller window, a larger image, or padding="same".'
        )
    return (length - window) // step + 1


def conv2d_parameter_count(
    kernel_size: Pair,
    in_channels: SupportsIndex,
    filters: SupportsIndex,
    use_bias: bool = True,
) -> int:
    """Count the numbers that a convolutional layer learns.

    Parameters
    ----------
    kernel_size : int or pair of ints, at least 1
        Height and width of each kernel.
    in_channels, filters : int, at least 1
        Channels that go in and come out.
    use_bias : bool
        Whether each filter has one bias.

    Returns
    -------
    int
        ``(kh * kw * in_channels + use_bias) * filters``.

    Raises
    ------
    CourseError
        If a number is not whole or below 1.
    """
    height, width = _pair(kernel_size, "kernel_size")
    return dense_parameter_count(
        height * width * _whole(in_channels, "in_channels"), _whole(filters, "filters"), use_bias
    )


def dense_parameter_count(
    inputs: SupportsIndex, units: SupportsIndex, use_bias: bool = True
) -> int:
    """Count the numbers that a fully connected layer learns.

    Parameters
    ----------
    inputs, units : int, at least 1
        Numbers that go in and come out.
    use_bias : bool
        Whether each unit has one bias.

    Returns
    -------
    int
        ``(inputs + use_bias) * units``.

    Raises
    ------
    CourseError
        If a number is not whole or below 1.
    """
    return (_whole(inputs, "inputs") + bool(use_bias)) * _whole(units, "units")


def _windows(
    images: NDArray[np.floating],
    window: tuple[int, int],
    steps: tuple[int, int],
    padding: str,
    fill: float,
) -> NDArray[np.floating]:
    """View (n, h, w, channels) as (n, oh, ow, channels, kh, kw), padded with `fill`."""
    borders = [(0, 0)]
    for size, length, step in zip(images.shape[1:3], window, steps, strict=True):
        positions = output_size(size, length, step, padding)
        missing = max((positions - 1) * step + length - size, 0)
        borders.append((missing // 2, missing - missing // 2))
    padded = np.pad(images, [*borders, (0, 0)], constant_values=fill)
    return sliding_window_view(padded, window, axis=(1, 2))[:, :: steps[0], :: steps[1]]


def _batch(images: ArrayLike) -> NDArray[np.floating]:
    """Return `images` as floats of shape (n, h, w, channels)."""
    pictures = _numbers(images, "images")
    if pictures.ndim not in (3, 4) or 0 in pictures.shape:
        raise CourseError(
            f"images has shape {pictures.shape}, but must be (h, w, channels) or "
            "(n, h, w, channels) with no size 0. Give grey images their channel axis with "
            "images[..., None]."
        )
    return pictures if pictures.ndim == 4 else pictures[None]


def _numbers(values: ArrayLike, name: str) -> NDArray[np.floating]:
    """Return `values` as an array of float32, or float64 where that would lose digits."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise CourseError(f"{name} has rows of different lengths: make it a full array.") from None
    if array.dtype.kind not in "buif":
        raise CourseError(
            f"{name} holds {array.dtype} values ({type(values).__name__}), but must hold numbers."
        )
    return array.astype(np.promote_types(array.dtype, np.float32), copy=False)


def _pair(value: Pair, name: str) -> tuple[int, int]:
    """Return one whole number twice, or the two that were given."""
    if not isinstance(value, Sequence):
        return _whole(value, name), _whole(value, name)
    if len(value) != 2:
        raise CourseError(f"{name} is {value!r}, but must be one whole number or a pair of them.")
    return _whole(value[0], name), _whole(value[1], name)


def _whole(value: SupportsIndex, name: str) -> int:
    """Return `value` as an int of at least 1."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or isinstance(value, bool):
        raise CourseError(f"{name} is {value!r}, but must be a whole number of at least 1.")
    return number
