"""A kernel of one's own has its feature map at once, and each step its sum."""

import re

import numpy as np
import pytest

from helpers.convolution import conv2d
from helpers.errors import CourseError
from helpers.play.kernel_grid import KERNELS, OWN, KernelGrid

PICTURE = np.random.default_rng(0).random((9, 12))


@pytest.fixture
def grid():
    return KernelGrid(PICTURE)


def told(grid):
    """The sum that is written below the pictures."""
    return float(re.search(r"<b>(.*?)</b>", grid.step.value)[1])


@pytest.mark.parametrize("name", KERNELS)
def test_a_known_kernel_fills_the_cells(grid, name):
    grid.preset.value = name
    assert grid.kernel.tolist() == np.asarray(KERNELS[name], float).tolist()
    assert grid.preset.value == name


def test_the_sum_is_the_number_in_the_feature_map(grid):
    for name in KERNELS:
        grid.preset.value = name
        grid.row.value, grid.column.value = 5, 2
        assert told(grid) == pytest.approx(conv2d(PICTURE, KERNELS[name])[5, 2], abs=0.006)
        assert "row 5, column 2" in grid.step.value


def test_a_changed_cell_is_a_kernel_of_ones_own_until_it_is_changed_back(grid):
    before, pictures = told(grid), grid.pictures.value
    grid.cells[4].value = 3
    assert grid.preset.value == OWN
    assert grid.pictures.value != pictures
    changed = before + 3 * PICTURE[grid.row.value + 1, grid.column.value + 1]
    assert told(grid) == pytest.approx(changed, abs=0.006)
    grid.cells[4].value = 0
    assert grid.preset.value == "right minus left"
    assert grid.pictures.value == pictures


def test_to_choose_ones_own_changes_nothing(grid):
    kernel, pictures = grid.kernel, grid.pictures.value
    grid.preset.value = OWN
    assert grid.kernel.tolist() == kernel.tolist()
    assert grid.pictures.value == pictures


def test_the_window_goes_as_far_as_the_kernel_fits(grid):
    assert (grid.row.max, grid.column.max) == (6, 9)
    grid.row.value, grid.column.value = 6, 9
    assert told(grid) == pytest.approx(
        conv2d(PICTURE, KERNELS["right minus left"])[6, 9], abs=0.006
    )


def test_the_window_begins_where_the_kernel_finds_most():
    picture = np.zeros((9, 9))
    picture[3:6, 6] = 1
    grid = KernelGrid(picture)
    assert (grid.row.value, grid.column.value) == (3, 4)
    assert told(grid) == 3


def test_every_control_and_picture_has_a_name(grid):
    controls = (*grid.cells, grid.preset, grid.row, grid.column)
    assert len({control.description for control in controls}) == len(controls)
    assert re.findall('alt="(.*?)"', grid.pictures.value) == [
        "The picture, and the window in it",
        re.search('The feature map, .*? to [^"]*', grid.pictures.value)[0],
    ]


def test_what_is_no_grey_picture_is_named():
    with pytest.raises(CourseError, match=r"picture: its shape is \(4, 4, 3\)"):
        KernelGrid(np.zeros((4, 4, 3)))
    with pytest.raises(CourseError, match=r"picture has shape \(2, 5\), but needs 3 rows"):
        KernelGrid(np.zeros((2, 5)))
