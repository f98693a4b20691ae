"""How much sooner does the fast network read as well as the classical one?

``python -m tests.benchmarks.benchmark_cnn`` prints two tables and takes some minutes. In the
race the two networks take turns, so that whatever else the machine does slows both. Five races on
two cores with a load of 2 to 5 took 29.0 and 6.6 s on average, a ratio of 0.23 (0.18 to 0.29);
on a machine busier than that, wall time says nothing.
"""

import argparse
import io
import math
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout

import numpy as np

from helpers import cnn
from helpers.datasets.mnist import Subset, load_splits
from helpers.quiet import keras

# What the classical network reaches in one epoch.
TARGET = 0.985
# What Keras's `fit` takes if one doesn't say.
BATCH_SIZE = 32
# One cycle of the learning rate over these many images is enough for the target: it ended at 98.8,
# 98.9 and 98.8 % with three seeds.
FAST_IMAGES = 30_000

SPLITS = load_splits()


class Stopwatch(keras.callbacks.Callback):
    """Stops a training as soon as the network reads well enough.

    It runs from when it is made, so it sees the preparation too, and stands still during the ten
    checks of each epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.seconds = math.inf
        self._clock = clock
        self._begun = clock()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Look at the accuracy if it is time to."""
        steps = self.params["steps"]
        if batch * 10 // steps == (batch + 1) * 10 // steps:
            return
        seconds = self._clock() - self._begun
        if cnn.evaluate(self.model, SPLITS.test) >= TARGET:
            self.seconds = seconds
            self.model.stop_training = True
        # As if the check had taken no time.
        self._begun = self._clock() - seconds


def race(seed: int, clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds of the classical and of the fast network until the target, checked alike."""
    few = Subset(SPLITS.train.images[:FAST_IMAGES], SPLITS.train.labels[:FAST_IMAGES])
    slow = Stopwatch(clock)
    with redirect_stdout(io.StringIO()):
        cnn.train(
            cnn.build(seed=seed),
            SPLITS.train,
            epochs=3,
            batch_size=BATCH_SIZE,
            seed=seed,
            callbacks=[slow],
        )
        fast = Stopwatch(clock)
        cnn.train_fast(cnn.build_fast(seed), few, epochs=1, seed=seed, callbacks=[fast])
    return slow.seconds, fast.seconds


def accuracies(seed: int) -> tuple[float, float]:
    """Test accuracy of the classical network after one epoch, of the fast one after two."""
    classical, fast = cnn.build(seed=seed), cnn.build_fast(seed)
    with redirect_stdout(io.StringIO()):
        cnn.train(classical, SPLITS.train, epochs=1, seed=seed)
        cnn.train_fast(fast, SPLITS.train, epochs=2, seed=seed)
    return cnn.evaluate(classical, SPLITS.test), cnn.evaluate(fast, SPLITS.test)


def print_races(count: int, clock: Callable[[], float]) -> None:
    """Print the seconds of both networks and their ratio for each race and on average."""
    print(f"seconds to {TARGET:.1%} test accuracy\n\nseed  classical    fast  ratio")
    times = []
    for seed in range(count):
        times.append(race(seed, clock))
        classical, fast = times[-1]
        print(f"{seed:4}  {classical:9.1f}  {fast:6.1f}  {fast / classical:5.2f}", flush=True)
    classical, fast = np.mean(times, axis=0)
    print(f"mean  {classical:9.1f}  {fast:6.1f}  {fast / classical:5.2f}")


def print_accuracies(count: int) -> None:
    """Print what both networks reach for each seed, on average and at least."""
    print(f"test accuracy, {len(SPLITS.train.labels):,} training images\n")
    print("seed  classical, 1 epoch  fast, 2 epochs")
    reached = []
    for seed in range(count):
        reached.append(accuracies(seed))
        classical, fast = reached[-1]
        print(f"{seed:4}  {classical:18.2%}  {fast:14.2%}", flush=True)
    for name, summary in (("mean", np.mean), ("min", np.min)):
        classical, fast = summary(reached, axis=0)
        print(f"{name:4}  {classical:18.2%}  {fast:14.2%}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Compare the fast network with the classical.")
    parser.add_argument("--races", type=int, default=3, help="how many (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=5, help="for the accuracies; 0: none")
    parser.add_argument(
        "--processor-time", action="store_true", help="for a machine that is busy otherwise"
    )
    arguments = parser.parse_args()
    print_races(
        arguments.races, time.process_time if arguments.processor_time else time.perf_counter
    )
    if arguments.seeds:
        print()
        print_accuracies(arguments.seeds)


if __name__ == "__main__":
    main()
