"""The reference convolution against Keras, against its own algebra, and against wrong input."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from helpers.convolution import (
    conv2d,
    conv2d_parameter_count,
    dense_parameter_count,
    max_pool2d,
    output_size,
)
from helpers.errors import CourseError
from helpers.quiet import keras

# The first calls of TensorFlow are slow, which says nothing about the code under test.
unhurried = settings(deadline=None, max_examples=60)

sizes = st.integers(1, 9)
windows = st.tuples(st.integers(1, 5), st.integers(1, 5))
strides = st.integers(1, 4)
paddings = st.sampled_from(["valid", "same"])
seeds = st.integers(0, 2**32 - 1)


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def fits(height, width, window, padding):
    return padding == "same" or (window[0] <= height and window[1] <= width)


@unhurried
@given(seeds, sizes, sizes, windows, strides, paddings, st.integers(1, 4), st.integers(1, 4))
def test_conv2d_equals_keras(seed, height, width, window, stride, padding, channels, filters):
    assume(fits(height, width, window, padding))
    images = numbers(seed, 2, height, width, channels)
    kernels, bias = numbers(seed, *window, channels, filters), numbers(seed, filters)
    expected = keras.ops.conv(images, kernels, stride, padding, "channels_last") + bias
    result = conv2d(images, kernels, bias, stride, padding)
    assert result.dtype == np.float32
    assert_allclose(result, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_conv2d_equals_a_keras_layer_with_unequal_strides(padding):
    layer = keras.layers.Conv2D(7, (5, 3), strides=(2, 3), padding=padding)
    images = numbers(0, 3, 28, 25, 4)
    expected = layer(images)
    kernels, bias = layer.get_weights()
    assert_allclose(conv2d(images, kernels, bias, (2, 3), padding), expected, rtol=1e-5, atol=1e-5)


@unhurried
@given(seeds, sizes, sizes, windows, strides, paddings)
def test_max_pool2d_equals_keras(seed, height, width, window, stride, padding):
    assume(fits(height, width, window, padding))
    images = numbers(seed, 2, height, width, 3) - 5  # negative: padding with zeros would show
    expected = keras.ops.max_pool(images, window, stride, padding, "channels_last")
    assert_array_equal(max_pool2d(images, window, stride, padding), expected)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_max_pool2d_steps_by_its_window_unless_told_otherwise(padding):
    images = numbers(0, 1, 7, 8, 2)
    expected = keras.layers.MaxPooling2D((3, 2), padding=padding)(images)
    assert_array_equal(max_pool2d(images, (3, 2), padding=padding), expected)


@unhurried
@given(seeds, sizes, sizes, windows, strides, strides, paddings)
def test_output_size_is_the_size_of_the_output(seed, height, width, window, down, right, padding):
    assume(fits(height, width, window, padding))
    expected = (
        output_size(height, window[0], down, padding),
        output_size(width, window[1], right, padding),
    )
    images = numbers(seed, height, width, 1)
    convolved = conv2d(images, numbers(seed, *window, 1, 2), stride=(down, right), padding=padding)
    assert convolved.shape == (*expected, 2)
    assert max_pool2d(images, window, (down, right), padding).shape == (*expected, 1)


@unhurried
@given(seeds, strides, paddings, st.floats(-3, 3))
def test_conv2d_is_linear_in_images_and_in_kernels(seed, stride, padding, factor):
    first, second = np.random.default_rng(seed).normal(size=(2, 8, 9, 2))
    one, other = np.random.default_rng(seed + 1).normal(size=(2, 3, 2, 2, 3))

    def convolve(images, kernels):
        return conv2d(images, kernels, stride=stride, padding=padding)

    assert_allclose(
        convolve(first + factor * second, one),
        convolve(first, one) + factor * convolve(second, one),
        atol=1e-12,
    )
    assert_allclose(
        convolve(first, one + factor * other),
        convolve(first, one) + factor * convolve(first, other),
        atol=1e-12,
    )


@unhurried
@given(seeds, st.integers(0, 4), st.integers(0, 4))
def test_a_shifted_image_gives_a_shifted_output(seed, down, right):
    image, kernels = numbers(seed, 12, 13, 2), numbers(seed, 3, 4, 2, 2)
    whole = conv2d(image, kernels)
    assert_allclose(conv2d(image[down:, right:], kernels), whole[down:, right:], atol=1e-5)
    assert_array_equal(
        max_pool2d(image[down:, right:], 3, 1), max_pool2d(image, 3, 1)[down:, right:]
    )


@unhurried
@given(seeds, paddings)
def test_each_image_of_a_batch_is_treated_alone(seed, padding):
    images, kernels = numbers(seed, 3, 6, 5, 2), numbers(seed, 3, 3, 2, 4)
    batch = conv2d(images, kernels, stride=2, padding=padding)
    for image, result in zip(images, batch, strict=True):
        assert_allclose(conv2d(image, kernels, stride=2, padding=padding), result, atol=1e-5)


@unhurried
@given(seeds, sizes, sizes, windows, strides, paddings, st.none() | st.floats(-3, 3))
def test_a_grey_picture_and_a_kernel_need_no_channels(
    seed, height, width, window, stride, padding, bias
):
    assume(fits(height, width, window, padding))
    picture, kernel = numbers(seed, height, width), numbers(seed + 1, *window)
    offsets = None if bias is None else [bias]
    maps = conv2d(picture[..., None], kernel[..., None, None], offsets, stride, padding)
    result = conv2d(picture, kernel, bias, stride, padding)
    assert result.dtype == maps.dtype
    assert_array_equal(result, maps[..., 0])


def test_the_kernel_is_not_flipped():
    image, kernel = np.zeros((3, 3, 1)), np.arange(9.0).reshape(3, 3, 1, 1)
    image[0, 2] = 1
    assert conv2d(image, kernel).item() == kernel[0, 2]


def test_same_padding_adds_the_odd_row_and_column_at_the_end():
    image, corner = np.ones((2, 2, 1)), np.zeros((2, 2, 1, 1))
    corner[1, 1] = 1
    assert_array_equal(conv2d(image, corner, padding="same")[..., 0], [[1, 0], [0, 0]])


def test_nan_reaches_only_the_outputs_that_see_it():
    image = np.zeros((5, 5, 1))
    image[0, 0] = np.nan
    seen = np.zeros((3, 3), dtype=bool)
    seen[0, 0] = True
    assert_array_equal(np.isnan(conv2d(image, np.ones((3, 3, 1, 1))))[..., 0], seen)
    assert_array_equal(np.isnan(max_pool2d(image, 3, 1))[..., 0], seen)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [(np.uint8, np.float32), (bool, np.float32), (int, np.float64), (float, np.float64)],
)
def test_whole_numbers_become_floats_that_do_not_overflow(dtype, expected):
    image = np.ones((9, 9, 1), dtype) * dtype(200)
    result = conv2d(image, np.ones((9, 9, 1, 1), np.float32))
    assert result.dtype == max_pool2d(image).dtype == expected
    assert result.item() == image.sum(dtype=float)


def test_arguments_stay_as_they_were():
    image, kernels, bias = numbers(0, 4, 4, 1), numbers(1, 2, 2, 1, 1), numbers(2, 1)
    copies = image.copy(), kernels.copy(), bias.copy()
    conv2d(image, kernels, bias, padding="same")[:] = 0
    max_pool2d(image, 1)[:] = 0
    for array, copy in zip((image, kernels, bias), copies, strict=True):
        assert_array_equal(array, copy)


@unhurried
@given(windows, st.integers(1, 6), st.integers(1, 6), st.booleans())
def test_parameter_counts_are_those_of_keras(window, inputs, outputs, use_bias):
    conv = keras.layers.Conv2D(outputs, window, use_bias=use_bias)
    conv.build((None, 9, 9, inputs))
    assert conv2d_parameter_count(window, inputs, outputs, use_bias) == conv.count_params()
    dense = keras.layers.Dense(outputs, use_bias=use_bias)
    dense.build((None, inputs))
    assert dense_parameter_count(inputs, outputs, use_bias) == dense.count_params()


def test_a_square_kernel_may_be_given_by_one_number():
    assert conv2d_parameter_count(5, 1, 32) == conv2d_parameter_count((5, 5), 1, 32) == 832


IMAGE, KERNELS = np.zeros((6, 6, 1)), np.zeros((3, 3, 1, 2))


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: conv2d(IMAGE[..., 0], KERNELS), "images has shape (6, 6)"),
        (lambda: conv2d(IMAGE[..., 0], np.ones(3)), "kernels has shape (3,), but must be"),
        (lambda: conv2d(IMAGE, KERNELS[..., 0, 0]), "kernels has shape (3, 3), but must be"),
        (lambda: conv2d(IMAGE[..., 0], KERNELS[..., 0, 0], [1, 2]), "bias has shape (2,)"),
        (lambda: conv2d(IMAGE, KERNELS[..., 0]), "kernels has shape (3, 3, 1)"),
        (lambda: conv2d(IMAGE, np.zeros((3, 3, 3, 2))), "span 3 input channels"),
        (lambda: conv2d(IMAGE, np.zeros((7, 3, 1, 2))), "window of 7 pixels does not fit"),
        (lambda: conv2d(IMAGE, KERNELS, np.zeros(3)), "bias has shape (3,), but must be (2,)"),
        (lambda: conv2d(IMAGE, KERNELS, stride=1.5), "stride is 1.5"),
        (lambda: conv2d(IMAGE, KERNELS, stride=0), "stride is 0"),
        (lambda: conv2d(IMAGE, KERNELS, stride=True), "stride is True"),
        (lambda: conv2d(IMAGE, KERNELS, stride=(1, 2, 3)), "stride is (1, 2, 3)"),
        (lambda: conv2d(IMAGE, KERNELS, padding="SAME"), "padding is 'SAME'"),
        (lambda: conv2d(IMAGE[:0], KERNELS), "images has shape (0, 6, 1)"),
        (lambda: conv2d(IMAGE, KERNELS[..., :0]), "kernels has shape (3, 3, 1, 0)"),
        (lambda: conv2d([[[1]], [[1], [2]]], KERNELS), "images has rows of different lengths"),
        (lambda: conv2d(None, KERNELS), "images holds object values (NoneType)"),
        (lambda: conv2d(IMAGE, KERNELS * 1j), "kernels holds complex128 values"),
        (lambda: max_pool2d(IMAGE, 7), "window of 7 pixels does not fit"),
        (lambda: max_pool2d(IMAGE, (2, 0)), "pool_size is 0"),
        (lambda: max_pool2d(IMAGE[0]), "images has shape (6, 1)"),
        (lambda: output_size(6.0, 3), "size is 6.0"),
        (lambda: output_size(6, 3, -1), "stride is -1"),
        (lambda: output_size(6, 3, padding=1), "padding is 1"),
        (lambda: conv2d_parameter_count("5", 1, 1), "kernel_size is '5'"),
        (lambda: conv2d_parameter_count(5, 0, 1), "in_channels is 0"),
        (lambda: dense_parameter_count(10, 0), "units is 0"),
    ],
)
def test_wrong_input_is_named(call, hint):
    with pytest.raises(CourseError, match=re.escape(hint)):
        call()
