"""Run one notebook with papermill, in a process of its own.

`python -m helpers.commands.check.worker SOURCE EXECUTED SECONDS` writes EXECUTED (a notebook) and,
beside it, an .html of it. It says on standard output what it does, one JSON object a line:
{"cell": 3} when the third cell starts and, at the end, {"values": {...}, "failure": null or text}.
A fourth argument, `isolated`, says that it runs in a new network namespace.
"""

import json
import logging
import math
import os
import re
import socket
import struct
import sys
from pathlib import Path
from typing import TextIO

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError, strip_color
from traitlets.config import Config

from helpers import results
from helpers.commands.folder import explain
from helpers.errors import CourseError
from helpers.points import read_number

__all__ = ["main"]


class _ReportingEngine(NBClientEngine):
    """Papermill's own engine, which also says which cell it starts."""

    events: TextIO
    cell = 0

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: object
    ) -> None:
        start = nb_man.cell_start

        def cell_start(cell: NotebookNode, cell_index: int, **kwargs: object) -> None:
            cls.cell = cell_index + 1
            print(json.dumps({"cell": cls.cell}), file=cls.events, flush=True)
            start(cell, cell_index, **kwargs)

        nb_man.cell_start = cell_start
        super().execute_managed_notebook(nb_man, kernel_name, **options)


_PAGE = Config(
    {
        # Of a progress bar only its last state, not a line for each.
        "CoalesceStreamsPreprocessor": {"enabled": True},
        "HTMLExporter": {
            "extra_template_basedirs": [str(Path(__file__).with_name("templates"))],
            "template_name": "executed",
            # Formulas become pictures: MathJax would have to be fetched.
            "filters": {"markdown2html": "helpers.grading.pages.safe_markdown.render_markdown"},
        },
    }
)


def main(source: Path, executed: Path, seconds: int) -> None:
    """Run a notebook in its own folder and report.

    Parameters
    ----------
    source, executed
        The notebook to run and the one to write, also if a cell fails.
    seconds
        How long one cell may take.
    """
    # What else writes to this process's standard output, like the kernel, must not be read as ours.
    events = _ReportingEngine.events = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    logging.disable()
    papermill_engines.register("course", _ReportingEngine)
    try:
        values, failure = _execute(source, executed, seconds)
        name = {"metadata": {"name": source.stem}}
        content = nbformat.read(executed, as_version=4)
        html, _ = HTMLExporter(config=_PAGE).from_notebook_node(content, name)
        executed.with_suffix(".html").write_text(html, encoding="utf-8")
    except OSError as error:
        error.filename = error.filename or executed
        values, failure = {}, f"could not be run: in {executed.parent}, {explain(error)}"
    print(json.dumps({"values": values, "failure": failure}), file=events, flush=True)


def _execute(source: Path, executed: Path, seconds: int) -> tuple[dict[str, float], str | None]:
    """Run the notebook and return its results, or none and why it failed."""
    try:
        papermill.execute_notebook(
            source,
            executed,
            engine_name="course",
            progress_bar=False,
            cwd=source.parent,
            start_timeout=120,
            execution_timeout=seconds,
        )
        return results.read(executed), _unclear_points(executed)
    except PapermillExecutionError as error:
        return {}, _describe(source, error)
    except CellTimeoutError:
        return {}, f"{_place(source, _ReportingEngine.cell)} took longer than {seconds} s"
    except DeadKernelError:
        return {}, f"{_place(source, _ReportingEngine.cell)} killed the kernel (out of memory?)"
    except CourseError as error:
        return {}, str(error).replace(f"{executed.parent}{os.sep}", "")


def _unclear_points(executed: Path) -> str | None:
    """Find a test whose last line has a value that is no number: nbgrader takes it for points."""
    for position, cell in enumerate(nbformat.read(executed, as_version=4).cells, start=1):
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and not mark.get("solution"):
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("text/plain", "")
                number = read_number(text)
                points = number is not None and math.isfinite(number)
                if output.output_type == "execute_result" and not points:
                    return (
                        f"cell {position} ({cell.id}) is a test that ends in the value "
                        f"{text[:40]}, but only one finite number can be points"
                    )
    return None


def _place(source: Path, position: int) -> str:
    cell = nbformat.read(source, as_version=4).cells[position - 1]
    return f"cell {position} ({cell.id})"


def _describe(source: Path, error: PapermillExecutionError) -> str:
    """Name the cell, the line in it and the error."""
    place = _place(source, error.cell_index + 1)
    trace = strip_color("\n".join(error.traceback))
    found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    if found:
        line = int(found[1])
        place += f", line {line}: {error.source.splitlines()[line - 1].strip()}"
    message = next(iter(error.evalue.strip().splitlines()), "")
    return f"{place}: {error.ename}: {message}"


def _switch_loopback_on() -> None:
    """Give a new network namespace the one interface through which a kernel is reached."""
    import fcntl

    set_flags, up_and_running = 0x8914, 0x41  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh", b"lo", up_and_running))


if __name__ == "__main__":
    if sys.argv[4:] == ["isolated"]:
        _switch_loopback_on()
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
