"""Proof that a release holds no part of a solution, hidden test or mark scheme."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from traitlets.config import Config

__all__ = ["leaks"]


def leaks(
    source: dict[str, Any], release: dict[str, Any], files: dict[str, bytes], config: Config
) -> list[str]:
    """List what students should not see, found independently of how it was removed.

    A line of a solution may well stand in the open too (`return total`), so lines are counted: the
    release may not hold one more often than the open part of the source does.

    Parameters
    ----------
    source, release
        The notebook of the instructors and the one made from it.
    files
        All files of the release by name, where no marker may stand, not even in metadata.
    config
        The traitlets configuration, which may rename the markers.
    """
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

    solutions, tests, marks = (
        preprocessor(config=config)
        for preprocessor in (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
    )
    regions = {
        solutions.begin_solution_delimeter: solutions.end_solution_delimeter,
        tests.begin_test_delimeter: tests.end_test_delimeter,
        marks.begin_mark_scheme_delimeter: marks.end_mark_scheme_delimeter,
    }
    visible, secret = Counter[str](), Counter[str]()
    for cell in source["cells"]:
        lines = list(_classified(_lines(cell), regions))
        grading = cell["metadata"].get("nbgrader", {})
        whole = grading.get("solution") and not any(is_secret for _, is_secret in lines)
        for line, is_secret in lines:
            (secret if is_secret or whole else visible)[line] += 1
    released = Counter(line for cell in release["cells"] for line in _lines(cell))
    stubs = {*solutions.code_stub["python"].splitlines(), *solutions.text_stub.splitlines()}
    return [
        f"the line {line!r} of a solution or hidden test"
        for line in secret.keys() - stubs
        if released[line] > visible[line]
    ] + [
        f"{marker!r} in {name}"
        for name, content in files.items()
        for pair in regions.items()
        for marker in pair
        if marker.encode() in content
    ]


def _lines(cell: dict[str, Any]) -> list[str]:
    stripped = (line.strip() for line in "".join(cell["source"]).splitlines())
    return [line for line in stripped if line]


def _classified(lines: Iterable[str], regions: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Say of each line whether it is secret; the markers themselves are."""
    end = None
    for line in lines:
        begun = next((last for first, last in regions.items() if first in line), None)
        end = end or begun
        yield line, end is not None
        if end is not None and end in line:
            end = None
