"""What a cell prints and shows, as it stands in a notebook."""

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

__all__ = ["Screen"]

# Characters of text that are kept of a cell: of more, nobody reads the middle.
_KEPT_TEXT = 200_000
_DEEPEST = 30
# A message costs more than its text.
_MESSAGE = 500


class _TooDeep(ValueError):
    """Lists in lists that would overtax whoever goes through them."""


class Screen:
    """Collects the outputs of a cell from messages that may be malformed.

    Parameters
    ----------
    outputs
        Where they go.

    Attributes
    ----------
    size : int
        Characters received so far.
    """

    def __init__(self, outputs: list[NotebookNode]) -> None:
        self._outputs = outputs
        self._shown: dict[str, NotebookNode] = {}
        self._clear_first = False
        self.size = 0

    def show(self, kind: str, content: dict[str, Any]) -> None:
        """Add what a message holds; one that breaks the rules of Jupyter is ignored.

        Parameters
        ----------
        kind, content
            The type of the message, and what it says.
        """
        self.size += _MESSAGE + len(str(content))
        if kind == "clear_output":
            self._clear_first = bool(content.get("wait"))
            if not self._clear_first:
                self._outputs.clear()
            return
        fields = {
            "stream": ("name", "text"),
            "error": ("ename", "evalue", "traceback"),
            "display_data": ("data", "metadata"),
            "update_display_data": ("data", "metadata"),
            "execute_result": ("data", "metadata", "execution_count"),
        }.get(kind)
        if fields is None:
            return
        shape = "display_data" if kind == "update_display_data" else kind
        try:
            given = {name: _printable(content.get(name)) for name in fields}
            output = new_output(shape, **given)
            nbformat.validate(output, ref="output", version=4)
        except (nbformat.ValidationError, _TooDeep):
            return
        transient = content.get("transient")
        identity = str(transient.get("display_id")) if isinstance(transient, dict) else None
        if kind == "update_display_data":
            if identity in self._shown:
                self._shown[identity].update(data=output.data, metadata=output.metadata)
            return
        if self._clear_first:
            self._outputs.clear()
            self._clear_first = False
        if kind == "stream" and self._extends_last(output):
            return
        self._outputs.append(output)
        if identity is not None:
            self._shown[identity] = output

    def _extends_last(self, output: NotebookNode) -> bool:
        last = self._outputs[-1] if self._outputs else None
        if last is None or last.output_type != "stream" or last.name != output.name:
            return False
        last.text += output.text
        if len(last.text) > 2 * _KEPT_TEXT:
            last.text = last.text[:_KEPT_TEXT] + "\n…\n" + last.text[-_KEPT_TEXT // 2 :]
        return True


def _printable(value: Any, depth: int = 0) -> Any:
    """Copy JSON data, with question marks for halves of characters, which no file can hold."""
    if depth > _DEEPEST:
        raise _TooDeep
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_printable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(item, depth + 1) for key, item in value.items()}
    return value
