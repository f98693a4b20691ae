"""Weight files are read without running what is in them."""

import pickle
from collections import OrderedDict

import numpy as np
import pytest

from helpers.errors import CourseError
from helpers.networks import efficientnet_lite, weights


class Dangerous:
    """What pickle turns into a call."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return open, (str(self.marker), "w")


@pytest.mark.parametrize("read", [weights.read_torch, weights.read_pickled_arrays])
def test_a_function_in_a_weight_file_is_refused_and_not_called(read, tmp_path):
    marker = tmp_path / "marker"
    with pytest.raises(pickle.UnpicklingError, match="open"):
        read(pickle.dumps(Dangerous(marker)))
    assert not marker.exists()


def test_a_function_among_the_tensors_is_refused_and_not_called(tmp_path):
    marker = tmp_path / "marker"
    head = [pickle.dumps(part) for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    with pytest.raises(pickle.UnpicklingError, match="open"):
        weights.read_torch(b"".join([*head, pickle.dumps({"weight": Dangerous(marker)})]))
    assert not marker.exists()


def test_tensors_have_the_shapes_of_the_network():
    content = efficientnet_lite.weight_file("efficientnet-lite0").read_bytes()
    tensors = weights.read_torch(content)
    assert tensors["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert tensors["_fc.bias"].shape == (1000,)
    assert all(np.isfinite(array).all() for array in tensors.values())


def test_tensors_cannot_be_written_to():
    content = efficientnet_lite.weight_file("efficientnet-lite0").read_bytes()
    with pytest.raises(ValueError, match="read-only"):
        weights.read_torch(content)["_fc.bias"][0] = 1


def test_arrays_come_back_as_they_were():
    arrays = OrderedDict(a=np.arange(6.0).reshape(2, 3))
    # As an old NumPy wrote it.
    packed = pickle.dumps(dict(arrays), protocol=3).replace(b"numpy._core", b"numpy.core")
    np.testing.assert_array_equal(weights.read_pickled_arrays(packed)["a"], arrays["a"])


def test_a_missing_weight_file_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"nothing\.pth can't be read"):
        weights.verified(tmp_path / "nothing.pth", "00")


def test_a_package_that_is_not_installed_leads_to_no_file():
    assert not weights.locate("no_such_package_at_all", "file").exists()
