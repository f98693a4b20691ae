"""All networks by name: which there are, which can be used now, and the way to load one."""

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.errors import CourseError
from helpers.networks import applications, efficientnet_lite, squeezenet
from helpers.networks.entry import Entry, Network
from helpers.networks.labels import Prediction, decode

__all__ = ["DEFAULT", "about", "available", "classify", "load", "names"]

DEFAULT = "efficientnet-lite0"

ENTRIES: dict[str, Entry] = {
    **efficientnet_lite.ENTRIES,
    **squeezenet.ENTRIES,
    **applications.ENTRIES,
}


def names() -> tuple[str, ...]:
    """Name all networks: first those that come with the course, then the Keras applications."""
    return tuple(ENTRIES)


def available() -> tuple[str, ...]:
    """Name the networks whose weights are on this machine; the internet is never asked."""
    return tuple(name for name in ENTRIES if _has_weights(name))


def about(name: str) -> Entry:
    """Tell the facts about a network without loading it.

    Parameters
    ----------
    name
        One of :func:`names`.

    Raises
    ------
    CourseError
        If there is no such network; near names are suggested.
    """
    if isinstance(name, str) and name in ENTRIES:
        return ENTRIES[name]
    near = get_close_matches(str(name), ENTRIES, n=2)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise CourseError(f"There is no network {name!r}.{hint} There are: {', '.join(ENTRIES)}.")


def load(name: str = DEFAULT, weights: str | Path | None = None) -> Network:
    """Load a network with its ImageNet weights; later calls return the same one.

    Parameters
    ----------
    name
        One of :func:`names`.
    weights
        For a Keras application: its weight file, if it lies elsewhere than in Keras's cache.

    Returns
    -------
    Network
        Its `model` takes what :meth:`~helpers.networks.entry.Entry.prepare` returns.

    Raises
    ------
    CourseError
        If there is no such network, or its weights are missing, damaged or, for a Keras
        application, can't be downloaded.
    """
    entry = about(name)
    return _load(entry.name, None if weights is None else Path(weights))


def classify(images: Any, network: str | Network = DEFAULT, top: int = 5) -> list[list[Prediction]]:
    """Tell what a network sees in pictures.

    Parameters
    ----------
    images : list of pictures or paths, or array of uint8, shape (n, h, w, 3)
        As in :meth:`~helpers.networks.entry.Entry.fit`.
    network
        A name, or a network from :func:`load`.
    top
        Number of classes for each picture.

    Returns
    -------
    list of n lists of `top` predictions
        The most probable class first; see :func:`~helpers.networks.labels.decode`.

    Raises
    ------
    CourseError
        If there is no picture, something is no picture, or the network can't be loaded.
    """
    # Features holds the fast way through a network, and itself needs this module.
    from helpers.features import extract

    return decode(extract(images, network, layer="predictions"), top)


def _has_weights(name: str) -> bool:
    if name in applications.ENTRIES:
        return applications.is_cached(name)
    family = squeezenet if name in squeezenet.ENTRIES else efficientnet_lite
    return family.weight_file(name).is_file()


@lru_cache(maxsize=4)
def _load(name: str, weights: Path | None) -> Network:
    if name in applications.ENTRIES:
        model = applications.build(name, weights)
    elif weights is not None:
        raise CourseError(f"The weights of {name} come with the course; `weights` is for others.")
    else:
        family = squeezenet if name in squeezenet.ENTRIES else efficientnet_lite
        model = family.build(name)
    return Network(**vars(ENTRIES[name]), model=model)
