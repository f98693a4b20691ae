"""The kernel's side of a test: answer what the judge asks about the student's notebook.

It runs in the student's process and can be changed there. That wins nothing: a function is judged
by what it answers, whoever computes that.
"""

import io
import pickle
import socket
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.grading.judging import messages, models, plain

__all__ = ["answer"]

_MISSING = object()


@dataclass
class _Copy:
    """One of the judge's models here, and how the judge described it when both were equal."""

    model: Any
    description: bytes | None


# By the judge's numbers: a model that a function has compiled is compiled for the next one, too.
_copies: dict[int, _Copy] = {}


def answer(channel: int, names: dict[str, Any]) -> None:
    """Answer until the judge has no more questions.

    Parameters
    ----------
    channel
        File descriptor of the connection with the judge; not closed.
    names
        The notebook's variables.
    """
    objects: list[Any] = []
    with socket.socket(fileno=socket.dup(channel)) as link:
        while True:
            try:
                text, _ = messages.receive(link)
            except messages.Closed:
                return
            try:
                question = _Reader(io.BytesIO(text), objects).load()
                if question["do"] == "end":
                    return
                reply, buffers = _reply(question, names, objects)
            except plain.NotPlain as error:
                # Not as an error of the student's: it is a ValueError, which a test may expect.
                reply, buffers = plain.pack(("unusable", str(error), None), repr)
            except BaseException as error:
                reply, buffers = plain.pack(_failure(error), repr)
            messages.send(link, reply, buffers)


def _reply(
    question: dict[str, Any], names: dict[str, Any], objects: list[Any]
) -> tuple[bytes, list[bytes]]:
    changes: list[Any] = []
    if question["do"] == "get":
        known = question["name"] in names
        value = names[question["name"]] if known else None
        result = ("value" if known else "missing", value, changes)
    elif question["do"] == "attribute":
        value = getattr(question["of"], question["name"], _MISSING)
        known = value is not _MISSING
        result = ("value" if known else "missing", value if known else None, changes)
    else:
        arguments, named = question["arguments"], question["named"]
        before = [(path, item, _contents(item)) for path, item in _walk(arguments, named)]
        value = question["of"](*arguments, **named)
        for path, item, contents in before:
            now = _contents(item)
            if not _same(contents, now):
                changes.append((path, now))
                _forget(item)
        result = ("value", value, changes)

    def refer(value: Any) -> list[Any]:
        objects.append(value)
        return [len(objects) - 1, type(value).__name__, callable(value)]

    return plain.pack(result, refer)


def _failure(error: BaseException) -> tuple[str, str, str]:
    """Describe an error, and show its place in the student's code below the test.

    Its kind is that of Python's own which it is one of: a `LinAlgError` is a `ValueError`.
    """
    lines = traceback.format_exception(error)
    # The first lines show our own call.
    print("".join(line for line in lines if __file__ not in line)[-4000:])
    try:
        message = str(error)
    except Exception:
        message = ""
    name = type(error).__name__
    kind = next(kind for kind in type(error).__mro__ if kind.__module__ == "builtins").__name__
    if kind in ("Exception", "BaseException"):
        kind = name
    elif kind != name:
        message = f"{name}: {message}" if message else name
    return ("error", kind, message[:500])


def _walk(arguments: tuple[Any, ...], named: dict[str, Any]) -> Iterator[tuple[list[Any], Any]]:
    """Go through the arguments that a function might change, one level into lists of them."""
    for place, value in [*enumerate(arguments), *named.items()]:
        yield [place], value
        if isinstance(value, list | tuple):
            for inner, item in enumerate(value):
                if isinstance(item, np.ndarray):
                    yield [place, inner], item


def _contents(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    return models.weights_of(value)


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, np.ndarray):
        return np.array_equal(before, now, equal_nan=before.dtype.kind in "fc")
    if before is None:
        return True
    return len(before) == len(now) and all(map(_same, before, now))


def _forget(changed: Any) -> None:
    """Let a model be made equal to the judge's again before the next call."""
    model = getattr(changed, "model", changed)
    for copy in _copies.values():
        if copy.model is model:
            copy.description = None


def _copy_of(number: int, description: bytes) -> Any:
    copy = _copies.get(number)
    if copy is None:
        copy = _copies[number] = _Copy(models.rebuild("model", description), description)
    elif copy.description != description:
        copy.model = models.renew(copy.model, description)
        copy.description = description
    return copy.model


class _Reader(pickle.Unpickler):
    """Reads the judge's questions, which are to be trusted."""

    def __init__(self, file: io.BytesIO, objects: list[Any]) -> None:
        super().__init__(file)
        self._objects = objects

    def persistent_load(self, pid: tuple[Any, ...]) -> Any:
        kind, what = pid
        if kind == "handle":
            return self._objects[what]
        if kind != "model":
            return models.rebuild(kind, what)
        return _copy_of(*what)
