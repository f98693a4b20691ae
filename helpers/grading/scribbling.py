"""Functions of answers that write on the arrays that they are given, as they should not."""

from collections.abc import Iterable
from textwrap import dedent, indent

__all__ = ["BACKWARDS", "CONSTANT", "wrapped"]

CONSTANT = "array.ravel()[-1] if array.size else 0"
"""What is written: the last number of the array, everywhere."""
BACKWARDS = "numpy.flip(array).copy()"
"""What is written: the array itself, backwards along every axis."""

_WRAPPER = dedent(
    """
    def _scribbling(function):
        import functools

        import numpy

        def arrays(values):
            for value in values:
                if isinstance(value, (list, tuple)):
                    yield from arrays(value)
                elif isinstance(value, numpy.ndarray) and value.flags.writeable:
                    yield value

        def own(value):
            if isinstance(value, (list, tuple)) and any(True for _ in arrays(value)):
                return getattr(type(value), "_make", type(value))(map(own, value))
            return value.copy() if isinstance(value, numpy.ndarray) else value

        def write(values):
            for array in arrays(values):
                array[...] = WRITTEN

        @functools.wraps(function)
        def scribbling(*arguments, **named):
            given = [*arguments, *named.values()]
            arguments, named = list(map(own, arguments)), dict(zip(named, map(own, named.values())))
            copies = [*arguments, *named.values()]
    ANSWER

        return scribbling
    """
)


def wrapped(functions: Iterable[str], answer: str, written: str = CONSTANT) -> str:
    """Write Python code that wraps functions that are defined before it.

    Parameters
    ----------
    functions
        Their names.
    answer
        What a wrapped function does: Python code that returns. It knows the `function`, the arrays
        that were `given`, and copies of all `arguments` and `named` arguments with their arrays in
        `copies`; `write` writes on arrays.
    written
        An expression for what is written on each `array`.
    """
    wrapper = _WRAPPER.replace("WRITTEN", written).replace("ANSWER", indent(answer, " " * 8))
    return "\n".join([wrapper, *(f"{name} = _scribbling({name})" for name in functions)])
