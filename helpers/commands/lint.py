"""What a source notebook has to be, so that its release is the same on every machine."""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.errors import CourseError

__all__ = ["KERNELSPEC", "grading", "place", "problems", "read_notebook"]

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# Of the grading metadata of nbgrader 0.9.
_SCHEMA_VERSION = 3


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook just as it is: nbformat would add what is missing.

    Raises
    ------
    CourseError
        If the file is missing, damaged, or no Python notebook in format 4.5.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"there is no {path.name} in {path.parent}; "
            "a notebook has the name of its folder: put it there or delete the folder"
        ) from None
    except ValueError as error:
        raise CourseError(
            f"{path} is damaged ({error}); restore it, e.g. with `git checkout`"
        ) from error
    if not _has_notebook_form(content):
        raise CourseError(f"{path} is JSON but not a notebook with cells; put the notebook there")
    version = content.get("nbformat"), content.get("nbformat_minor")
    if version != (4, 5):
        raise CourseError(
            f"{path} is in notebook format {version[0]}.{version[1]}, not 4.5; "
            "open it in JupyterLab of this course and save it"
        )
    language = content["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise CourseError(f"{path} is a notebook for {language}; this course needs Python")
    return content


def grading(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell's grading metadata; empty if it has none."""
    found = cell["metadata"].get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def place(position: int, cell: dict[str, Any]) -> str:
    """Say which cell it is, by its position from 1 and its id."""
    return f"cell {position} ({cell.get('id', 'without id')})"


def problems(path: Path) -> list[str]:
    """List everything in a source notebook that has to be mended, each in one line."""
    try:
        notebook = read_notebook(path)
    except CourseError as error:
        return [str(error)]
    found = [*_file_problems(path), *_metadata_problems(notebook["metadata"])]
    found += [
        f"{place(position, cell)}: {problem}"
        for position, cell in enumerate(notebook["cells"], start=1)
        for problem in _cell_problems(cell)
    ]
    found += _repeated("cell id", [cell.get("id") for cell in notebook["cells"]])
    found += _repeated("grade_id", [grading(cell).get("grade_id") for cell in notebook["cells"]])
    found = found or [*_schema_problems(notebook)]
    found = found or [*_unmatched_marks(notebook)]
    found = found or [*_unsure_names(path)] or [*_unclear_points(notebook)]
    return [f"{path}: {problem}" for problem in found]


def _file_problems(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    if b"\r" in content:
        yield "has Windows line ends; save it with LF"
    if not content.endswith(b"\n"):
        yield "has no line end after its last line; add one"


def _metadata_problems(metadata: dict[str, Any]) -> Iterator[str]:
    if metadata.get("kernelspec") != KERNELSPEC:
        yield f"metadata.kernelspec is {metadata.get('kernelspec')}; make it {KERNELSPEC}"
    if "language_info" in metadata:
        yield "metadata.language_info differs between machines; delete it"


def _cell_problems(cell: dict[str, Any]) -> Iterator[str]:
    if "id" not in cell:
        yield "has no id, so each build would draw another; give it one"
    if "execution" in cell.get("metadata", {}):
        yield "metadata.execution holds times of a run; delete it"
    if cell.get("outputs"):
        yield "has outputs; clear them"
    if cell.get("execution_count") is not None:
        yield "has an execution_count; make it null"
    mark = grading(cell)
    if mark and mark.get("schema_version") != _SCHEMA_VERSION:
        yield "has grading metadata of another nbgrader; run `nbgrader update source`"
    if mark.get("grade") and not _is_points(mark.get("points")):
        yield f"is graded, but its points are {mark.get('points')!r}; give a number from 0"
    if (mark.get("grade") or mark.get("solution")) and not mark.get("grade_id"):
        yield "is an exercise or a test without a grade_id; give it one"


def _schema_problems(notebook: dict[str, Any]) -> Iterator[str]:
    import nbformat

    # Not validate(), which stops at the first and may mend the notebook.
    for error in nbformat.validator.iter_validate(notebook):
        yield f"{'.'.join(map(str, error.path)) or 'notebook'}: {error.message.splitlines()[0]}"


def _unsure_names(path: Path) -> Iterator[str]:
    """Find names that a test takes from a cell that students need not keep."""
    import nbformat

    from helpers.grading.judging.plan import Plan
    from helpers.grading.review import NeedsReview

    try:
        unsure = Plan.of(nbformat.read(path, as_version=4)).unsure
    except NeedsReview as error:
        yield str(error)
        return
    for test, names in unsure.items():
        yield (
            f"the cell {test} uses {', '.join(names)}, which no cell before defines that students "
            "must keep (magics and `import *` do not count); lock the cell that does (`locked` in "
            "its grading metadata), or tag it `parameters`"
        )


def _unmatched_marks(notebook: dict[str, Any]) -> Iterator[str]:
    """Find measurements in tests that have no beginning or no end."""
    from helpers.grading.judging.measurements import unmatched_marks

    for cell in notebook["cells"]:
        if grading(cell).get("grade") and unmatched_marks("".join(cell["source"])):
            yield (
                f"the test {grading(cell)['grade_id']} has `### BEGIN MEASUREMENT` without "
                "`### END MEASUREMENT`, or the other way round; write both, in this order"
            )


def _unclear_points(notebook: dict[str, Any]) -> Iterator[str]:
    """Find tests whose last line may have another value than points, or none."""
    from IPython.core.inputtransformer2 import TransformerManager

    from helpers.grading.judging.measurements import without_measurements

    for cell in notebook["cells"]:
        mark = grading(cell)
        if cell["cell_type"] == "code" and mark.get("grade") and not mark.get("solution"):
            # Plan.of has found it to be Python; IPython's own lines have no value here.
            judged = without_measurements("".join(cell["source"]))
            body = ast.parse(TransformerManager().transform_cell(judged)).body
            last = body[-1] if body else None
            if isinstance(last, ast.Expr) and not _may_be_points(last.value):
                yield (
                    f"the test {mark['grade_id']} ends in `{ast.unparse(last)[:60]}`, whose "
                    "value nbgrader takes for points, although it may not be one number; write "
                    "`float(…)` around points, and end other tests with a line that has no value"
                )


def _may_be_points(value: ast.expr) -> bool:
    """Tell what is a number, or a call that may return one or nothing."""
    match value:
        case ast.Constant(value=bool() | str() | bytes()):
            return False
        case ast.Constant() | ast.Call():
            return True
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _may_be_points(operand)
        case ast.BinOp():
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _may_be_points(body) and _may_be_points(orelse)
    return False


def _repeated(what: str, values: list[Any]) -> list[str]:
    return [
        f"the {what} {value} stands in {count} cells; each needs its own"
        for value, count in Counter(str(value) for value in values if value is not None).items()
        if count > 1
    ]


def _has_notebook_form(content: object) -> bool:
    return (
        isinstance(content, dict)
        and isinstance(content.get("cells"), list)
        and isinstance(content.get("metadata"), dict)
        and isinstance(content["metadata"].get("kernelspec", {}), dict)
        and all(
            isinstance(cell, dict) and isinstance(cell.get("metadata"), dict)
            for cell in content["cells"]
        )
    )


def _is_points(points: object) -> bool:
    return isinstance(points, int | float) and not isinstance(points, bool) and points >= 0
