"""Answers to the assignment `convolution` that students would really write."""

from tests.samples.answers import Answer

__all__ = ["ANSWERS"]

CONVOLVE = """
def convolve(image, kernel, padding=0):
    image = np.pad(image, {pad})
    height, width = {size}
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            patch = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            result[i, j] = {value}
    return result
"""
SIZE = "image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1"


def _convolve(pad: str = "padding", size: str = SIZE, value: str = "(patch * kernel).sum()") -> str:
    return CONVOLVE.format(pad=pad, size=size, value=value)


CHANNELS = """
def convolve_channels(image, kernels, bias):
    kernel_height, kernel_width, channels, count = kernels.shape
    height, width = image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1
    maps = np.zeros((height, width, count))
    for k in range(count):
        for i in range(height):
            for j in range(width):
                patch = image[i : i + kernel_height, j : j + kernel_width]
                {step}
    return {result}
"""
SUM_OF_ALL = "maps[i, j, k] = (patch * kernels[:, :, :, k]).sum() + bias[k]"


def _channels(step: str = SUM_OF_ALL, result: str = "maps") -> str:
    return CHANNELS.format(step=step, result=result)


POOL = """
def max_pool(maps, pool_size=2):
    height, width = {size}
    pooled = np.{start}((height, width, maps.shape[2]))
    for i in range(height):
        for j in range(width):
            top, left = {corner}
            square = maps[top : top + pool_size, left : left + pool_size]
            pooled[i, j] = {value}
    return pooled
"""


def _pool(
    size: str = "maps.shape[0] // pool_size, maps.shape[1] // pool_size",
    start: str = "zeros",
    corner: str = "i * pool_size, j * pool_size",
    value: str = "square.max(axis=(0, 1))",
) -> str:
    return POOL.format(size=size, start=start, corner=corner, value=value)


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
    down = right.T
    horizontal = convolution.conv2d(picture[..., None], right[..., None, None])[..., 0]
    vertical = convolution.conv2d(picture[..., None], down[..., None, None])[..., 0]
    return {value}
"""


def _edges(kernel: str = "[[-1, 0, 1]] * 3", value: str = "np.hypot(horizontal, vertical)") -> str:
    return EDGES.format(kernel=kernel, value=value)


ANSWERS = [
    # Exercise 1
    Answer(
        "convolve", "flipped kernel", False, _convolve(value="(patch * kernel[::-1, ::-1]).sum()")
    ),
    Answer("convolve", "transposed kernel", False, _convolve(value="(patch * kernel.T).sum()")),
    Answer("convolve", "last row lost", False, _convolve(size=SIZE.replace(" + 1", ""))),
    Answer("convolve", "padding at one side", False, _convolve(pad="(0, 2 * padding)")),
    Answer("convolve", "padding off by one", False, _convolve(pad="padding // 2")),
    Answer("convolve", "padding repeats the border", False, _convolve(pad='padding, mode="edge"')),
    Answer("convolve", "mean instead of sum", False, _convolve(value="(patch * kernel).mean()")),
    Answer(
        "convolve",
        "square images only",
        False,
        _convolve(size="(image.shape[0] - kernel.shape[0] + 1,) * 2"),
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
    ),
    Answer(
        "convolve_channels",
        "no bias",
        False,
        _channels("maps[i, j, k] = (patch * kernels[:, :, :, k]).sum()"),
    ),
    Answer(
        "convolve_channels", "kernels first", False, _channels(result="maps.transpose(2, 0, 1)")
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
    Answer("max_pool", "mean", False, _pool(value="square.mean(axis=(0, 1))")),
    Answer("max_pool", "over all channels", False, _pool(value="square.max()")),
    Answer("max_pool", "starts from zero", False, _pool(value="np.maximum(0, square.max((0, 1)))")),
    Answer("max_pool", "moves by one pixel", False, _pool(corner="i, j")),
    Answer(
        "max_pool",
        "keeps what is left over",
        False,
        _pool(size="-(-maps.shape[0] // pool_size), -(-maps.shape[1] // pool_size)"),
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
    ),
    Answer("output_size", "stride ignored", False, _size("size + 2 * padding - kernel_size + 1")),
    Answer(
        "output_size",
        "rounded up",
        False,
        _size("-(-(size + 2 * padding - kernel_size) // stride) + 1"),
    ),
    Answer(
        "output_size",
        "not rounded",
        False,
        _size("(size + 2 * padding - kernel_size) / stride + 1"),
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
    Answer("find_edges", "vertical only", False, _edges(value="np.abs(horizontal)")),
    Answer("find_edges", "signs kept", False, _edges(value="horizontal + vertical")),
    Answer(
        "find_edges",
        "one sign only",
        False,
        _edges(value="np.maximum(horizontal, 0) + np.maximum(vertical, 0)"),
    ),
    Answer("find_edges", "weights do not add up to zero", False, _edges(kernel="[[-1, 0, 2]] * 3")),
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
    Answer("find_edges", "yes or no", False, _edges(value="np.hypot(horizontal, vertical) > 0.1")),
    Answer(
        "find_edges", "sum of sizes", True, _edges(value="np.abs(horizontal) + np.abs(vertical)")
    ),
    Answer(
        "find_edges", "blind to one diagonal", False, _edges(value="np.abs(horizontal + vertical)")
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
