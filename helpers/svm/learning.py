"""What the accuracy depends on: how many pictures, which features, which kernel."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from helpers.errors import CourseError
from helpers.inputs import as_array, label_row, whole_number
from helpers.svm.inputs import matching, need_known, need_two_classes
from helpers.svm.machine import fit, right_answers

__all__ = ["Curve", "alternating_order", "learning_curve"]


class Curve(NamedTuple):
    """Test accuracy with more and more training pictures, in several orders.

    Attributes
    ----------
    sizes
        int64 array (m,), the numbers of training pictures.
    accuracies
        float64 array (m, orders), 0 to 1: one row for each size, one column for each order.
    """

    sizes: np.ndarray
    accuracies: np.ndarray


def alternating_order(labels: ArrayLike, seed: int | np.random.Generator) -> np.ndarray:
    """Shuffle pictures so that the classes take turns.

    So the first two pictures are of two classes, and one can learn from any number of them. When
    one class is used up, the others go on.

    Parameters
    ----------
    labels
        Array (n,), the class of each picture.
    seed
        A whole number from 0 on, or a generator: it chooses the class that begins, and the order
        in each class.

    Returns
    -------
    int64 array (n,), the positions of the pictures.

    Raises
    ------
    CourseError
        If the labels aren't one row of classes, or the seed is no whole number from 0 on.
    """
    labels = label_row(labels)
    random = _generator(seed)
    classes = random.permutation(np.unique(labels))
    queues = [random.permutation(np.flatnonzero(labels == each)) for each in classes]
    turns = np.concatenate([np.arange(len(queue)) for queue in queues])
    return np.concatenate(queues)[np.argsort(turns, kind="stable")]


def learning_curve(
    train_features: ArrayLike,
    train_labels: ArrayLike,
    test_features: ArrayLike,
    test_labels: ArrayLike,
    sizes: Sequence[int] | np.ndarray,
    orders: int = 20,
    seed: int = 0,
    kernel: str = "linear",
) -> Curve:
    """Measure the test accuracy after training with a few pictures, more, and still more.

    A single order of the training pictures can be lucky or not, so there are many, each an
    :func:`alternating_order`. In one order, more pictures means some in addition to those before.

    Parameters
    ----------
    train_features, train_labels, test_features, test_labels
        Arrays (n, d), (n,), (n_test, d), (n_test,).
    sizes
        How many training pictures to use, each from 2 to n.
    orders
        How many orders to try, at least 1.
    seed
        A whole number from 0 on; it chooses the random orders. More orders with the same seed
        begin with the same ones.
    kernel
        See :func:`classifier`.

    Returns
    -------
    Curve
        ``accuracies.mean(axis=1)`` is what to expect at each size.

    Raises
    ------
    CourseError
        If a size is too small or too large, there are no orders, or as :func:`fit` and
        :func:`accuracy`.
    """
    features, labels = matching(train_features, train_labels)
    need_two_classes(labels)
    # The first few training pictures need not have all classes, but all of them do.
    test_rows, truth = matching(test_features, test_labels)
    need_known(truth, np.unique(labels))
    steps = as_array("sizes", sizes)
    if steps.ndim != 1 or not steps.size or steps.dtype.kind not in "iu":
        raise CourseError(f"sizes is {sizes!r}, but must be a list of whole numbers, such as [2].")
    if steps.min() < 2:
        raise CourseError(
            f"One of the sizes is {steps.min()}, but at least 2 pictures are needed, of two "
            "classes."
        )
    if steps.max() > len(labels):
        raise CourseError(
            f"One of the sizes is {steps.max()}, but there are only {len(labels)} training "
            "pictures."
        )
    random = _generator(seed)
    columns = []
    for _ in range(whole_number("orders", orders, 1)):
        order = alternating_order(labels, random)
        models = (fit(features[order[:size]], labels[order[:size]], kernel) for size in steps)
        columns.append([right_answers(model, test_rows, truth).mean() for model in models])
    return Curve(steps.astype(np.int64), np.array(columns).T)


def _generator(seed: int | np.random.Generator) -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole_number("seed", seed, 0))
