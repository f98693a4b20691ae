"""Take features from any layer of a network: in batches, side by side, and only once."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
import PIL
from tqdm import tqdm

from helpers import networks, pictures
from helpers.checksums import digest
from helpers.errors import CourseError
from helpers.feature_cache import Cache
from helpers.features.cut import compiled, cut, find_layer
from helpers.networks import Entry, Network
from helpers.networks.registry import loaded
from helpers.processors import cores
from helpers.quiet import keras

__all__ = ["BATCH_SIZE", "extract", "one_by_one"]

# Larger batches are no faster on a processor and only need more memory.
BATCH_SIZE = 32
# To be raised when the same picture, network and layer give other features than before.
VERSION = 1
# Each has a batch in its hands, so a machine with many cores shall not fill its memory.
MOST_THREADS = 8
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n}/{total} [{elapsed}<{remaining}]"

T = TypeVar("T")
R = TypeVar("R")


def extract(
    images: Any,
    network: str | Network = "efficientnet-lite0",
    layer: str | None = None,
    cache: bool = True,
) -> np.ndarray:
    """Extract the features of pictures.

    Files are read and scaled by threads while the network works on those before them, so memory
    holds a few batches at a time, however many files there are.

    Parameters
    ----------
    images : list of paths or pictures, or array of uint8, shape (n, h, w, 3)
        Pictures may have different sizes; they are fitted and preprocessed as the network needs.
    network
        A name, or a network from :func:`helpers.networks.load`.
    layer
        Any layer of the network's model; its penultimate one if not given.
    cache
        Look the features up on disk, and keep them there. A network with layers of one's own,
        whose code may change, is never looked up.

    Returns
    -------
    array of float32, shape (n, d)
        d is the layer's number of channels: of feature maps, the mean of each. The same to about
        1e-5 for any batch that a picture comes in.

    Raises
    ------
    CourseError
        If there are no pictures, one is missing, damaged or no picture, the network can't be
        loaded, it has no such layer (near names are suggested), or memory is too small for the
        result.
    """
    items = list(enumerate(pictures.listed(images), start=1))
    extractor = _Extractor(network, layer)
    prepare = _Preparation(extractor, cache)
    batches = (items[at : at + BATCH_SIZE] for at in range(0, len(items), BATCH_SIZE))
    features = np.empty((0, 0), np.float32)
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
                prepare.keep(batch.keys, {i: rows[i] for i in batch.unknown})
            if not done:
                features = _room(len(items), len(rows[0]))
            for i, row in rows.items():
                features[done + i] = row
            done += len(rows)
            bar.update(len(rows))
    return features


def one_by_one(
    images: Any, network: str | Network = "efficientnet-lite0", layer: str | None = None
) -> np.ndarray:
    """Extract features the slow way: one `model.predict` for each picture, nothing remembered.

    It is what one writes first; :func:`extract` gives the same, many times faster.

    Parameters, returns and errors are those of :func:`extract`.
    """
    whole = networks.load(network) if isinstance(network, str) else _hand_made(network)
    part = cut(whole.model, whole.penultimate if layer is None else layer)
    rows = [part.predict(whole.prepare([item]), verbose=0) for item in pictures.listed(images)]
    return np.concatenate(rows)


class _Extractor:
    """A network up to a layer, loaded when the first picture needs it."""

    def __init__(self, network: str | Network, layer: str | None) -> None:
        self.entry = networks.about(network) if isinstance(network, str) else _hand_made(network)
        self._layer = self.entry.penultimate if layer is None else layer
        if self._layer not in list(self.entry.layers):
            find_layer(self._network().model, self._layer)

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        return compiled(self._network().model, self._layer)(inputs).numpy()

    def fingerprint(self) -> bytes | None:
        """Digest all that features depend on besides the picture; None if that can't be told."""
        facts: list[Any] = [VERSION, keras.__version__, PIL.__version__]
        facts += [self._layer, Entry.__repr__(self.entry)]
        network = self.entry if isinstance(self.entry, Network) else loaded(self.entry.name)
        # Somebody may have trained the network that this process has loaded.
        now = digest(*network.model.get_weights()) if network else None
        if network is None or network.digest == now:
            # Its weights are those of a verified file, whose checksum is one of the facts.
            return digest(repr(facts).encode())
        if type(network) is not Network or not all(map(_is_of_keras, _layers(network.model))):
            return None
        return digest(repr([*facts, network.model.to_json(), now]).encode())

    def _network(self) -> Network:
        return self.entry if isinstance(self.entry, Network) else networks.load(self.entry.name)


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
        self._cache = None if self._fingerprint is None else Cache()

    def __call__(self, batch: Sequence[tuple[int, Any]]) -> _Batch:
        contents = [_content(number, picture) for number, picture in batch]
        keys: list[bytes] = []
        known: dict[int, np.ndarray] = {}
        if self._cache is not None and self._fingerprint is not None:
            keys = [_key(self._fingerprint, content) for content in contents]
            found = self._cache.get(keys)
            known = {i: found[key] for i, key in enumerate(keys) if key in found}
        unknown = [i for i in range(len(batch)) if i not in known]
        fitted = [self._entry.fit(_decoded(contents[i], batch[i][1])) for i in unknown]
        inputs = self._entry.preprocess_input(np.stack(fitted)) if fitted else np.empty(0)
        return _Batch(keys, known, unknown, inputs)

    def keep(self, keys: Sequence[bytes], rows: Mapping[int, np.ndarray]) -> None:
        """Put what was computed for a batch on disk."""
        if self._cache is not None:
            self._cache.put({keys[i]: row for i, row in rows.items()})


def _hand_made(network: Any) -> Network:
    if isinstance(network, Network):
        return network
    raise CourseError(
        f"network should be a name, such as 'squeezenet', or what `networks.load` returns, not a "
        f"`{type(network).__name__}`."
    )


def _layers(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """List all layers of a model, also those of models in it."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)


def _is_of_keras(layer: keras.layers.Layer) -> bool:
    """Tell whether a layer does what its name and settings say, now and later."""
    return type(layer).__module__.startswith("keras.") and not isinstance(
        layer, keras.layers.Lambda
    )


def _content(number: int, picture: Any) -> bytes | np.ndarray:
    """Return what a picture is told by: the bytes of its file, or its pixels."""
    if pictures.is_path(picture):
        return pictures.content(picture)
    try:
        return pictures.to_rgb(picture)
    except CourseError as error:
        raise CourseError(f"Picture {number} of the list: {error}") from error


def _decoded(content: bytes | np.ndarray, name: Any) -> np.ndarray:
    return pictures.decode(content, name) if isinstance(content, bytes) else content


def _key(fingerprint: bytes, content: bytes | np.ndarray) -> bytes:
    if isinstance(content, bytes):
        return digest(fingerprint, content)
    return digest(fingerprint, repr(content.shape).encode(), content)


def _room(count: int, length: int) -> np.ndarray:
    try:
        return np.empty((count, length), np.float32)
    except MemoryError as error:
        raise CourseError(
            f"{count:,} pictures with {length:,} features each need {count * length / 2.5e8:.1f} "
            "GB, more memory than there is: take a later layer, or take fewer."
        ) from error


def _ahead(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Map in threads, in order, a few items ahead of the one that is asked for."""
    workers = min(cores(), MOST_THREADS)
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
