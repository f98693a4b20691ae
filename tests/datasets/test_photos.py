"""The photos are the nine that are listed, with the classes that count as right."""

import re
import shutil

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import photos
from helpers.errors import CourseError
from helpers.networks.labels import class_names

README = (photos.FOLDER.parents[1] / "README.md").read_text()


def test_there_are_nine_pictures_of_one_size_with_their_titles():
    images, titles, accepted, files = photos.load()
    assert images.shape == (9, 256, 256, 3)
    assert images.dtype == np.uint8
    assert len(titles) == len(accepted) == len(files) == 9
    assert [file.name for file in files] == [f"{title}.png" for title in titles]


def test_titles_belong_to_their_pictures():
    images, titles, *_ = photos.load()
    reds = {title: image[..., 0].mean() for title, image in zip(titles, images, strict=True)}
    for title, red in reds.items():
        picture = Image.open(photos.FOLDER / f"{title}.png").convert("RGB")
        assert np.asarray(picture)[..., 0].mean() == red


def test_the_right_classes_are_those_of_imagenet():
    names = {
        330: "wood_rabbit", 331: "hare", 332: "Angora", 362: "badger", 401: "accordion",
        652: "military_uniform", 835: "sundial", 881: "upright", 953: "pineapple",
    }  # fmt: skip
    classes = set().union(*photos.load().accepted)
    assert classes == names.keys()
    assert {index: class_names()[index][1] for index in names} == names


def test_no_class_fits_the_can():
    found = dict(zip(photos.load().titles, photos.load().accepted, strict=True))
    assert [title for title, classes in found.items() if not classes] == ["can"]


def test_nobody_can_spoil_the_pictures():
    assert photos.load() is photos.load()
    with pytest.raises(ValueError, match="WRITEABLE"):
        photos.load().images.flags.writeable = True


def test_the_readme_lists_every_picture_with_its_checksum():
    listed = re.findall(r"^\| `data/photos/(.+?)` .*`([0-9a-f]{64})` \|$", README, re.M)
    assert dict(listed) == photos.SHA256
    assert {path.name for path in photos.FOLDER.iterdir()} == photos.SHA256.keys()


def test_a_damaged_picture_is_named(tmp_path):
    copy = shutil.copytree(photos.FOLDER, tmp_path / "photos")
    (copy / "can.png").write_bytes(b"no picture")
    with pytest.raises(CourseError, match=r"can\.png is damaged or was changed: its 10 bytes"):
        photos.load(copy)


def test_who_wants_to_read_own_photos_is_told_how(tmp_path):
    with pytest.raises(CourseError, match=r"badger\.png can't be read.*`images_from_folder`"):
        photos.load(tmp_path)


def test_every_licence_the_readme_names_is_there():
    folder = photos.FOLDER.parent / "licences"
    named = set(re.findall(r"\]\(data/licences/(.+?)\)", README))
    assert named == {path.name for path in folder.iterdir()}
    assert all((folder / name).stat().st_size > 500 for name in named)
