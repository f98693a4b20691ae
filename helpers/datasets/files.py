"""The data files that come with the course, and how to get one back."""

from pathlib import Path

from helpers import checksums

__all__ = ["DATA", "RESTORE", "read_verified", "remedy"]

DATA = Path(__file__).with_name("data")
"""What comes with the course."""

RESTORE = (
    "Get it back: in a clone of the course run `git checkout -- helpers/datasets/data`, "
    "otherwise install the course again with `pip install --force-reinstall`."
)


def read_verified(path: Path, sha256: str) -> bytes:
    """Read a data file that must be what it was; see :func:`helpers.checksums.read_verified`."""
    return checksums.read_verified(path, sha256, "data file", remedy(path))


def remedy(path: Path) -> str:
    """Say how to get a data file back."""
    if DATA in path.parents:
        return RESTORE
    return "Copy the folder once more, or draw it again with `course draw` and the same seed."
