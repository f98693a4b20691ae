"""The machine itself: train it, judge it, and see which pictures are hard for it."""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from sklearn.svm import SVC

from helpers.errors import CourseError
from helpers.inputs import whole_number
from helpers.svm.inputs import feature_rows, matching, need_known, need_two_classes

__all__ = [
    "KERNELS",
    "accuracy",
    "classifier",
    "distances",
    "fit",
    "misclassified",
    "right_answers",
    "uncertain",
]

KERNELS = ("linear", "rbf", "poly")


def classifier(kernel: str = "linear", C: float = 1.0) -> SVC:  # noqa: N803 - as in scikit-learn
    """Return a support vector machine that has learned nothing yet.

    No kernel standardises the features: those of one layer are on one scale, which "rbf" and
    "poly" take into account as a whole (scikit-learn's ``gamma="scale"``). The deviation of each
    single feature can't be estimated from a few pictures, and dividing by it counts features that
    are nearly always zero as much as the others. On pincers and scissors, "rbf" reached 94 % with
    10 training pictures, but 52 % with standardised features.

    Parameters
    ----------
    kernel
        The shape of the boundary: "linear" (a hyperplane), "rbf" (any smooth shape, from Gaussian
        functions) or "poly" (a polynomial of degree 3 with all lower terms).
    C
        Above 0: what a training picture on the wrong side costs. The smaller, the wider the margin.

    Raises
    ------
    CourseError
        If there is no such kernel, or C isn't positive.
    """
    if kernel not in KERNELS:
        raise CourseError(f"There is no kernel {kernel!r}: choose one of {', '.join(KERNELS)}.")
    if not isinstance(C, Real) or not 0 < C < np.inf:
        raise CourseError(f"C is {C!r}, but must be a positive number, such as 1.")
    # coef0 matters to "poly" only: it brings in the lower terms, without which few pictures teach
    # less (64 % instead of 73 % with two).
    return SVC(kernel=kernel, C=C, coef0=1)


def fit(
    features: ArrayLike,
    labels: ArrayLike,
    kernel: str = "linear",
    C: float = 1.0,  # noqa: N803
) -> SVC:
    """Train a support vector machine.

    Parameters
    ----------
    features
        Array (n, d) of finite numbers, one row for each picture.
    labels
        Array (n,), the class of each picture; at least two classes.
    kernel, C
        See :func:`classifier`.

    Returns
    -------
    The trained machine; ``model.predict(features)`` gives the class of each picture.

    Raises
    ------
    CourseError
        If features and labels have the wrong shape or don't belong together, a feature isn't
        finite or too large to calculate with, or all pictures are of one class.
    """
    features, labels = matching(features, labels)
    need_two_classes(labels)
    machine = classifier(kernel, C)
    try:
        with np.errstate(all="ignore"):
            return machine.fit(features, labels)
    except ValueError:  # the products of such numbers are not finite any more
        raise CourseError(
            f"The features go from {features.min():.3g} to {features.max():.3g}, too far to "
            "calculate with: look at how they are calculated."
        ) from None


def accuracy(model: SVC, features: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of pictures that a trained machine classifies correctly, from 0 to 1.

    Parameters
    ----------
    model
        From :func:`fit`.
    features, labels
        Arrays (n, d) and (n,), pictures that the machine hasn't seen in training.

    Raises
    ------
    CourseError
        If the model isn't trained or is no classifier, the features aren't those that it was
        trained with, features and labels don't belong together, or the model has never seen one
        of the labels.
    """
    features, labels = matching(features, labels)
    need_known(labels, _usable(model, features).classes_)
    return float(right_answers(model, features, labels).mean())


def right_answers(model: SVC, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Tell of each picture whether a trained machine classifies it correctly, bool (n,)."""
    return _usable(model, features).predict(features) == labels


def distances(model: SVC, features: ArrayLike) -> np.ndarray:
    """Measure how far pictures are from the boundary between two classes, and on which side.

    Parameters
    ----------
    model
        From :func:`fit`, trained with two classes.
    features
        Array (n, d).

    Returns
    -------
    float64 array (n,): positive on the side of ``model.classes_[1]``, negative on the other. The
    unit is half the width of the margin: the margin reaches from -1 to 1, with support vectors at
    both edges.

    Raises
    ------
    CourseError
        As :func:`accuracy`, and if the model knows more than two classes.
    """
    features = feature_rows(features)
    if not hasattr(_usable(model, features), "decision_function"):
        raise CourseError(
            f"A {type(model).__name__} has no distances from a boundary: train a support vector "
            "machine with svm.fit(features, labels)."
        )
    if len(model.classes_) > 2:
        raise CourseError(
            f"The model knows {len(model.classes_)} classes and so has several boundaries: train "
            "one with two classes."
        )
    return model.decision_function(features)


def uncertain(model: SVC, features: ArrayLike, count: int = 10) -> np.ndarray:
    """Find the pictures nearest to the boundary, of which the machine is least certain.

    Parameters
    ----------
    model, features
        As for :func:`distances`.
    count
        How many pictures to find, at most; 0 or more.

    Returns
    -------
    int64 array (count,), the positions of the pictures, nearest first.

    Raises
    ------
    CourseError
        As :func:`distances`, and if the count is no such number.
    """
    most = whole_number("count", count, 0)
    return np.argsort(np.abs(distances(model, features)), kind="stable")[:most]


def misclassified(model: SVC, features: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Find the pictures on the wrong side of the boundary.

    Parameters
    ----------
    model, features, labels
        As for :func:`accuracy`, with two classes.

    Returns
    -------
    int64 array, the positions of the pictures, those furthest from the boundary first: there the
    machine is most certain and wrong nevertheless.

    Raises
    ------
    CourseError
        As :func:`accuracy` and :func:`distances`.
    """
    features, labels = matching(features, labels)
    furthest_first = np.argsort(-np.abs(distances(model, features)), kind="stable")
    need_known(labels, model.classes_)
    return furthest_first[~right_answers(model, features, labels)[furthest_first]]


def _usable(model: SVC, features: np.ndarray) -> SVC:
    """Return the model if it can be asked about these features."""
    # Each classifier of scikit-learn has them as soon as it is trained, and nothing else does.
    if not hasattr(model, "classes_"):
        raise CourseError(
            f"The model, a {type(model).__name__}, has learned nothing yet or is no classifier: "
            "train one with svm.fit(features, labels)."
        )
    if features.shape[1] != model.n_features_in_:
        raise CourseError(
            f"Each picture has {features.shape[1]} features, but the model was trained with "
            f"{model.n_features_in_}: take the same network and layer for training and test."
        )
    return model
