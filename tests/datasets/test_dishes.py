"""Photos of dishes take the place of the drawn plates, if they are here."""

import hashlib
import io
import json
import shutil
from collections import defaultdict

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import dishes, downloads, meals, photos
from helpers.errors import CourseError


def picture(number, size=(40, 30)):
    """Make a small photo; its first pixel tells its number."""
    file = io.BytesIO()
    Image.new("RGB", size, (number, 10, 20)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Put four made photos into a folder, with a list of them in place of the course's own."""
    halves = [("healthy", "A"), ("healthy", "B"), ("unhealthy", "A"), ("unhealthy", "B")]
    for number, (name, _) in enumerate(halves):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / f"{number}.jpg").write_bytes(picture(number))
    monkeypatch.setattr(downloads, "DATA", tmp_path)
    write_list(tmp_path, halves)
    return tmp_path


def write_list(folder, halves):
    """List the photos that are in a folder now."""
    records = []
    for number, (name, half) in enumerate(halves):
        content = (folder / name / f"{number}.jpg").read_bytes()
        record = {"file": f"{name}/{number}.jpg", "address": f"somewhere/{number}"}
        record |= {"class": name, "dish": f"dish {number}", "half": half}
        record |= {"borderline": number == 3, "bytes": len(content)}
        records.append({**record, "sha256": hashlib.sha256(content).hexdigest()})
    (folder / "dishes.json").write_text(json.dumps({"pictures": records}))


def test_they_come_as_the_drawn_plates_do(few):
    loaded = dishes.load(few)
    drawn = meals.load()
    assert loaded.images.shape == (4, *drawn.images.shape[1:])
    for name in ("images", "labels", "borderline", "halves"):
        assert getattr(loaded, name).dtype == getattr(drawn, name).dtype
        assert not getattr(loaded, name).flags.writeable
    assert loaded.names == drawn.names
    assert loaded.images[:, 100, 100].tolist() == [[number, 10, 20] for number in range(4)]
    assert loaded.labels.tolist() == [0, 0, 1, 1]
    assert loaded.borderline.tolist() == [False, False, False, True]
    assert loaded.groups == tuple(frozenset([f"dish {number}"]) for number in range(4))
    sides = meals.disjoint_split(loaded, train_half=0)
    assert (sides.train.tolist(), sides.test.tolist()) == ([0, 2], [1, 3])


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_text("x")])
def test_a_photo_that_is_not_what_it_was_is_named_with_the_command(damage, few):
    damage(few / "healthy" / "1.jpg")
    with pytest.raises(CourseError, match=r"1\.jpg .*Run `course photos dishes`"):
        dishes.load(few)


@pytest.mark.parametrize(
    ("load", "name"), [(dishes.load, "dishes"), (photos.load_real, "nine")], ids=["dishes", "nine"]
)
def test_without_the_download_the_command_is_named(load, name, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path))
    with pytest.raises(CourseError, match=rf"aren't in .*{name}\. Run `course photos {name}`"):
        load()


@pytest.fixture
def switch():
    """Turn the switch, and turn it back after the test."""
    yield dishes.use_photos
    dishes.use_photos(False)


def test_the_plates_are_drawn_unless_photos_are_chosen(few, switch, monkeypatch):
    monkeypatch.setenv("CNN_COURSE_CACHE", str(few / "cache"))
    shutil.copytree(few, few / "cache" / "photos" / "dishes", ignore=lambda *_: ["cache"])
    assert dishes.chosen() is meals.load()
    switch(True)
    assert len(dishes.chosen().images) == 4
    switch(False)
    assert dishes.chosen() is meals.load()


def test_without_the_download_the_drawn_plates_go_on(switch, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path))
    switch(True)
    assert dishes.chosen() is meals.load()
    said = capsys.readouterr().out
    assert "Run `course photos dishes`" in said
    assert said.endswith("Until then, the plates are drawn.\n")


def test_the_list_has_fifty_of_each_class_and_half_and_no_dish_in_both_halves():
    halves, classes, counts = defaultdict(set), defaultdict(set), defaultdict(int)
    for photo in downloads.listed("dishes"):
        about = photo.about
        halves[about["dish"]].add(about["half"])
        classes[about["dish"]].add(about["class"])
        counts[about["class"], about["half"]] += 1
        counts[about["dish"]] += 1
    assert all(len(found) == 1 for found in [*halves.values(), *classes.values()])
    for name in meals.NAMES:
        assert [counts[name, half] for half in meals.HALVES] == [50, 50]
    assert min(counts[dish] for dish in halves) >= 2


def test_real_photos_are_named_by_the_classes_that_are_right_for_them():
    titles = [photo.file.partition(".")[0] for photo in downloads.listed("nine")]
    assert titles == list(photos.REAL)


def test_a_photo_that_is_no_square_is_cut_to_its_middle(few):
    wide = np.zeros((30, 60, 3), np.uint8)
    wide[:, 15:45] = 200
    Image.fromarray(wide).save(few / "healthy" / "0.jpg", "PNG")
    write_list(few, [("healthy", "A")])
    [image] = dishes.load(few).images
    # Near the edges the filter sees what was cut off.
    assert (image[:, 30:-30] == 200).all()
