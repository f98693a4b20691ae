"""How fast are features, how much memory do they take, and what are they good for?

``python -m tests.benchmarks.benchmark_features`` prints a table for each question and takes some
minutes. The ways to extract features take turns within one run, so that whatever else the machine
does slows all of them. The cache is a new one in a temporary folder.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import feature_cache as cache
from helpers import features, networks, svm
from helpers.datasets import meals, photos, splits, tools
from helpers.networks import registry

SIZES = (2, 3, 4, 5, 10, 20, 50)
ROUNDS = 3
SEEDS = 20
MANY = 10_000


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def print_speed() -> None:
    """Print how long 100 pictures take: one by one, in batches, and from the cache."""
    files = tools.load().files
    features.extract(files[:1], cache=False)
    features.one_by_one(files[:1])
    print("features of 100 pictures, seconds\n\nround  one by one   cold  cached  ratios")
    for number in range(ROUNDS):
        cache.location().unlink(missing_ok=True)
        slow = seconds(lambda: features.one_by_one(files))
        cold = seconds(lambda: features.extract(files))
        cached = seconds(lambda: features.extract(files))
        ratios = f"{slow / cold:5.1f} {slow / cached:6.0f}"
        print(f"{number:5}  {slow:10.2f}  {cold:5.2f}  {cached:6.3f}  {ratios}", flush=True)


def print_networks() -> None:
    """Print how long each network takes to load, and how many of the nine photos it recognises."""
    nine = photos.load()
    print("network               seconds to load  parameters  top-1 of nine")
    for name in networks.available():
        registry._LOADED.clear()
        loading = seconds(lambda name=name: networks.load(name))
        best = features.extract(nine.images, name, "logits").argmax(axis=1)
        right = sum(
            number in accepted for number, accepted in zip(best, nine.accepted, strict=True)
        )
        parameters = networks.about(name).parameters
        print(f"{name:20}  {loading:15.2f}  {parameters:10,}  {right:13}")


def print_learning_curves() -> None:
    """Print accuracy and spread over the number of training pictures."""
    print(f"accuracy, mean and spread in % over {SEEDS} orders, by number of training pictures\n")
    print("        " + "".join(f"{size:>12}" for size in SIZES))
    for name, data in (("tools", tools.load()), ("meals", meals.load())):
        found = features.extract(data.files)
        train, test = splits.split(data.labels, seed=0)
        curve = svm.learning_curve(
            found[train], data.labels[train], found[test], data.labels[test], SIZES, SEEDS
        )
        cells = (f"{100 * row.mean():5.1f} ± {100 * row.std():4.1f}" for row in curve.accuracies)
        print(f"{name:8}" + "".join(f"{cell:>12}" for cell in cells))


def print_splits() -> None:
    """Print the accuracy on meals when plates, or kinds of food, are kept apart."""
    plates = meals.load()
    found = features.extract(plates.files)

    def accuracy(split: splits.Split) -> float:
        train, test = split
        model = svm.fit(found[train], plates.labels[train])
        return svm.accuracy(model, found[test], plates.labels[test])

    naive = [accuracy(splits.split(plates.labels, seed)) for seed in range(SEEDS)]
    disjoint = [accuracy(meals.disjoint_split(plates, half)) for half in range(2)]
    print(f"meals: {np.mean(naive):.1%} ± {np.std(naive):.1%} with random splits,")
    print(f"{np.mean(disjoint):.1%} ({disjoint[0]:.1%}, {disjoint[1]:.1%}) by kinds of food")


def print_memory() -> None:
    """Print the largest memory of a process that extracts features of few and of many files."""
    print("files    peak memory, MB")
    for count in (100, MANY):
        command = [sys.executable, "-m", __spec__.name, str(count)]
        peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        print(f"{count:6,}  {int(peak.split()[-1]) / 1000:16,.0f}", flush=True)


def _extract_many(count: int) -> None:
    files = tools.load().files
    features.extract([files[i % len(files)] for i in range(count)], "squeezenet", cache=False)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Print all tables."""
    if len(sys.argv) > 1:
        _extract_many(int(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[cache.FOLDER_VARIABLE] = folder
        for show in (
            print_speed,
            print_networks,
            print_learning_curves,
            print_splits,
            print_memory,
        ):
            show()
            print(flush=True)


if __name__ == "__main__":
    main()
