"""Support vector machines separate classes, and say how sure they are and how much luck it was."""

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVR

from helpers import svm
from helpers.errors import CourseError


def blobs(count, distance, seed=0, dimensions=8):
    """Return features and labels of two Gaussian clouds, `count` pictures each, one by one."""
    random = np.random.default_rng(seed)
    labels = np.tile([0, 1], count)
    features = random.normal(size=(2 * count, dimensions)).astype(np.float32)
    features[:, 0] += distance * labels
    return features, labels


TRAIN, TEST = blobs(30, 3, seed=1), blobs(200, 3, seed=2)


def rings(count, seed):
    """Return a disc inside a ring, which no straight line separates."""
    random = np.random.default_rng(seed)
    labels = np.tile([0, 1], count)
    radius, angle = 1 + 3 * labels, random.uniform(0, 2 * np.pi, 2 * count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


@pytest.mark.parametrize("kernel", svm.KERNELS)
def test_clouds_far_apart_are_separated_by_every_kernel(kernel):
    model = svm.fit(*blobs(20, 12), kernel=kernel)
    assert svm.accuracy(model, *blobs(50, 12, seed=3)) == 1


def test_clouds_in_the_same_place_are_guessed():
    model = svm.fit(*blobs(30, 0, seed=1))
    assert svm.accuracy(model, *blobs(500, 0, seed=2)) == pytest.approx(0.5, abs=0.1)


def test_accuracy_is_the_share_of_right_answers():
    features, labels = TEST
    model = svm.fit(*TRAIN)
    right = svm.accuracy(model, features, labels)
    assert 0.8 < right < 1
    assert right == np.mean(
        [model.predict(row[None])[0] == k for row, k in zip(*TEST, strict=True)]
    )
    assert svm.accuracy(model, features, 1 - labels) == pytest.approx(1 - right)


def test_only_a_curved_boundary_separates_a_ring_from_its_middle():
    data = (*rings(40, seed=0), *rings(200, seed=1))
    accuracies = {
        kernel: svm.accuracy(svm.fit(*data[:2], kernel), *data[2:]) for kernel in svm.KERNELS
    }
    assert list(accuracies) == ["linear", "rbf", "poly"]
    assert accuracies["linear"] < 0.8
    assert accuracies["rbf"] > 0.95
    assert accuracies["poly"] > 0.95


def test_a_smaller_c_makes_a_wider_margin():
    widths = [1 / np.linalg.norm(svm.fit(*TRAIN, C=c).coef_) for c in (0.01, 1, 100)]
    assert widths == sorted(widths, reverse=True)


def test_classes_can_have_names():
    features, labels = blobs(10, 12)
    names = np.array(["pincers", "scissors"])[labels]
    model = svm.fit(features, names)
    assert svm.accuracy(model, features, names) == 1


@pytest.mark.parametrize("kernel", svm.KERNELS)
def test_the_sign_of_a_distance_is_the_class(kernel):
    model = svm.fit(*TRAIN, kernel=kernel)
    far = svm.distances(model, TEST[0])
    assert np.array_equal(far > 0, model.predict(TEST[0]) == 1)


def test_support_vectors_are_on_the_margin_and_the_others_beyond_it():
    features, labels = blobs(20, 12)
    model = svm.fit(features, labels, C=1e6)
    sided = svm.distances(model, features) * np.where(labels == 1, 1, -1)
    assert sided[model.support_] == pytest.approx(1, abs=0.01)
    assert sided.min() > 0.99


def test_the_most_uncertain_pictures_come_first():
    model = svm.fit(*TRAIN)
    found = svm.uncertain(model, TEST[0], count=7)
    far = np.abs(svm.distances(model, TEST[0]))
    assert np.all(np.diff(far[found]) >= 0)
    assert np.delete(far, found).min() >= far[found[-1]]
    assert len(set(found)) == 7


def test_fewer_pictures_than_asked_for_are_all_found():
    assert sorted(svm.uncertain(svm.fit(*TRAIN), TEST[0][:3], count=10)) == [0, 1, 2]


def test_all_mistakes_are_found_the_most_certain_first():
    features, labels = TEST
    model = svm.fit(*TRAIN)
    found = svm.misclassified(model, features, labels)
    assert sorted(found) == list(np.flatnonzero(model.predict(features) != labels))
    assert len(found) > 2
    assert np.all(np.diff(np.abs(svm.distances(model, features[found]))) <= 0)


def test_without_mistakes_none_are_found():
    features, labels = blobs(20, 12)
    found = svm.misclassified(svm.fit(features, labels), features, labels)
    assert (found.shape, found.dtype) == ((0,), np.int64)


LABELS = st.lists(st.integers(0, 3), min_size=1, max_size=40)


@given(LABELS, st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_an_order_has_each_picture_once(labels, seed):
    order = svm.alternating_order(labels, seed)
    assert order.dtype == np.int64
    assert sorted(order) == list(range(len(labels)))


@given(LABELS, st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_classes_take_turns_until_they_are_used_up(labels, seed):
    ordered = np.array(labels)[svm.alternating_order(labels, seed)]
    classes, totals = np.unique(labels, return_counts=True)
    for size in range(1, len(labels) + 1):
        counts = np.array([(ordered[:size] == each).sum() for each in classes])
        unfinished = counts < totals
        assert np.all(counts[unfinished] >= counts.max() - 1)


def test_every_class_begins_and_every_picture_comes_first_at_some_time():
    labels = np.repeat([0, 1, 2], 3)
    firsts = {int(svm.alternating_order(labels, seed)[0]) for seed in range(200)}
    assert firsts == set(range(9))


def test_a_seed_is_an_order():
    labels = TRAIN[1]
    assert np.array_equal(svm.alternating_order(labels, 5), svm.alternating_order(labels, 5))
    assert not np.array_equal(svm.alternating_order(labels, 5), svm.alternating_order(labels, 6))


def test_more_training_pictures_make_it_better_and_less_a_matter_of_luck():
    curve = svm.learning_curve(*TRAIN, *TEST, sizes=[2, 10, 60], orders=15)
    assert list(curve.sizes) == [2, 10, 60]
    assert curve.accuracies.shape == (3, 15)
    mean, spread = curve.accuracies.mean(axis=1), curve.accuracies.std(axis=1)
    assert mean[0] < mean[1] < mean[2]
    assert spread[0] > spread[1] > spread[2]


def test_all_training_pictures_give_the_same_in_any_order():
    curve = svm.learning_curve(*TRAIN, *TEST, sizes=[60], orders=4)
    expected = svm.accuracy(svm.fit(*TRAIN), *TEST)
    assert curve.accuracies == pytest.approx(expected, abs=0.005)


def test_a_curve_is_trained_with_the_beginnings_of_alternating_orders():
    features, labels = TRAIN
    curve = svm.learning_curve(features, labels, *TEST, sizes=[7, 3], orders=2, seed=4)
    random = np.random.default_rng(4)
    for column in curve.accuracies.T:
        order = svm.alternating_order(labels, random)
        models = (svm.fit(features[order[:size]], labels[order[:size]]) for size in (7, 3))
        assert list(column) == [svm.accuracy(model, *TEST) for model in models]


def test_more_orders_begin_with_the_same_ones():
    few, many = (svm.learning_curve(*TRAIN, *TEST, sizes=[4], orders=n) for n in (2, 5))
    assert np.array_equal(few.accuracies, many.accuracies[:, :2])


def test_a_curve_can_have_another_kernel():
    data = (*rings(20, seed=0), *rings(50, seed=1))
    linear, rbf = (
        svm.learning_curve(*data, sizes=[20], orders=3, kernel=kernel).accuracies.mean()
        for kernel in ("linear", "rbf")
    )
    assert rbf > linear + 0.1


def test_a_few_training_pictures_need_not_have_all_classes():
    labels = np.arange(60) % 3
    curve = svm.learning_curve(TRAIN[0], labels, TRAIN[0], labels, sizes=[2, 60], orders=1)
    order = svm.alternating_order(labels, np.random.default_rng(0))[:2]
    model = svm.fit(TRAIN[0][order], labels[order])
    assert curve.accuracies[0] == np.mean(model.predict(TRAIN[0]) == labels)


def test_any_classifier_can_be_judged():
    model = KNeighborsClassifier(1).fit(*TRAIN)
    assert svm.accuracy(model, *TRAIN) == 1


def test_neither_tensorflow_nor_a_word_comes_with_it():
    code = "import sys; from helpers import svm; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


MODEL = svm.fit(*TRAIN)
BROKEN = np.where(np.arange(60)[:, None] == 41, np.nan, TRAIN[0])
THREE = svm.fit(TRAIN[0], np.arange(60) % 3)
NAMES = np.array(["pincers", "scissors"])


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: svm.classifier("sigmoid"), "kernel 'sigmoid': choose one of linear, rbf, poly"),
        (lambda: svm.classifier(C=0), "C is 0"),
        (lambda: svm.fit(*TRAIN, C=float("nan")), "C is nan"),
        (lambda: svm.fit(TRAIN[0], TRAIN[1][:-1]), "60 pictures, but 59 labels"),
        (lambda: svm.fit(TRAIN[0][:, None, None], TRAIN[1]), "the shape (60, 1, 1, 8)"),
        (lambda: svm.fit(TRAIN[0], TRAIN[1][:, None]), "labels have the shape (60, 1)"),
        (lambda: svm.fit(*TRAIN, C="1"), "C is '1'"),
        (lambda: svm.fit(*TRAIN, C=None), "C is None"),
        (lambda: svm.fit(TRAIN[0], TRAIN[1] + 0.5), "type float64"),
        (lambda: svm.fit(TRAIN[0], TRAIN[1].astype(float)), "write `labels.astype(int)`"),
        (lambda: svm.fit(TRAIN[0], [[0], [0, 1]]), "labels have rows of different lengths"),
        (lambda: svm.fit(TRAIN[0] * np.float64(1e200), TRAIN[1]), "too far to calculate with"),
        (lambda: svm.fit(None, TRAIN[1]), "type object"),
        (lambda: svm.fit([[1], [1, 2]], [0, 1]), "rows of different lengths"),
        (lambda: svm.fit(np.zeros((0, 8)), []), "the shape (0, 8)"),
        (lambda: svm.fit(BROKEN, TRAIN[1]), "features of 1 of 60 pictures, first of picture 41"),
        (
            lambda: svm.fit(TRAIN[0][::2], TRAIN[1][::2]),
            "All 30 training pictures are of the class",
        ),
        (lambda: svm.accuracy(svm.classifier(), *TEST), "learned nothing yet"),
        (lambda: svm.accuracy(None, *TEST), "learned nothing yet"),
        (lambda: svm.accuracy(MODEL, TEST[0][:, :5], TEST[1]), "5 features, but the model was tr"),
        (lambda: svm.accuracy(MODEL, TEST[0], NAMES[TEST[1]]), "'pincers', 'scissors', which the"),
        (lambda: svm.misclassified(MODEL, TEST[0], TEST[1] + 1), "has never seen: it was trained"),
        (
            lambda: svm.learning_curve(*TRAIN, TEST[0], NAMES[TEST[1]], sizes=[2]),
            "'pincers', 'scissors', which the model has never seen",
        ),
        (lambda: svm.accuracy(SVR().fit(*TRAIN), *TEST), "a SVR, has learned nothing yet or is"),
        (
            lambda: svm.distances(KNeighborsClassifier().fit(*TRAIN), TEST[0]),
            "A KNeighborsClassifier has no distances",
        ),
        (lambda: svm.distances(MODEL, TEST[0][0]), "If this is one picture, take several"),
        (lambda: svm.uncertain(MODEL, TEST[0], 2.5), "count is 2.5"),
        (lambda: svm.uncertain(MODEL, TEST[0], -1), "count is -1"),
        (lambda: svm.uncertain(THREE, TEST[0]), "knows 3 classes"),
        (lambda: svm.alternating_order([], 0), "labels have the shape (0,)"),
        (lambda: svm.alternating_order(TRAIN[1], -1), "seed is -1"),
        (lambda: svm.alternating_order(TRAIN[1], np.arange(40)), "14, …, but must be a whole"),
        (
            lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[1, 2]),
            "One of the sizes is 1, but at least 2 pictures are needed, of two classes.",
        ),
        (
            lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[2, 61]),
            "One of the sizes is 61, but there are only 60 training pictures.",
        ),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[[2], [3, 4]]), "sizes have rows of diff"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[2], seed=0.5), "seed is 0.5"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[2], orders=2.5), "orders is 2.5"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[]), "must be a list of whole numbers"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[2.5]), "must be a list of whole numbers"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=5), "must be a list of whole numbers"),
        (lambda: svm.learning_curve(*TRAIN, *TEST, sizes=[2], orders=0), "orders is 0"),
    ],
)
def test_wrong_input_is_named(call, hint):
    with pytest.raises(CourseError, match=re.escape(hint)):
        call()
