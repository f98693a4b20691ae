"""Drawings depend on their seed and place alone, down to the byte."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import meals, tools
from helpers.datasets.drawing import SETS, choose_food, compose_meal, draw_tool, generator
from helpers.datasets.drawing.food import items
from helpers.datasets.drawing.geometry import along, ellipse, spline, stroke
from helpers.datasets.files import DATA
from helpers.datasets.manifest import NAME
from helpers.datasets.meals import HALVES
from helpers.errors import CourseError

SEED = 2
HANDFUL = [("tools", 0, 3), ("tools", 1, 12), ("meals", 0, 8), ("meals", 1, 49)]

# What NumPy may use beyond its baseline; a processor without them rounds in other places.
WITHOUT = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Sandybridge",
}


def test_the_seed_of_the_sets_that_come_with_the_course_is_known():
    for folder in (tools.FOLDER, meals.FOLDER):
        assert (folder / NAME).read_text().startswith(f'{{"seed": {SEED},')


@pytest.mark.parametrize(("name", "label", "number"), HANDFUL)
def test_the_seed_gives_the_bytes_that_come_with_the_course(name, label, number):
    picture = SETS[name](SEED, label, number)
    assert picture.content == (DATA / name / picture.file).read_bytes()


def test_a_processor_without_vector_instructions_draws_the_same_bytes():
    code = (
        "from helpers.datasets.drawing import SETS\n"
        "from helpers.datasets.files import DATA\n"
        f"for name, label, number in {HANDFUL}:\n"
        f"    picture = SETS[name]({SEED}, label, number)\n"
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


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_every_item_of_a_meal_can_be_seen(count):
    bare, served = (
        compose_meal([Image.new("RGBA", (90, 60), (0, 255, 0, alpha))] * count, generator(5))
        for alpha in (0, 255)
    )
    # Items lie over each other, but not one hides another altogether.
    changed = (bare != served).any(-1).mean()
    assert served.shape == (224, 224, 3)
    assert changed > 0.05 * count**0.5


def test_a_meal_comes_from_one_half_and_one_artist():
    for number in range(40):
        half = HALVES[number % 2]
        plate = choose_food(generator(number), "healthy", half, borderline=number % 3 == 0)
        assert {item.half for item in plate} == {half}
        assert len({item.artist for item in plate}) == 1
        assert sum(item.label == "unhealthy" for item in plate) == (number % 3 == 0)


def test_a_kind_of_food_belongs_to_one_class_and_one_half():
    kinds = {item.kind for item in items()}
    assert len({(item.kind, item.label, item.half) for item in items()}) == len(kinds)


def test_every_drawing_of_food_is_there_and_sound():
    for item in items():
        image = item.image()
        assert image.mode == "RGBA"
        assert min(image.size) > 10


def test_a_damaged_drawing_of_food_is_named(tmp_path):
    item = items()[0]
    broken = tmp_path / item.path.name
    broken.write_bytes(item.path.read_bytes()[:-1])
    with pytest.raises(CourseError, match=f"{broken.name} is damaged"):
        item._replace(path=broken).image()


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
