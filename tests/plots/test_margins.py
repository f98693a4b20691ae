"""The line, its margin and the support vectors stand where the machine has them."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.svm import SVC

from helpers import plots
from helpers.plots.figures import COLOURS
from helpers.plots.margins import draw_margin
from tests.plots.shown import area

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(20, 2)) + np.repeat([[0, 0], [6, 3]], 10, axis=0)
LABELS = np.repeat([0, 1], 10)
MACHINE = SVC(kernel="linear", C=1000).fit(POINTS, LABELS)


def test_boundary_and_margin_go_where_the_machine_decides_so():
    figure, _ = draw_margin(POINTS, LABELS, MACHINE)
    lines = figure.axes[0].collections[-1]
    assert len(lines.get_paths()) == 3
    for level, path in zip((-1, 0, 1), lines.get_paths(), strict=True):
        assert MACHINE.decision_function(path.vertices) == pytest.approx(level, abs=1e-6)


def test_support_vectors_have_a_ring_and_are_counted():
    figure, text = draw_margin(POINTS, LABELS, MACHINE)
    (rings,) = (line for line in figure.axes[0].lines if line.get_label() == "support vector")
    assert np.transpose(rings.get_data()).tolist() == POINTS[MACHINE.support_].tolist()
    assert f"held by {len(MACHINE.support_)} support vectors" in text


def test_the_width_in_words_is_the_distance_between_the_edges(described):
    machine = SimpleNamespace(coef_=np.array([[0, 0.25]]), intercept_=[0], support_=np.array([0]))
    assert "Its margin is 8 wide" in described(lambda: plots.margin(POINTS, LABELS, machine))


def test_a_wider_margin_is_a_larger_strip(output):
    narrow, wide = (
        SimpleNamespace(coef_=np.array([[weight, 0]]), intercept_=[-3 * weight], support_=[0])
        for weight in (2, 1)
    )
    strip = "#fbecd0"
    small, large = (
        area(output(lambda m=m: plots.margin(POINTS, LABELS, m)), strip) for m in (narrow, wide)
    )
    assert large == pytest.approx(2 * small, rel=0.1)
    assert small > 1000


def test_a_chosen_point_is_marked():
    figure, _ = draw_margin(POINTS, LABELS, MACHINE, chosen=7)
    rings = [line for line in figure.axes[0].lines if line.get_markeredgecolor() == COLOURS[2]]
    assert [np.transpose(ring.get_data()).tolist() for ring in rings] == [[POINTS[7].tolist()]]
