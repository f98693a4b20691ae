"""Take features from any layer of a network: in batches, side by side, and only once."""

import hashlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import PIL
from tqdm import tqdm

from helpers import networks, pictures
from helpers.errors import CourseError
from helpers.features import cache as disk
from helpers.networks import Entry, Network
from helpers.quiet import keras, tensorflow

__all__ = ["BATCH_SIZE", "extract", "one_by_one"]

# Larger batches are no faster on a processor and only need more memory.
BATCH_SIZE = 32
# To be raised when the same picture, network and layer give other features than before.
VERSION = 1
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n}/{total} [{elapsed}<{remaining}]"

T = TypeVar("T")
R = TypeVar("R")


def extract(
    images: Any,
    network: str | Network = "efficientnet-lite0",
    layer: str | None = None,
    flatten: bool = False,
    cache: bool = True,
) -> np.ndarray:
    """Extract the features of pictures.

    Pictures are read and scaled by threads while the network works on those before them, so
    memory holds a few batches at a time, however many files there are.

    Parameters
    ----------
    images : list of paths or pictures, or array of uint8, shape (n, h, w, 3)
        Pictures may have different sizes; they are fitted and preprocessed as the network needs.
    network
        A name, or a network from :func:`helpers.networks.load`.
    layer
        Any layer of the network's model; its penultimate one if not given.
    flatten
        Keep every number of a layer's feature maps (height times width times channels)
        instead of the mean of each map.
    cache
        Look the features up on disk, and keep them there.

    Returns
    -------
    array of float32, shape (n, d)
        d is the layer's number of channels, unless flattened. The same to about 1e-5 for any
        batch that a picture comes in.

    Raises
    ------
    CourseError
        If there are no pictures, one is missing, damaged or no picture, the network can't be
        loaded, or it has no such layer; near names are suggested.
    """
    items = _listed(images)
    extractor = _Extractor(network, layer, flatten)
    prepare = _Preparation(extractor, cache)
    batches = (items[at : at + BATCH_SIZE] for at in range(0, len(items), BATCH_SIZE))
    features: np.ndarray | None = None
    done = 0
    # On stdout, because text on stderr costs the points of a graded cell. Short work has no bar.
    with tqdm(
        total=len(items), desc="features", file=sys.stdout, bar_format=BAR, ncols=90, delay=2
    ) as bar:
        for batch in _ahead(prepare, batches):
            rows = batch.known
            if batch.unknown:
                computed = extractor(batch.inputs)
                rows |= dict(zip(batch.unknown, computed, strict=True))
                if cache:
                    disk.put({batch.keys[i]: rows[i] for i in batch.unknown})
            if features is None:
                features = np.empty((len(items), len(rows[0])), np.float32)
            for i, row in rows.items():
                features[done + i] = row
            done += len(rows)
            bar.update(len(rows))
    assert features is not None
    return features


def one_by_one(
    images: Any, network: str | Network = "efficientnet-lite0", layer: str | None = None
) -> np.ndarray:
    """Extract features the slow way: one `model.predict` for each picture, nothing remembered.

    It is what one writes first; :func:`extract` gives the same, many times faster.

    Parameters, returns and errors are those of :func:`extract`, with feature maps averaged.
    """
    loaded = networks.load(network) if isinstance(network, str) else network
    cut = _cut(loaded.model, layer or loaded.penultimate, flatten=False)
    rows = [cut.predict(loaded.prepare([picture]), verbose=0) for _, picture in _listed(images)]
    return np.concatenate(rows)


class _Extractor:
    """A network up to a layer, loaded when the first picture needs it."""

    def __init__(self, network: str | Network, layer: str | None, flatten: bool) -> None:
        self.entry: Entry = networks.about(network) if isinstance(network, str) else network
        self._network = network
        self._layer = layer or self.entry.penultimate
        self._flatten = flatten
        if self._layer not in self.entry.layers:
            _find_layer(self._loaded().model, self._layer)

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        return _compiled(self._loaded(), self._layer, self._flatten)(inputs).numpy()

    def fingerprint(self) -> bytes:
        """Digest all that features depend on, besides the picture."""
        facts: list[Any] = [VERSION, keras.__version__, PIL.__version__, self._layer, self._flatten]
        if isinstance(self._network, str):
            # Its weights have been compared with a checksum, which is one of the facts.
            return _digest(repr([facts, self.entry]).encode())
        # Somebody may have changed its weights.
        model = self._network.model
        weights = (np.ascontiguousarray(array) for array in model.get_weights())
        facts += [Entry.__repr__(self._network), model.to_json()]
        return _digest(repr(facts).encode(), *weights)

    def _loaded(self) -> Network:
        return networks.load(self._network) if isinstance(self._network, str) else self._network


class _Batch(NamedTuple):
    """Pictures ready for the network, and the features of those that were seen before."""

    keys: list[bytes]
    known: dict[int, np.ndarray]
    unknown: list[int]
    inputs: np.ndarray


class _Preparation:
    """Looks pictures up, and fits and preprocesses those that are new."""

    def __init__(self, extractor: _Extractor, cache: bool) -> None:
        self._entry = extractor.entry
        self._fingerprint = extractor.fingerprint() if cache else None

    def __call__(self, batch: Sequence[tuple[int, Any]]) -> _Batch:
        contents = [_content(number, picture) for number, picture in batch]
        keys: list[bytes] = []
        known: dict[int, np.ndarray] = {}
        if self._fingerprint is not None:
            keys = [_key(self._fingerprint, content) for content in contents]
            found = disk.get(keys)
            known = {i: found[key] for i, key in enumerate(keys) if key in found}
        unknown = [i for i in range(len(batch)) if i not in known]
        fitted = [self._entry.fit(_decoded(contents[i], batch[i][1])) for i in unknown]
        inputs = self._entry.preprocess_input(np.stack(fitted)) if fitted else np.empty(0)
        return _Batch(keys, known, unknown, inputs)


def _listed(images: Any) -> list[tuple[int, Any]]:
    """Give each picture its number, from 1."""
    if isinstance(images, (str, Path)):
        raise CourseError(
            f"{images} is one path, but a list is needed: [{str(images)!r}]. "
            "`datasets.images_from_folder` reads a whole folder."
        )
    if isinstance(images, np.ndarray) and images.ndim != 4:
        raise CourseError(
            f"Pictures are an array of shape (n, height, width, 3), but this one has shape "
            f"{images.shape}. One picture alone: `picture[None]`."
        )
    try:
        listed = list(enumerate(images, start=1))
    except TypeError as error:
        raise CourseError(
            f"Pictures are a list or an array, but this is of type `{type(images).__name__}`."
        ) from error
    if not listed:
        raise CourseError("There are no pictures: the list is empty.")
    return listed


def _content(number: int, picture: Any) -> bytes | np.ndarray:
    """Return what a picture is told by: the bytes of its file, or its pixels."""
    if isinstance(picture, (str, Path)):
        return pictures.content(picture)
    try:
        return pictures.to_rgb(picture)
    except CourseError as error:
        raise CourseError(f"Picture {number} of the list: {error}") from error


def _decoded(content: bytes | np.ndarray, name: Any) -> np.ndarray:
    return pictures.decode(content, name) if isinstance(content, bytes) else content


def _key(fingerprint: bytes, content: bytes | np.ndarray) -> bytes:
    if isinstance(content, bytes):
        return _digest(fingerprint, content)
    return _digest(fingerprint, repr(content.shape).encode(), np.ascontiguousarray(content))


def _digest(*parts: Any) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def _find_layer(model: keras.Model, name: str) -> keras.layers.Layer:
    names = [layer.name for layer in model.layers]
    if name in names:
        return model.get_layer(name)
    near = get_close_matches(str(name), names, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
    raise CourseError(
        f"{model.name} has no layer {name!r}.{hint} `[layer.name for layer in model.layers]` "
        "lists them all."
    )


def _cut(model: keras.Model, layer: str, flatten: bool) -> keras.Model:
    """Return the network from its input to a layer, as (n, d) numbers."""
    output = _find_layer(model, layer).output
    if len(output.shape) > 2:
        spatial = keras.layers.Flatten() if flatten else keras.layers.GlobalAveragePooling2D()
        output = spatial(output)
    return keras.Model(model.input, output)


@lru_cache(maxsize=16)
def _compiled(network: Network, layer: str, flatten: bool) -> Callable[[np.ndarray], Any]:
    """Trace the network once for all batch sizes."""
    cut = _cut(network.model, layer, flatten)
    size = network.input_size
    signature = tensorflow.TensorSpec((None, size, size, 3), tensorflow.float32)
    return tensorflow.function(
        lambda inputs: cut(inputs, training=False), input_signature=[signature]
    )


def _ahead(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Map in threads, in order, a few items ahead of the one that is asked for."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
