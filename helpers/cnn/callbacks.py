"""What watches a training: a progress bar, and a stopwatch that stops at an accuracy."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from tqdm import tqdm

from helpers.quiet import keras

__all__ = ["Progress", "Stopwatch"]


class Progress(keras.callbacks.Callback):
    """Move one bar through all epochs.

    Parameters
    ----------
    bar
        Counts batches; whoever made it closes it.

    Attributes
    ----------
    seconds
        What each finished epoch took, with its validation.
    """

    def __init__(self, bar: tqdm) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._bar = bar
        self._begun = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Name the epoch."""
        self._begun = time.perf_counter()
        self._bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}", refresh=False)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Show how far the training is and how well it goes."""
        self._show(logs)
        self._bar.update()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Show what the validation gave."""
        self.seconds.append(time.perf_counter() - self._begun)
        self._show(logs)

    def _show(self, logs: Mapping[str, float] | None) -> None:
        # A narrow bar: the losses are in the history.
        numbers = {name: f"{value:.3f}" for name, value in (logs or {}).items() if "acc" in name}
        self._bar.set_postfix(numbers, refresh=False)


class Stopwatch(keras.callbacks.Callback):
    """Stop the training as soon as the network is good enough.

    The watch runs from when it is made, so it sees the preparation too; it stands still during
    the checks.

    Parameters
    ----------
    accuracy
        Gives the accuracy of a model, from 0 to 1.
    target
        The accuracy to reach.
    checks
        How often to look in an epoch, evenly spread, the last time at its end.
    clock
        Gives the time in seconds.

    Attributes
    ----------
    seconds
        How long it took; infinite as long as the target isn't reached.
    """

    def __init__(
        self,
        accuracy: Callable[[Any], float],
        target: float,
        checks: int,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__()
        self.seconds = math.inf
        self._accuracy = accuracy
        self._target = target
        self._checks = checks
        self._clock = clock
        self._begun = clock()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Look at the accuracy if it is time to."""
        steps = self.params["steps"]
        if batch * self._checks // steps == (batch + 1) * self._checks // steps:
            return
        seconds = self._clock() - self._begun
        if self._accuracy(self.model) >= self._target:
            self.seconds = seconds
            self.model.stop_training = True
        # As if the check had taken no time.
        self._begun = self._clock() - seconds
