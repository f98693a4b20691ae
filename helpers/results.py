"""Numbers that a notebook reports: written by its cells, read back after it has run.

A result travels in the notebook itself, as a display of its own media type, so that whoever runs
the notebook can compare it with a threshold.
"""

import json
import math
from collections.abc import Mapping
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any

from IPython.display import display

from helpers.errors import CourseError

__all__ = ["MEDIA_TYPE", "read", "record"]

MEDIA_TYPE = "application/vnd.course.metric+json"


def record(name: str, value: float) -> None:
    """Display a result and keep it in the notebook.

    Parameters
    ----------
    name : str
        Not empty, and used once in the notebook.
    value : float
        Any finite number, also of NumPy.

    Raises
    ------
    CourseError
        If `value` is no finite number or `name` is no name.
    """
    metric = {"name": _name(name), "value": _finite(value, f"the result {name!r}")}
    display({MEDIA_TYPE: metric, "text/plain": f"{name}: {metric['value']:g}"}, raw=True)


def read(notebook: str | PathLike[str] | Mapping[str, Any]) -> dict[str, float]:
    """Collect the results of an executed notebook.

    Parameters
    ----------
    notebook : path or notebook
        A file in notebook format 4, or its content as nbformat or json read it.

    Returns
    -------
    dict of str to float
        Every result by its name, in the order of the cells; empty if there is none.

    Raises
    ------
    CourseError
        If the file cannot be read, a name is recorded twice or a value is no finite number.
    """
    if isinstance(notebook, Mapping):
        content, source = notebook, "the notebook"
    else:
        content, source = _load(Path(notebook)), str(notebook)
    results: dict[str, float] = {}
    for cell in content["cells"]:
        for output in cell.get("outputs", []):
            metric = output.get("data", {}).get(MEDIA_TYPE)
            if metric is None:
                continue
            if not isinstance(metric, Mapping) or not {"name", "value"} <= metric.keys():
                raise CourseError(
                    f"A result in {source} is {metric!r}, without a name and a value: "
                    "write results with helpers.results.record."
                )
            name = _name(metric["name"])
            if name in results:
                raise CourseError(
                    f"{source} records the result {name!r} twice: give each its own name."
                )
            results[name] = _finite(metric["value"], f"the result {name!r} in {source}")
    return results


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"Cannot read the notebook {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CourseError(f"{path} is damaged, it is not JSON: {error}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise CourseError(f"{path} is not a notebook in format 4: it has no list of cells.")
    return content


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise CourseError(
            f"The name of a result is {name!r}, but must be a text that is not empty."
        )
    return name


def _finite(value: object, what: str) -> float:
    # A bool is a number to Python, but nobody means it as a measurement.
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise CourseError(
            f"{what[0].upper()}{what[1:]} is {value!r} ({type(value).__name__}), but must be a "
            "finite number: look at how it is calculated, and use float(...) on an array of one."
        )
    return float(value)
