"""What tests of several checks share: a network that is made at once, and pictures for it."""

import numpy as np
import pytest

from helpers import checks


@pytest.fixture(scope="module")
def network():
    return checks.stand_in(short_side=48)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in ((50, 70), (90, 60))]
