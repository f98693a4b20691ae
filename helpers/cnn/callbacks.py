"""What watches a training: a progress bar."""

import time
from collections.abc import Mapping

from tqdm import tqdm

from helpers.quiet import keras

__all__ = ["Progress"]


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
