"""Answers to the assignment `convolution` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]

CONVOLVE = """
def convolve(image, kernel, padding=0):
    image = np.pad(image, {pad})
    height, width = {size}
    result = np.zeros((height, width), {dtype})
    for i in range(height):
        for j in range(width):
            patch = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            result[i, j] = {value}
    return result
"""
SIZE = "image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1"


def _convolve(
    pad: str = "padding",
    size: str = SIZE,
    value: str = "(patch * kernel).sum()",
    dtype: str = "float",
) -> str:
    return CONVOLVE.format(pad=pad, size=size, value=value, dtype=dtype)


CHANNELS = """
def convolve_channels(image, kernels, bias):
    kernel_height, kernel_width, channels, count = kernels.shape
    height, width = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    maps = np.zeros((height, width, count), {dtype})
    for k in range(count):
        for i in range(height):
            for j in range(width):
                patch = image[i : i + kernel_height, j : j + kernel_width]
                {step}
    return {result}
"""
SUM_OF_ALL = "maps[i, j, k] = (patch * kernels[:, :, :, k]).sum() + bias[k]"


def _channels(step: str = SUM_OF_ALL, result: str = "maps", dtype: str = "float") -> str:
    return CHANNELS.format(step=step, result=result, dtype=dtype)


POOL = """
def max_pool(maps, pool_size=2):
    height, width = {size}
    pooled = np.zeros((height, width, maps.shape[2]), {dtype})
    for i in range(height):
        for j in range(width):
            top, left = {corner}
            square = maps[top : top + pool_size, left : left + pool_size]
            pooled[i, j] = {value}
    return pooled
"""


def _pool(
    size: str = "maps.shape[0] // pool_size, maps.shape[1] // pool_size",
    dtype: str = "float",
    corner: str = "i * pool_size, j * pool_size",
    value: str = "square.max(axis=(0, 1))",
) -> str:
    return POOL.format(size=size, dtype=dtype, corner=corner, value=value)


def _size(value: str) -> str:
    return f"def output_size(size, kernel_size, padding=0, stride=1):\n    return {value}\n"


def _parameters(convolution: str, dense: str = "inputs * units + units") -> str:
    return (
        f"def convolution_parameters(kernel_size, channels, kernels):\n    return {convolution}\n\n"
        f"def dense_parameters(inputs, units):\n    return {dense}\n"
    )


EDGES = """
def find_edges(picture):
    right = np.array({kernel})
    horizontal = convolution.conv2d(picture, right)
    vertical = convolution.conv2d(picture, right.T)
    return {value}
"""


def _edges(kernel: str = "[[-1, 0, 1]] * 3", value: str = "np.hypot(horizontal, vertical)") -> str:
    return EDGES.format(kernel=kernel, value=value)


ANSWERS = [
    # Exercise 1
    Answer(
        "convolve",
        "flipped kernel",
        False,
        _convolve(value="(patch * kernel[::-1, ::-1]).sum()"),
        hint="if you neither flip nor transpose it",
    ),
    Answer("convolve", "transposed kernel", False, _convolve(value="(patch * kernel.T).sum()")),
    Answer(
        "convolve",
        "last row lost",
        False,
        _convolve(size=SIZE.replace(" + 1", "")),
        hint="fits into 3 x 3 pixels at 2 x 2 positions",
    ),
    Answer(
        "convolve",
        "padding at one side",
        False,
        _convolve(pad="(0, 2 * padding)"),
        hint="in the middle of 6 x 6 pixels",
    ),
    Answer(
        "convolve",
        "padding off by one",
        False,
        _convolve(pad="padding // 2"),
        hint="two pixels more on each of the four sides",
    ),
    Answer(
        "convolve",
        "padding repeats the border",
        False,
        _convolve(pad='padding, mode="edge"'),
        hint="all others are zeros",
    ),
    Answer(
        "convolve",
        "mean instead of sum",
        False,
        _convolve(value="(patch * kernel).mean()"),
        hint="The first value is 1 + 2 + 4 + 5.",
    ),
    Answer(
        "convolve",
        "square images only",
        False,
        _convolve(size="(image.shape[0] - kernel.shape[0] + 1,) * 2"),
        hint="Are height and width mixed up",
    ),
    Answer(
        "convolve",
        "result of integers",
        False,
        _convolve(dtype="int"),
        hint="Are fractions cut off?",
    ),
    Answer(
        "convolve",
        "result of the image's type",
        False,
        _convolve(dtype="image.dtype"),
        hint="Are fractions cut off?",
    ),
    Answer("convolve", "loops", True, _convolve()),
    Answer(
        "convolve",
        "einsum",
        True,
        """
def convolve(image, kernel, padding=0):
    padded = np.pad(image, ((padding, padding), (padding, padding)), constant_values=0)
    windows = np.lib.stride_tricks.sliding_window_view(padded, np.shape(kernel))
    return np.einsum("rcij,ij->rc", windows, kernel)
""",
    ),
    Answer(
        "convolve",
        "scipy",
        True,
        """
from scipy.signal import correlate2d

def convolve(image, kernel, padding=0):
    return correlate2d(np.pad(image, padding), kernel, mode="valid").tolist()
""",
    ),
    # Exercise 2
    Answer(
        "convolve_channels",
        "first channel only",
        False,
        _channels("maps[i, j, k] = (patch[:, :, 0] * kernels[:, :, 0, k]).sum() + bias[k]"),
    ),
    Answer(
        "convolve_channels",
        "bias for each channel",
        False,
        _channels("maps[i, j, k] = (patch * kernels[..., k]).sum() + channels * bias[k]"),
        hint="only once, not once for each channel?",
    ),
    Answer(
        "convolve_channels",
        "bias for each weight",
        False,
        _channels("maps[i, j, k] = (patch * kernels[..., k] + bias[k]).sum()"),
        hint="only once",
    ),
    Answer(
        "convolve_channels",
        "bias of the channel",
        False,
        _channels(
            "maps[i, j, k] = (patch * kernels[..., k]).sum() "
            "+ sum(bias[c] for c in range(channels))"
        ),
        hint="Is the bias of each kernel added to its own map",
    ),
    Answer(
        "convolve_channels",
        "no bias",
        False,
        _channels("maps[i, j, k] = (patch * kernels[:, :, :, k]).sum()"),
        hint="Is the bias of each kernel added",
    ),
    Answer(
        "convolve_channels",
        "kernels first",
        False,
        _channels(result="maps.transpose(2, 0, 1)"),
        hint="The axes are rows, columns, kernels.",
    ),
    Answer(
        "convolve_channels",
        "result of integers",
        False,
        _channels(dtype="int"),
        hint="if an array of integers cuts it off",
    ),
    Answer(
        "convolve_channels",
        "axes of kernels mixed up",
        False,
        _channels(
            "maps[i, j, k] = "
            "(patch * kernels.reshape(count, kernel_height, kernel_width, channels)[k]).sum()"
            " + bias[k]"
        ),
        hint="which pixel of a patch is it for?",
    ),
    Answer("convolve_channels", "loops", True, _channels()),
    Answer(
        "convolve_channels",
        "tensordot",
        True,
        """
def convolve_channels(image, kernels, bias):
    size = kernels.shape[:2]
    windows = np.lib.stride_tricks.sliding_window_view(image, size, axis=(0, 1))
    return np.tensordot(windows, kernels, axes=([3, 4, 2], [0, 1, 2])) + bias
""",
    ),
    Answer(
        "convolve_channels",
        "scipy",
        True,
        """
from scipy.signal import correlate

def convolve_channels(image, kernels, bias):
    maps = [correlate(image, kernels[..., k], mode="valid") for k in range(len(bias))]
    return np.concatenate(maps, axis=2) + bias
""",
    ),
    # Exercise 3
    Answer(
        "max_pool",
        "mean",
        False,
        _pool(value="square.mean(axis=(0, 1))"),
        hint="holds 0.1, 0.5, 0.3 and 0.4",
    ),
    Answer(
        "max_pool",
        "over all channels",
        False,
        _pool(value="square.max()"),
        hint="The first channel is -3 everywhere",
    ),
    Answer(
        "max_pool",
        "starts from zero",
        False,
        _pool(value="np.maximum(0, square.max((0, 1)))"),
        hint="The first channel is -3 everywhere",
    ),
    Answer("max_pool", "moves by one pixel", False, _pool(corner="i, j")),
    Answer(
        "max_pool",
        "result of integers",
        False,
        _pool(dtype="int"),
        hint="holds 0.1, 0.5, 0.3 and 0.4",
    ),
    Answer(
        "max_pool",
        "steps of two",
        False,
        _pool(corner="2 * i, 2 * j"),
        hint="the other one rows 3 to 5",
    ),
    Answer(
        "max_pool",
        "keeps what is left over",
        False,
        _pool(size="-(-maps.shape[0] // pool_size), -(-maps.shape[1] // pool_size)"),
        hint="what is left over is dropped",
    ),
    Answer(
        "max_pool",
        "always by two",
        False,
        _pool().replace("    height", "    pool_size = 2\n    height", 1),
    ),
    Answer("max_pool", "loops", True, _pool()),
    Answer(
        "max_pool",
        "slices",
        True,
        """
from functools import reduce

def max_pool(maps, pool_size=2):
    rows = maps.shape[0] // pool_size * pool_size
    columns = maps.shape[1] // pool_size * pool_size
    shifted = [
        maps[i:rows:pool_size, j:columns:pool_size]
        for i in range(pool_size)
        for j in range(pool_size)
    ]
    return reduce(np.maximum, shifted)
""",
    ),
    # Exercise 4
    Answer(
        "output_size",
        "without the plus one",
        False,
        _size("(size + 2 * padding - kernel_size) // stride"),
    ),
    Answer(
        "output_size",
        "padding at one side",
        False,
        _size("(size + padding - kernel_size) // stride + 1"),
        hint="two more at both ends",
    ),
    Answer("output_size", "stride ignored", False, _size("size + 2 * padding - kernel_size + 1")),
    Answer(
        "output_size",
        "rounded up",
        False,
        _size("-(-(size + 2 * padding - kernel_size) // stride) + 1"),
        hint="round down, as `//` does",
    ),
    Answer(
        "output_size",
        "not rounded",
        False,
        _size("(size + 2 * padding - kernel_size) / stride + 1"),
        hint="round down, as `//` does",
    ),
    Answer(
        "output_size",
        "counting",
        True,
        _size("len(range(0, size + 2 * padding - kernel_size + 1, stride))"),
    ),
    Answer(
        "output_size",
        "numpy floor",
        True,
        _size("np.floor((size + 2 * padding - kernel_size + stride) / stride)"),
    ),
    # Exercise 5
    Answer("parameters", "no bias", False, _parameters("kernel_size**2 * channels * kernels")),
    Answer("parameters", "one bias", False, _parameters("kernel_size**2 * channels * kernels + 1")),
    Answer("parameters", "channels ignored", False, _parameters("(kernel_size**2 + 1) * kernels")),
    Answer(
        "parameters",
        "kernel size not squared",
        False,
        _parameters("(kernel_size * channels + 1) * kernels"),
    ),
    Answer(
        "parameters",
        "dense without bias",
        False,
        _parameters("(kernel_size**2 * channels + 1) * kernels", "inputs * units"),
    ),
    Answer(
        "parameters",
        "numpy",
        True,
        _parameters("np.zeros((kernel_size, kernel_size, channels, kernels)).size + kernels"),
    ),
    Answer(
        "parameters",
        "loop",
        True,
        _parameters("sum(kernel_size * kernel_size * channels + 1 for _ in range(kernels))"),
    ),
    # Exercise 6
    Answer(
        "find_edges",
        "vertical only",
        False,
        _edges(value="np.abs(horizontal)"),
        hint="from top to bottom: add the strengths that a second kernel sees",
    ),
    Answer(
        "find_edges",
        "signs kept",
        False,
        _edges(value="horizontal + vertical"),
        hint="Square the differences or take their absolute values (`np.abs`).",
    ),
    Answer(
        "find_edges",
        "one sign only",
        False,
        _edges(value="np.maximum(horizontal, 0) + np.maximum(vertical, 0)"),
        hint="from bright to dark: square negative differences",
    ),
    Answer(
        "find_edges",
        "weights do not add up to zero",
        False,
        _edges(kernel="[[-1, 0, 2]] * 3"),
        hint="the weights of an edge kernel add up to 0",
    ),
    Answer(
        "find_edges",
        "divided by the maximum",
        False,
        _edges(value="np.hypot(horizontal, vertical) / np.hypot(horizontal, vertical).max()"),
        hint="Do you divide by a maximum, which is 0 in a flat picture?",
    ),
    Answer(
        "find_edges",
        "one map for each kernel",
        False,
        _edges(value="np.abs(np.stack([horizontal, vertical], axis=-1))"),
        hint="combine the maps of your kernels",
    ),
    Answer(
        "find_edges", "the dark parts", False, "def find_edges(picture):\n    return 1 - picture\n"
    ),
    Answer(
        "find_edges",
        "constant",
        False,
        "def find_edges(picture):\n    return np.full(picture.shape, 0.5)\n",
    ),
    Answer(
        "find_edges",
        "noise",
        False,
        "def find_edges(picture):\n"
        "    return np.random.default_rng(0).uniform(0.1, 1, picture.shape)\n",
    ),
    Answer(
        "find_edges",
        "yes or no",
        False,
        _edges(value="np.hypot(horizontal, vertical) > 0.1"),
        hint="give a strength, not a yes or no",
    ),
    Answer(
        "find_edges", "sum of sizes", True, _edges(value="np.abs(horizontal) + np.abs(vertical)")
    ),
    Answer(
        "find_edges",
        "blind to one diagonal",
        False,
        _edges(value="np.abs(horizontal + vertical)"),
        hint="sees no slanted edge",
    ),
    Answer(
        "find_edges",
        "padding same",
        True,
        """
results = convolution.conv2d  # a student may use the name for something else

def find_edges(picture):
    kernels = np.array([[[-1, 0, 1]] * 3, np.transpose([[-1, 0, 1]] * 3)]).transpose(1, 2, 0)
    maps = results(picture[..., None], kernels[:, :, None, :], padding="same")
    return (maps**2).sum(axis=2, keepdims=True).tolist()
""",
    ),
    Answer(
        "find_edges",
        "laplacian",
        True,
        """
def find_edges(picture):
    kernel = np.array([[1, 1, 1], [1, -8, 1], [1, 1, 1]])[:, :, None, None]
    return abs(convolution.conv2d(picture[:, :, None], kernel, padding="same"))[:, :, 0]
""",
    ),
    Answer(
        "find_edges",
        "scipy",
        True,
        """
from scipy import ndimage

def find_edges(picture):
    return np.hypot(ndimage.sobel(picture, axis=0), ndimage.sobel(picture, axis=1))
""",
    ),
]
