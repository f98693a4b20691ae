"""A layer that counts how often a network is used."""

from helpers.quiet import keras

__all__ = ["Counter"]


@keras.saving.register_keras_serializable("helpers")
class Counter(keras.layers.Layer):
    """Passes its input on and counts how often, in a weight that can't be trained.

    It is found by its module when a network with it is sent to another process.
    """

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the weight."""
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Count, and return the inputs unchanged."""
        self.count.assign_add(1)
        return inputs
