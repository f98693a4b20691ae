"""The data files that come with the course, and how to get one back."""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from helpers import checksums
from helpers.errors import CourseError

__all__ = ["DATA", "REDRAW", "RESTORE", "read_verified", "remedy", "shipped_once"]

Load = TypeVar("Load", bound=Callable[..., Any])

DATA = Path(__file__).with_name("data")
"""What comes with the course."""

RESTORE = (
    "Get it back: in a clone of the course run `git checkout -- helpers/datasets/data`, "
    "otherwise install the course again with `pip install --force-reinstall`."
)

REDRAW = "Copy the folder once more, or draw it again with `course draw` and the same seed."


def read_verified(path: Path, sha256: str, elsewhere: str = REDRAW) -> bytes:
    """Read a data file that must be what it was; see :func:`helpers.checksums.read_verified`."""
    return checksums.read_verified(path, sha256, "data file", remedy(path, elsewhere))


def remedy(path: Path, elsewhere: str = REDRAW) -> str:
    """Say how to get a data file back: one that comes with the course, or one from elsewhere."""
    return RESTORE if DATA in path.parents else elsewhere


def shipped_once(load: Load) -> Load:
    """Let ``load(folder=FOLDER)`` read FOLDER once; any other folder may change meanwhile."""
    (shipped,) = load.__defaults__ or ()
    read_shipped = cache(load)

    @wraps(load)
    def loading(folder: str | Path = shipped) -> Any:
        if not isinstance(folder, (str, Path)):
            raise CourseError(
                f"A folder is named by a text or a Path, but this is a {type(folder).__name__}: "
                f"{folder!r:.80}."
            )
        return read_shipped() if Path(folder) == shipped else load(folder)

    return cast(Load, loading)
