"""The judge's side of a test: what belongs to the student, used without being here."""

import builtins
import io
import pickle
import socket
from contextlib import suppress
from typing import Any

import numpy as np

from helpers.checks import CheckFailed
from helpers.checks.sharing import is_shared
from helpers.grading.judging import messages, models
from helpers.grading.judging.plain import NotPlain
from helpers.grading.judging.unpacking import unpack

__all__ = ["Handle", "Raised", "Student", "StudentError"]


class StudentError(AssertionError):
    """Why the student's code gave no answer."""


class Raised(StudentError):
    """What the student's code raised."""

    def __str__(self) -> str:
        """Return the message as it is: some kinds of error make another one of it."""
        return str(self.args[0])


# Types that messages name. Others might be named after what a hidden test called a function with.
_TYPES = {"function", "builtin_function_or_method", "method", "type", "module", "NoneType"}
_TYPES |= {"Sequential", "Functional", "Model", "Figure", "Axes", "Image", "SVC", "Pipeline"}
# What tests call functions by.
_SPOKEN = ("__name__",)


class Handle:
    """A function, a model or another object in the student's kernel.

    Calls and attributes are carried out over there. It never answers a comparison, a truth value or
    a conversion: an object that is equal to everything would earn every point.
    """

    def __init__(self, student: "Student", number: int) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name not in _SPOKEN:
            raise AttributeError(name)
        return self._student._attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise CheckFailed(f"a test can't set `{name}` of the student's `{type(self).__name__}`.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of the notebook>"


class Callable(Handle):
    """One that can be called."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it over there."""
        return self._student._call(self, arguments, named)


def _no_data(self: Handle, *_: Any, **__: Any) -> Any:
    raise CheckFailed(
        f"An answer is of type `{type(self).__name__}`, which can't be compared or used as a "
        "number: expected are numbers, text, lists, dictionaries or arrays.",
        "type",
    )


_COMPARED_OR_CONVERTED = (
    "eq ne lt le gt ge bool hash len iter next contains getitem setitem delitem reversed "
    "array float int complex index round abs neg pos invert bytes fspath format enter exit "
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul "
    "rmatmul and rand or ror xor rxor lshift rshift array_ufunc array_function"
)
for _name in _COMPARED_OR_CONVERTED.split():
    setattr(Handle, f"__{_name}__", _no_data)
# Otherwise every handle would pass for an iterable.
Handle.__iter__ = None  # type: ignore[attr-defined]


class Student:
    """The student's notebook, behind a connection with its kernel.

    Parameters
    ----------
    link
        The connection; on the other side is :func:`helpers.grading.judging.answers.answer`.

    Attributes
    ----------
    gone : bool
        Whether the kernel has stopped answering.
    """

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self.gone = False

    def find(self, name: str) -> tuple[bool, Any]:
        """Return whether the notebook has a variable, and what it is.

        Raises
        ------
        StudentError
            If the kernel does not answer, or not with what a notebook may hold.
        """
        state, value, _ = self._ask({"do": "get", "name": name})
        return state == "value", value

    def end(self) -> None:
        """Ask nothing more."""
        if not self.gone:
            try:
                messages.send(self._link, _written({"do": "end"}))
            except messages.Closed:
                self.gone = True

    def _attribute(self, handle: Handle, name: str) -> Any:
        state, value, _ = self._ask({"do": "attribute", "of": handle, "name": name})
        if state != "value":
            raise AttributeError(f"`{type(handle).__name__}` has no attribute `{name}`")
        return value

    def _call(self, handle: Handle, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        question = {"do": "call", "of": handle, "arguments": arguments, "named": named}
        _, value, changes = self._ask(question)
        for change in changes if isinstance(changes, list) else []:
            _take_over(change, arguments, named)
        return value

    def _ask(self, question: dict[str, Any]) -> tuple[Any, Any, Any]:
        if self.gone:
            raise StudentError("the notebook's Python has stopped")
        try:
            messages.send(self._link, _written(question))
            text, buffers = messages.receive(self._link)
            reply = unpack(text, buffers, self._resolve)
        except messages.Closed as error:
            self.gone = True
            raise StudentError(f"no answer from the notebook's Python: {error}") from None
        except NotPlain as error:
            raise StudentError(f"an answer can't be used: {error}") from None
        match reply:
            case ["value" | "missing", _, _]:
                return reply
            case ["error", str() as kind, str() as message]:
                raise _error(kind, message)
            case ["unusable", str() as reason, None]:
                raise StudentError(f"an answer can't be used: {reason}")
        raise StudentError("no answer from the notebook's Python, but something else")

    def _resolve(self, reference: Any) -> Handle:
        match reference:
            case [int() as number, str() as kind, bool() as called]:
                name = kind if kind in _TYPES else "object"
                kinds = (Callable if called else Handle,)
                return type(name, kinds, {"__doc__": property(_doc)})(self, number)
        raise NotPlain("not a reference")


def _doc(handle: Handle) -> Any:
    """Return what the student wrote about it; each class has a `__doc__` of its own."""
    return handle._student._attribute(handle, "__doc__")


def _error(kind: str, message: str) -> Raised:
    """Make an error that tests for a `ValueError`, for instance, take for one."""
    known = getattr(builtins, kind, None)
    # That an iteration stops says to `map` and `zip` in a test that all is well.
    silent = (StopIteration, StopAsyncIteration)
    if isinstance(known, type) and issubclass(known, Exception) and known not in silent:
        for wider in known.__mro__[: known.__mro__.index(Exception)]:
            # Some kinds of error can't be combined, or need more than a message.
            with suppress(TypeError):
                return type(kind, (Raised, wider), {})(message)
    # Another name would be the student's own, and tell of hidden inputs as well.
    return type("StudentError", (Raised,), {})(f"{kind}: {message}" if message else kind)


def _take_over(change: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Change an argument here as the student's function changed it there, if the test wants it.

    In other models, such as networks that count how often they are called, only counters change.
    """
    try:
        [first, *inner], contents = change
        target = named[first] if isinstance(first, str) else arguments[first]
        for place in inner:
            target = target[place]
        if isinstance(target, np.ndarray):
            if is_shared(target):
                target[...] = np.asarray(contents).reshape(target.shape).astype(target.dtype)
        elif models.weights_of(target) is not None:
            model = getattr(target, "model", target)
            asked = is_shared(target)
            if not asked and len(contents) != len(model.weights):
                return
            for old, new in zip(model.weights, contents, strict=True):
                if asked or (not old.trainable and old.shape == ()):
                    old.assign(new)
    except CheckFailed:
        raise
    except Exception:
        raise StudentError("a function changed its arguments into something else") from None


def _written(question: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    # From protocol 5 on, an array that is read-only here would be read-only there.
    _Writer(file, protocol=4).dump(question)
    return file.getvalue()


class _Writer(pickle.Pickler):
    """Writes questions; what the student's kernel has, or can make, goes by reference."""

    def persistent_id(self, value: Any) -> tuple[Any, ...] | None:
        if isinstance(value, Handle):
            return ("handle", object.__getattribute__(value, "_number"))
        return models.describe(value)
