"""The outputs that a student's notebook came with, as far as they are sound."""

from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

__all__ = ["sound_outputs"]

# Characters of the outputs of a cell.
_MOST = 3_000_000


def sound_outputs(value: Any) -> list[NotebookNode]:
    """Make valid outputs of what a notebook has in the place of a cell's outputs.

    Parameters
    ----------
    value
        Any JSON.

    Returns
    -------
    list of NotebookNode
        With texts and pictures alone; empty if they are too long.
    """
    found = list(_outputs(value))
    return found if sum(len(str(output)) for output in found) <= _MOST else []


def _outputs(value: Any) -> Iterator[NotebookNode]:
    for output in value if isinstance(value, list) else []:
        match output:
            case {"output_type": "stream", "text": text}:
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                yield new_output("stream", name=name, text=_text(text))
            case {"output_type": "error"}:
                lines = output.get("traceback")
                traceback = list(map(_text, lines)) if isinstance(lines, list) else []
                yield new_output(
                    "error",
                    ename=_text(output.get("ename")),
                    evalue=_text(output.get("evalue")),
                    traceback=traceback,
                )
            case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
                texts = {_text(mime): _text(part) for mime, part in data.items()}
                texts = {mime: text for mime, text in texts.items() if text and "json" not in mime}
                metadata = _descriptions(output.get("metadata"))
                more = {"execution_count": None} if kind == "execute_result" else {}
                yield new_output(kind, data=texts, metadata=metadata, **more)


def _descriptions(metadata: Any) -> dict[str, Any]:
    """Keep what is said about pictures."""
    if not isinstance(metadata, Mapping):
        return {}
    return {
        _text(mime): {"alt": _text(about["alt"])}
        for mime, about in metadata.items()
        if isinstance(about, Mapping) and isinstance(about.get("alt"), str)
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    # Unpaired surrogates can't be written to a file.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
