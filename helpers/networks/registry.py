"""All networks by name: which there are, which can be used now, and the way to load one."""

from difflib import get_close_matches
from pathlib import Path
from threading import Lock

from helpers.checksums import digest
from helpers.errors import CourseError
from helpers.networks import applications, efficientnet_lite, squeezenet
from helpers.networks.entry import Entry, Network

__all__ = ["DEFAULT", "about", "available", "load", "loaded", "names"]

DEFAULT = "efficientnet-lite0"

# Those that come with the course, and those of Keras.
OFFLINE = {name: family for family in (efficientnet_lite, squeezenet) for name in family.ENTRIES}
ENTRIES: dict[str, Entry] = {
    **{name: family.ENTRIES[name] for name, family in OFFLINE.items()},
    **applications.ENTRIES,
}

_LOADED: dict[tuple[str, Path | None], Network] = {}
_LOADING = Lock()


def names() -> tuple[str, ...]:
    """Name all networks: first those that come with the course, then the Keras applications."""
    return tuple(ENTRIES)


def available() -> tuple[str, ...]:
    """Name the networks whose weights are on this machine; the internet is never asked."""
    return tuple(
        name
        for name in ENTRIES
        if (
            OFFLINE[name].weight_file(name).is_file()
            if name in OFFLINE
            else applications.is_cached(name)
        )
    )


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
    name = about(name).name
    if weights is not None and not isinstance(weights, (str, Path)):
        raise CourseError(f"weights is the path of a file, not a `{type(weights).__name__}`.")
    if weights is not None and name in OFFLINE:
        raise CourseError(f"The weights of {name} come with the course; `weights` is for others.")
    path = None if weights is None else Path(weights).expanduser().resolve()
    with _LOADING:
        if (name, path) not in _LOADED:
            built = OFFLINE[name].build(name) if name in OFFLINE else applications.build(name, path)
            # Other weights than the published ones have no name in the cache of features.
            known = digest(*built.get_weights()) if path is None else None
            _LOADED[name, path] = Network(**vars(ENTRIES[name]), model=built, digest=known)
        return _LOADED[name, path]


def loaded(name: str) -> Network | None:
    """Return a network if this process has loaded it with its own weights."""
    return _LOADED.get((name, None))
