"""Support vector machines on features: train, judge, and see how many pictures it takes.

Features come from :mod:`helpers.features`, one row of numbers for each picture. A support vector
machine separates two classes by the boundary with the widest margin (Cortes, Vapnik: Support-vector
networks, Machine Learning 20, 1995); scikit-learn's ``SVC`` does the work.
"""

from helpers.svm.learning import (
    Curve,
    alternating_order,
    learning_curve,
)
from helpers.svm.machine import (
    KERNELS,
    accuracy,
    classifier,
    distances,
    fit,
    misclassified,
    uncertain,
)

__all__ = [
    "KERNELS",
    "Curve",
    "accuracy",
    "alternating_order",
    "classifier",
    "distances",
    "fit",
    "learning_curve",
    "misclassified",
    "uncertain",
]
