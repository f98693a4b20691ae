"""One's own photos are read whatever they are, and what can't be read is named."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.datasets.folder import images_from_folder
from helpers.errors import CourseError

GREY = (120, 120, 120)


def save(path, size=(8, 6), colour=GREY, mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, colour)
    (image.quantize() if mode == "P" else image.convert(mode)).save(path)
    return path


def test_folders_are_classes(tmp_path):
    for name in ("dogs/a.png", "dogs/b.jpg", "cats/c.webp"):
        save(tmp_path / name)
    images, labels, names, files = images_from_folder(tmp_path)
    assert names == ("cats", "dogs")
    assert labels.tolist() == [0, 1, 1]
    assert labels.dtype == np.int64
    assert [file.name for file in files] == ["c.webp", "a.png", "b.jpg"]
    assert isinstance(images, np.ndarray)
    assert images.shape == (3, 6, 8, 3)


def test_pictures_without_folders_are_one_class_without_a_name(tmp_path):
    save(tmp_path / "a.png")
    pictures = images_from_folder(str(tmp_path))
    assert pictures.names == ("",)
    assert pictures.labels.tolist() == [0]


def test_pictures_of_different_sizes_stay_as_they_are(tmp_path):
    save(tmp_path / "1.png", (8, 6))
    save(tmp_path / "2.png", (5, 9))
    images = images_from_folder(tmp_path).images
    assert isinstance(images, tuple)
    assert [image.shape for image in images] == [(6, 8, 3), (9, 5, 3)]
    assert all(image.dtype == np.uint8 for image in images)


def test_photo_2_comes_before_photo_10(tmp_path):
    for name in ("photo 10.png", "photo 2.png", "Photo 1.png", "2.png", "a.png"):
        save(tmp_path / name)
    order = [file.stem for file in images_from_folder(tmp_path).files]
    assert order == ["2", "a", "Photo 1", "photo 2", "photo 10"]


def test_hidden_files_and_what_is_no_picture_are_skipped(tmp_path):
    for name in ("a.PNG", ".hidden.png", ".ipynb_checkpoints/b.png", "__MACOSX/c.png"):
        save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "no ending").write_text("nothing")
    assert [file.name for file in images_from_folder(tmp_path).files] == ["a.PNG"]


@pytest.mark.parametrize(
    ("mode", "name"),
    [("L", "a.png"), ("P", "a.gif"), ("1", "a.png"), ("RGBA", "a.png"), ("LA", "a.png"),
     ("CMYK", "a.jpg"), ("I;16", "a.tif"), ("RGB", "a.bmp")],
)  # fmt: skip
def test_all_kinds_of_pictures_become_rgb(mode, name, tmp_path):
    colour = np.full((6, 8), 120 * 257, np.uint16)
    if mode == "I;16":
        Image.fromarray(colour).save(tmp_path / name)
    else:
        save(tmp_path / name, mode=mode)
    (image,) = images_from_folder(tmp_path).images
    assert image.shape == (6, 8, 3)
    if mode != "1":
        np.testing.assert_allclose(image.astype(int), 120, atol=3)


def test_a_photo_taken_sideways_is_turned(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 6)).save(tmp_path / "a.jpg", exif=exif)
    assert images_from_folder(tmp_path).images.shape == (1, 8, 6, 3)


def test_large_pictures_are_shrunk_in_their_proportions(tmp_path):
    save(tmp_path / "1.png", (2000, 1000))
    save(tmp_path / "2.png", (1024, 512))
    pictures = images_from_folder(tmp_path)
    assert pictures.images.shape == (2, 512, 1024, 3)
    assert np.unique(pictures.images).tolist() == [120]
    assert Image.open(pictures.files[0]).size == (2000, 1000)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells its peak")
def test_as_much_memory_is_needed_as_the_pictures_have_bytes(tmp_path):
    for number in range(40):
        save(tmp_path / f"{number}.png", (1000, 1000))
    code = (
        "import re, sys, helpers.pictures; from helpers.datasets import images_from_folder\n"
        "status = lambda: open('/proc/self/status').read()\n"
        "peak = lambda: 1024 * int(re.search(r'VmHWM:\\s+(\\d+)', status())[1])\n"
        "before = peak(); size = images_from_folder(sys.argv[1]).images.nbytes\n"
        "print((peak() - before) / size)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.5


@pytest.mark.parametrize("sizes", [[(8, 6), (8, 6)], [(8, 6), (5, 9)], [(2000, 3), (3, 2000)]])
def test_nobody_can_spoil_the_pictures(sizes, tmp_path):
    for number, size in enumerate(sizes):
        save(tmp_path / f"{number}.png", size)
    pictures = images_from_folder(tmp_path)
    for array in (pictures.images[0], pictures.images[-1], pictures.labels):
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


def test_a_folder_that_changed_is_read_again(tmp_path):
    save(tmp_path / "a.png")
    before = images_from_folder(tmp_path)
    save(tmp_path / "b.png")
    assert len(images_from_folder(tmp_path).files) == len(before.files) + 1


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"no folder .*holidays"):
        images_from_folder(tmp_path / "holidays")


def test_a_file_is_no_folder(tmp_path):
    with pytest.raises(CourseError, match=r"no folder .*a\.png"):
        images_from_folder(save(tmp_path / "a.png"))


def test_an_empty_folder_is_named_with_what_belongs_into_it(tmp_path):
    with pytest.raises(CourseError, match=r"holds no pictures.*\.jpg"):
        images_from_folder(tmp_path)


def test_a_class_without_pictures_is_named(tmp_path):
    save(tmp_path / "cats" / "a.png")
    (tmp_path / "dogs").mkdir()
    with pytest.raises(CourseError, match=r"dogs holds no pictures"):
        images_from_folder(tmp_path)


def test_pictures_beside_classes_are_named(tmp_path):
    save(tmp_path / "cats" / "a.png")
    save(tmp_path / "stray.png")
    with pytest.raises(CourseError, match=r"both pictures \(stray\.png\) and folders \(cats\)"):
        images_from_folder(tmp_path)


def test_a_damaged_picture_is_named(tmp_path):
    whole = save(tmp_path / "a.png", (200, 200)).read_bytes()
    (tmp_path / "b.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CourseError, match=r"b\.png is not a picture that can be read"):
        images_from_folder(tmp_path)


def test_a_heic_photo_is_named_with_what_to_do(tmp_path):
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(CourseError, match=r"IMG_1\.HEIC .*export it as JPEG"):
        images_from_folder(tmp_path)
