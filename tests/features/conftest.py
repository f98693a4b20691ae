"""Pictures to take features from, and a cache for each test alone."""

import numpy as np
import pytest
from PIL import Image

from helpers import feature_cache as cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def pictures():
    """Return 5 blurred noises of different sizes."""
    rng = np.random.default_rng(0)
    sizes = [(256, 256), (300, 240), (240, 400), (227, 227), (500, 260)]
    noises = (rng.integers(0, 256, (6, 6, 3), dtype=np.uint8) for _ in sizes)
    return [
        np.asarray(Image.fromarray(noise).resize(size))
        for noise, size in zip(noises, sizes, strict=True)
    ]


@pytest.fixture
def paths(pictures, tmp_path):
    files = [tmp_path / f"{number}.png" for number in range(len(pictures))]
    for file, picture in zip(files, pictures, strict=True):
        Image.fromarray(picture).save(file)
    return files
