"""Pictures of every kind become RGB, and what is none is named."""

import numpy as np
import pytest
from PIL import Image

from helpers import pictures
from helpers.errors import CourseError

SIZE = (12, 8)  # width, height
COLOUR = (200, 40, 90)


def plain(mode="RGB"):
    return Image.new("RGB", SIZE, COLOUR).convert(mode)


def saved(picture, folder, suffix=".png", **options):
    path = folder / f"picture{suffix}"
    picture.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("mode", "suffix"), [("RGB", ".png"), ("RGBA", ".png"), ("P", ".gif"), ("CMYK", ".tiff")]
)
def test_every_mode_keeps_its_colour(mode, suffix, tmp_path):
    rgb = pictures.read(saved(plain(mode), tmp_path, suffix))
    assert rgb.shape == (8, 12, 3)
    assert rgb.dtype == np.uint8
    # A palette of the web's colours is coarse.
    np.testing.assert_allclose(rgb[0, 0], COLOUR, atol=30 if mode == "P" else 2)


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_becomes_three_equal_channels(mode, tmp_path):
    white = Image.new(mode, SIZE, 255 if mode == "L" else 1)
    assert (pictures.read(saved(white, tmp_path)) == 255).all()


def test_sixteen_bits_keep_their_brightness(tmp_path):
    middle = Image.fromarray(np.full((8, 12), 128 * 257, np.uint16))
    assert (pictures.read(saved(middle, tmp_path)) == 128).all()


@pytest.mark.parametrize(("mode", "dtype"), [("I", np.int32), ("F", np.float32)])
def test_wide_numbers_are_taken_as_they_are(mode, dtype):
    image = Image.fromarray(np.full((8, 12), 200, dtype))
    assert image.mode == mode
    assert (pictures.to_rgb(image) == 200).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode, tmp_path):
    clear = Image.new("RGBA", SIZE, (*COLOUR, 0)).convert(mode)
    options = {"transparency": 0} if mode == "P" else {}
    if mode == "P":
        clear = Image.new("P", SIZE, 0)
        clear.putpalette(COLOUR)
    assert (pictures.read(saved(clear, tmp_path, **options)) == 255).all()


def test_a_photo_held_upright_stands_upright(tmp_path):
    picture = plain()
    picture.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    rgb = pictures.read(saved(picture, tmp_path, exif=exif))
    assert rgb.shape == (12, 8, 3)
    assert not rgb[0, -1].any()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"nowhere\.png can't be read"):
        pictures.read(tmp_path / "nowhere.png")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(CourseError, match="can't be read"):
        pictures.read(tmp_path)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("damage", [lambda packed: packed[:400], lambda packed: b"not a picture"])
def test_a_damaged_file_is_named(damage, suffix, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    path = saved(Image.fromarray(noise), tmp_path, suffix)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CourseError, match=rf"picture\{suffix} is not a picture"):
        pictures.read(path)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4)])
def test_arrays_of_every_number_of_channels_are_pictures(shape):
    rgb = pictures.to_rgb(np.full(shape, 255, np.uint8))
    assert rgb.shape == (4, 5, 3)
    assert (rgb == 255).all()


def test_an_image_whose_file_is_closed_is_refused_in_words(tmp_path):
    with Image.open(saved(plain(), tmp_path)) as image:
        pass
    with pytest.raises(CourseError, match="Give its path instead"):
        pictures.to_rgb(image)


def test_an_image_without_pixels_is_refused():
    with pytest.raises(CourseError, match="needs pixels"):
        pictures.to_rgb(Image.new("RGB", (0, 5)))


def test_floats_from_0_to_255_are_rounded():
    assert pictures.to_rgb(np.full((2, 2, 3), 99.6))[0, 0, 0] == 100


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.full((4, 4, 3), 256.0), "0 to 255"),
        (np.full((4, 4, 3), -1.0), "0 to 255"),
        (np.full((4, 4, 3), np.nan), "0 to 255"),
        (np.full((4, 4, 3), 0.9), "from 0 to 1"),
        (np.ones((4, 4, 3), bool), "from 0 to 1"),
        (np.zeros((4, 4, 2)), r"\(4, 4, 2\)"),
        (np.zeros((0, 4, 3)), "needs pixels"),
        (np.zeros(4), r"\(4,\)"),
        (None, "NoneType"),
        ({}, "dict"),
        ([[1], [2, 3]], "list"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(value, message):
    with pytest.raises(CourseError, match=message):
        pictures.to_rgb(value)
