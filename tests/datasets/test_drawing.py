"""Drawings depend on their seed and place alone, down to the byte."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import ndimage

from helpers.datasets.drawing import SETS, choose_food, compose_meal, draw_tool, generator
from helpers.datasets.drawing.food import KINDS, RECIPES, kinds_of
from helpers.datasets.drawing.geometry import along, ellipse, spline, stroke
from helpers.datasets.drawing.pieces import Bow, Lump, Ring
from helpers.datasets.drawing.recipes import Layer, Recipe
from helpers.datasets.drawing.relief import CANVAS, Relief
from helpers.datasets.drawing.serving import serve
from helpers.datasets.files import DATA
from helpers.datasets.manifest import NAME
from helpers.datasets.meals import HALVES

SEEDS = {"tools": 2, "meals": 3}
HANDFUL = [("tools", 0, 3), ("tools", 1, 12), ("meals", 0, 8), ("meals", 1, 49)]

# What NumPy may use beyond its baseline; a processor without them rounds in other places.
WITHOUT = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Sandybridge",
}


def test_the_seed_of_the_sets_that_come_with_the_course_is_known():
    for name, seed in SEEDS.items():
        assert (DATA / name / NAME).read_text().startswith(f'{{"seed": {seed},')


@pytest.mark.parametrize(("name", "label", "number"), HANDFUL)
def test_the_seed_gives_the_bytes_that_come_with_the_course(name, label, number):
    picture = SETS[name](SEEDS[name], label, number)
    assert picture.content == (DATA / name / picture.file).read_bytes()


def test_a_processor_without_vector_instructions_draws_the_same_bytes():
    code = (
        "from helpers.datasets.drawing import SETS\n"
        "from helpers.datasets.files import DATA\n"
        f"for name, label, number in {HANDFUL}:\n"
        f"    picture = SETS[name]({SEEDS}[name], label, number)\n"
        "    print(picture.content == (DATA / name / picture.file).read_bytes())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | WITHOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True"] * len(HANDFUL)


@pytest.mark.parametrize("name", SETS)
def test_another_seed_number_or_class_gives_another_picture(name):
    places = [(3, 0, 0), (4, 0, 0), (3, 0, 2), (3, 1, 0)]
    assert len({SETS[name](*place).content for place in places}) == len(places)


def test_loading_the_sets_imports_no_drawing():
    code = (
        "import sys; from helpers.datasets import tools, meals, photos\n"
        "print('PIL' in sys.modules, 'scipy' in sys.modules)\n"
        "tools.load(), meals.load(), photos.load()\n"
        "print('scipy' in sys.modules, 'helpers.datasets.drawing' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"] * 4


def test_a_drawn_tool_says_what_it_is():
    drawing = draw_tool("scissors", generator(0, 1))
    assert drawing.picture.shape == (256, 256, 3)
    assert drawing.picture.dtype == np.uint8
    assert drawing.style in ("photo", "flat", "grey")


@pytest.mark.parametrize("kind", RECIPES)
def test_a_kind_of_food_fills_its_place_and_little_else(kind):
    relief = table()
    serve(relief, RECIPES[kind], 224, 224, 60, generator(5))
    rows, columns = np.mgrid[:CANVAS, :CANVAS]
    place = (columns - 224) ** 2 + (rows - 224) ** 2 < 60**2
    assert relief.food[place].mean() > 0.2
    assert relief.food[~place].sum() < 0.4 * place.sum()


def test_a_meal_shows_two_or_three_kinds_on_a_plate():
    tomatoes = Recipe([Layer(Lump((1.5, 1.5), (1.0, 1.0), 0.5, [(220, 10, 10)], spots=0))])
    for count in (2, 3):
        meal = compose_meal([tomatoes] * count, generator(5)).astype(int)
        assert meal.shape == (224, 224, 3)
        red = (meal[..., 0] > 80) & (meal[..., 1:] < 0.4 * meal[..., :1]).all(-1)
        assert ndimage.label(ndimage.binary_opening(red, iterations=3))[1] == count


def table():
    return Relief(np.full((CANVAS, CANVAS, 3), 128.0))


def dome(height=1.0, colour=(128, 128, 128)):
    lump = Lump((1.0, 1.0), (1.0, 1.0), height, [colour], spots=0)
    return lump.piece(generator(1), 60, 0)


def test_light_comes_from_the_upper_left():
    relief = table()
    relief.put(dome(), 224, 224)
    bare, lit = table().lit(), relief.lit()
    assert lit[210, 210].mean() > lit[238, 238].mean() + 20
    # The shadow lies on the table, to the lower right.
    assert lit[255, 255].mean() < 0.8 * bare[255, 255].mean()
    assert lit[193, 193].mean() > 0.9 * bare[193, 193].mean()


def test_pieces_lie_on_each_other():
    relief = table()
    for _ in range(2):
        relief.put(dome(), 224, 224)
    assert relief.height.max() == pytest.approx(2 * dome().height.max())


def test_what_is_sprinkled_lies_on_food_alone_and_follows_it():
    relief = table()
    relief.put(dome(), 224, 224)
    before = relief.height.copy()
    relief.put(dome(0.05, (255, 0, 0)), 250, 224, sprinkled=True)
    red = relief.colours[..., 0] > 200
    assert red.any()
    assert (before[red] > 0).all()
    assert (relief.height - before).max() < 4


def test_what_reaches_over_the_edge_is_cut():
    relief = table()
    relief.put(dome(), 0, 224)
    relief.put(dome(), -500, 224)
    assert relief.food[224, :20].all()
    assert not relief.food[:, 40:].any()


def test_a_ring_has_a_hole_and_a_slice_is_a_part_of_a_circle():
    def share(shape):
        height = shape.piece(generator(1), 100, 0).height
        return (height > 0).sum() / (np.pi * 100**2)

    ring = Ring((2.0, 2.0), (1.0, 1.0), 0.2, [(0, 0, 0)], hole=0.5)
    whole = Lump((2.0, 2.0), (1.0, 1.0), 0.2, [(0, 0, 0)])
    # A sector has its length as radius.
    eighth = Lump((1.0, 1.0), (1.0, 1.0), 0.2, [(0, 0, 0)], sector=0.125)
    assert share(ring) == pytest.approx(0.75, abs=0.03)
    assert share(whole) == pytest.approx(1, abs=0.03)
    assert share(eighth) == pytest.approx(0.125, abs=0.01)


def test_a_bow_bends_and_is_as_wide_as_was_said():
    bow = Bow((1.0, 1.0), (0.1, 0.1), 0.5, [(0, 0, 0)], bend=0.2, taper=0.9)
    rows, columns = np.nonzero(bow.piece(generator(1), 200, 0).height)
    assert np.ptp(columns) == pytest.approx(200, rel=0.06)
    in_the_middle = np.abs(columns - np.median(columns)) < 2
    assert np.ptp(rows[in_the_middle]) == pytest.approx(20, abs=3)
    assert np.ptp(rows) > 30


def test_a_meal_comes_from_one_half():
    for number in range(40):
        half, borderline = HALVES[number % 2], number % 3 == 0
        plate = choose_food(generator(number), "healthy", half, borderline)
        at_hand = {*kinds_of("healthy", half), *kinds_of("unhealthy", half)}
        assert set(plate) <= at_hand
        assert 2 <= len(plate) == len(set(plate)) <= 3
        assert sum(kind in KINDS["unhealthy"] for kind in plate) == borderline


def test_a_kind_of_food_belongs_to_one_class_and_one_half():
    listed = [kind for label in KINDS for half in HALVES for kind in kinds_of(label, half)]
    assert sorted(listed) == sorted(RECIPES)


def test_a_curve_runs_through_its_points():
    points = np.array([(0, 0), (1, 2), (3, 1), (4, 4)], float)
    curve = spline(points, steps=7)
    np.testing.assert_allclose(curve[::7], points, atol=1e-12)
    closed = spline(points, closed=True, steps=7)
    np.testing.assert_allclose(closed[::7], points, atol=1e-12)


def test_lengths_along_a_curve_go_from_0_to_1():
    np.testing.assert_allclose(along(np.array([(0, 0), (3, 4), (3, 19)], float)), [0, 0.25, 1])


def test_a_straight_stroke_is_as_wide_as_was_said():
    outline = stroke([(0, 0), (0, 5), (0, 10)], [2, 2])
    assert np.ptp(outline[:, 0]) == pytest.approx(2, rel=1e-3)
    # Round ends reach out by half the width.
    assert np.ptp(outline[:, 1]) == pytest.approx(12, rel=0.01)


def test_a_larger_power_makes_an_ellipse_squarer():
    def area(outline):
        x, y = outline.T
        return abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2

    assert area(ellipse((5, 6), 2, 3)) == pytest.approx(np.pi * 6, rel=0.01)
    assert area(ellipse((5, 6), 2, 3, tilt=1)) == pytest.approx(np.pi * 6, rel=0.01)
    assert np.pi * 6 < area(ellipse((0, 0), 2, 3, power=4)) < 24
