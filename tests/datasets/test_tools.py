"""The tools are what was drawn, as varied as agreed, and only their shape tells them apart."""

import json
import shutil
from collections import Counter

import numpy as np
import pytest

from helpers.datasets import meals, photos, tools
from helpers.datasets.drawing import pincers, scissors
from helpers.errors import CourseError

DAMAGED = "scissors/007.webp"


@pytest.fixture(scope="module")
def records():
    return json.loads((tools.FOLDER / "manifest.json").read_text())["pictures"]


def test_there_are_fifty_of_each_all_of_one_size():
    images, labels, names, files = tools.load()
    assert images.shape == (100, 256, 256, 3)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert Counter(labels.tolist()) == {0: 50, 1: 50}
    assert [names[label] for label in labels] == [file.parent.name for file in files]


def test_no_picture_is_there_twice():
    images = tools.load().images
    assert len({image.tobytes() for image in images}) == 100


def test_the_ground_is_white():
    border = np.ones((256, 256), bool)
    border[4:-4, 4:-4] = False
    for image in tools.load().images:
        assert np.median(image[border]) >= 243
        assert (image[border].min(-1) > 230).mean() > 0.95
        # A tool is there as well, and it isn't white.
        assert 0.03 < (image.min(-1) < 200).mean() < 0.6


@pytest.mark.parametrize("module", [pincers, scissors])
def test_all_types_occur(module, records):
    name = module.__name__.rsplit(".")[-1]
    assert {r["type"] for r in records if r["class"] == name} == module.TYPES.keys()


@pytest.mark.parametrize("trait", ["style", "metal", "grip"])
def test_both_classes_share_their_styles_metals_and_colours(trait, records):
    counts = {
        name: Counter(r[trait] for r in records if r["class"] == name) for name in tools.NAMES
    }
    pincers_have, scissors_have = counts["pincers"], counts["scissors"]
    assert len(pincers_have) > 2
    for value, count in (pincers_have + scissors_have).items():
        # What is rare may be missing in one class by chance.
        assert count < 8 or (pincers_have[value] and scissors_have[value]), value


def test_colour_alone_does_not_tell_the_classes_apart():
    images, labels, *_ = tools.load()
    means = images.mean((1, 2))
    between = np.abs(means[labels == 0].mean(0) - means[labels == 1].mean(0))
    assert (between < means.std(0)).all()


def test_later_calls_return_the_same_pictures_and_nobody_can_spoil_them():
    assert tools.load() is tools.load()
    with pytest.raises(ValueError, match="read-only"):
        tools.load().images[0] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        tools.load().labels.flags.writeable = True


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(tools.FOLDER, tmp_path / "tools")


def redraw(folder, count):
    """Keep but a few pictures of a set, as if it had been drawn anew."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["pictures"] = manifest["pictures"][:count]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_set_that_was_drawn_again_is_read_again(copy):
    redraw(copy, 3)
    assert len(tools.load(copy).files) == 3
    redraw(copy, 2)
    assert len(tools.load(copy).files) == 2


def test_a_folder_is_looked_for_where_one_is(copy, monkeypatch):
    redraw(copy, 1)
    monkeypatch.chdir(copy.parent)
    assert len(tools.load("tools").files) == 1
    monkeypatch.chdir(tools.FOLDER.parent)
    assert len(tools.load("tools").files) == 100


@pytest.mark.parametrize("module", [tools, meals, photos])
def test_the_course_s_own_set_is_read_once_however_it_is_named(module):
    assert module.load() is module.load(module.FOLDER) is module.load(folder=str(module.FOLDER))


@pytest.mark.parametrize("module", [tools, meals, photos])
@pytest.mark.parametrize("folder", [None, ["tools"], 7])
def test_what_is_no_folder_is_named(module, folder):
    with pytest.raises(CourseError, match=f"this is a {type(folder).__name__}"):
        module.load(folder)


def test_a_damaged_picture_is_named(copy):
    content = bytearray((copy / DAMAGED).read_bytes())
    content[100] ^= 1
    (copy / DAMAGED).write_bytes(content)
    with pytest.raises(CourseError, match=rf"{DAMAGED} is damaged.*course draw"):
        tools.load(copy)


def test_a_missing_picture_is_named(copy):
    (copy / DAMAGED).unlink()
    with pytest.raises(CourseError, match=rf"{DAMAGED} can't be read.*No such file"):
        tools.load(copy)


def test_how_to_get_back_what_came_with_the_course_is_said(monkeypatch, copy):
    monkeypatch.setattr("helpers.datasets.files.DATA", copy.parent)
    (copy / DAMAGED).unlink()
    with pytest.raises(CourseError, match=rf"{DAMAGED}.*git checkout.*pip install"):
        tools.load(copy)


@pytest.mark.parametrize(
    "manifest",
    ["", "{", "[]", "{}", '{"pictures": []}', '{"pictures": [1]}', '{"pictures": [{"file": "a"}]}'],
)
def test_a_manifest_that_is_none_is_named(manifest, copy):
    (copy / "manifest.json").write_text(manifest)
    with pytest.raises(CourseError, match=r"manifest\.json is damaged"):
        tools.load(copy)


def test_a_manifest_in_no_encoding_is_named(copy):
    (copy / "manifest.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CourseError, match=r"manifest\.json is damaged"):
        tools.load(copy)


def test_another_set_is_not_taken_for_the_tools():
    with pytest.raises(CourseError, match="belongs to another set"):
        tools.load(meals.FOLDER)


def test_a_folder_without_a_set_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"manifest\.json can't be read.*course draw"):
        tools.load(tmp_path)
