"""In the kernel of a notebook that is calibrated: other luck, and what its tests compared.

The notebook's seeds stay what they are and mean something else: all random numbers of NumPy and
Keras that are drawn from a seed come from that seed and the number of the run.
"""

from typing import Any

import numpy as np

from helpers import results

__all__ = ["FAILED", "draw_anew", "failed", "record_all", "watch"]

FAILED = "failed: "
"""What the name of a test that failed begins with among the results."""

# For each limit, what came closest to it or went furthest beyond it.
_closest: dict[str, float] = {}


def draw_anew(run: int) -> None:
    """Let each seed stand for other random numbers than in all other runs.

    Parameters
    ----------
    run
        The number of the run, from 0 on. In run 0, seeds stand for what they always stand for.
    """
    if run == 0:
        return
    import keras

    default_rng, set_random_seed = np.random.default_rng, keras.utils.set_random_seed

    def other_rng(seed: Any = None) -> np.random.Generator:
        if isinstance(seed, int | np.integer):
            return default_rng([int(seed), run])
        return default_rng(seed)

    def other_seed(seed: int) -> None:
        set_random_seed(int(np.random.SeedSequence([seed, run]).generate_state(1)[0]))

    np.random.default_rng = other_rng  # type: ignore[assignment]
    keras.utils.set_random_seed = other_seed


def watch(limit: str, at_least: bool, value: Any) -> Any:
    """Return a value that is about to be compared with a limit, and remember it.

    Parameters
    ----------
    limit
        The name of the limit.
    at_least
        Whether the value must not be lower than the limit; it must not be higher otherwise.
    value
        Anything. Of an array, what comes closest to the limit is remembered; what has no numbers
        is not.
    """
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return value
    if numbers.size and np.isfinite(numbers).all():
        closest = min if at_least else max
        extreme = float(closest(numbers.ravel()))
        _closest[limit] = closest(_closest.get(limit, extreme), extreme)
    return value


def failed(test: str) -> None:
    """Remember that a test failed."""
    _closest[f"{FAILED}{test}"] = 1.0


def record_all() -> None:
    """Record what was remembered of each limit, and the tests that failed."""
    for limit, value in _closest.items():
        results.record(limit, value)
