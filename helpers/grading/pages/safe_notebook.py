"""Only what can be shown stays of a notebook: nbgrader's pages print the rest of it unescaped."""

import re
from collections.abc import Mapping
from typing import Any

from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4
from traitlets import Bool

from helpers.grading.pages.excess import fewer_blank_lines, is_too_colourful

__all__ = ["SafeNotebook"]

_PICTURES = frozenset({"image/png", "image/jpeg"})
_SHOWN = _PICTURES | {"image/svg+xml", "text/html", "text/latex", "text/markdown", "text/plain"}
_ATTACHED = _PICTURES | {"image/gif", "image/svg+xml", "image/webp"}
_SHORT = 2_000
_LEFT_OUT = "(This submission takes too long to be shown: outputs and formatting are left out.)"
# What nbgrader demands of them, though not of those in cells that a student adds.
_GRADE_ID = re.compile(r"[\w-]+", re.ASCII)


class SafeNotebook(Preprocessor):
    """Keep what the pages show, each thing of its own type, and drop everything else.

    What Jupyter's format of notebooks lays down, such as the letters in a cell's id, needs no care
    here: nbconvert refuses notebooks that break it.
    """

    brief = Bool(False, help="Leave outputs and Markdown out: to show them takes too long").tag(
        config=True
    )

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Change a notebook in place, before it becomes HTML."""
        # A title, a language and the state of widgets, all written into the page.
        nb.metadata = NotebookNode()
        for cell in nb.cells:
            _keep_what_is_shown(cell)
            if self.brief:
                _shorten(cell)
        return nb, resources


def _keep_what_is_shown(cell: NotebookNode) -> None:
    nbgrader = cell.metadata.get("nbgrader")
    cell.metadata = NotebookNode()
    if isinstance(nbgrader, dict) and _GRADE_ID.fullmatch(str(nbgrader.get("grade_id"))):
        cell.metadata.nbgrader = nbgrader
    if cell.cell_type == "code":
        cell.source = fewer_blank_lines(cell.source)
        cell.outputs = [_output(output) for output in cell.outputs]
    elif "attachments" in cell:
        cell.attachments = {
            name: _texts(bundle, _ATTACHED) for name, bundle in cell.attachments.items()
        }


def _shorten(cell: NotebookNode) -> None:
    """Leave out what may take long to show; of errors, which say why points are lost, keep some."""
    cell.source = cell.source[:_SHORT]
    if cell.cell_type == "code":
        errors = [output for output in cell.outputs if output.output_type == "error"]
        for error in errors:
            error.traceback = [strip_ansi(line[:_SHORT]) for line in error.traceback[-1:]]
        if len(errors) < len(cell.outputs):
            errors.append(v4.new_output("stream", text=_LEFT_OUT))
        cell.outputs = errors
    else:
        lines = [_LEFT_OUT, *cell.source.splitlines()]
        cell.source = "\n".join(f"    {line}" for line in lines)


def _output(output: NotebookNode) -> NotebookNode:
    kind = output.output_type
    if kind == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return v4.new_output("stream", name=name, text=_less_colourful(output.text))
    if kind == "error":
        traceback = list(map(_less_colourful, output.traceback))
        # By its name one knows a hidden test; no page shows it.
        return v4.new_output("error", ename=str(output.get("ename")), traceback=traceback)
    count = {"execution_count": None} if kind == "execute_result" else {}
    metadata = {
        mime: _picture_metadata(output.metadata, mime) for mime in _PICTURES & output.data.keys()
    }
    return v4.new_output(kind, _data(output.data), metadata=metadata, **count)


def _data(data: Mapping[str, Any]) -> dict[str, str]:
    """Choose what is shown of an output; something always is."""
    shown = _texts(data, _SHOWN)
    if "<script" in shown.get("text/html", "").lower() and "text/plain" in shown:
        # Without its script, as of a diagram of scikit-learn, there is little to see.
        del shown["text/html"]
    if "text/latex" in shown:
        shown.setdefault("text/markdown", shown.pop("text/latex"))
    if "text/plain" in shown:
        shown["text/plain"] = _less_colourful(shown["text/plain"])
    return shown or {"text/plain": f"(an output that is not shown: {', '.join(sorted(data))})"}


def _less_colourful(text: str) -> str:
    return strip_ansi(text) if is_too_colourful(text) else text


def _texts(bundle: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, str]:
    return {kind: text for kind, text in bundle.items() if kind in kinds and isinstance(text, str)}


def _picture_metadata(metadata: Mapping[str, Any], mime: str) -> dict[str, str | int]:
    """Keep the size and the description of a picture, which stand at either of two places."""
    nested = metadata.get(mime)
    given = {**metadata, **nested} if isinstance(nested, dict) else metadata
    size = {name: _whole(given.get(name)) for name in ("width", "height")}
    kept: dict[str, str | int] = {name: pixels for name, pixels in size.items() if pixels}
    if isinstance(given.get("alt"), str):
        kept["alt"] = given["alt"]
    return kept


def _whole(number: Any) -> int | None:
    return number if isinstance(number, int) else None
