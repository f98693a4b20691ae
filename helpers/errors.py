"""The one error that the course raises when a person has to do something."""

import textwrap

__all__ = ["CourseError", "in_place_of_traceback"]

# JupyterLab breaks longer lines in the middle of a word, in a window of 900 pixels with its list of
# files.
_WIDTH = 58


class CourseError(Exception):
    """Say what is wrong, with which file or value, and what to do about it.

    The command line prints the message alone, and so does Jupyter: a traceback through the
    course's own code would help nobody.
    """

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows in place of a traceback."""
        return in_place_of_traceback("CourseError", str(self))


def in_place_of_traceback(kind: str, message: str) -> list[str]:
    """Return what IPython shows: the kind of error in bold, and lines of at most 58 characters."""
    # Whatever has lines of its own, such as an array, keeps them; a long path stays in one piece.
    lines = (
        textwrap.fill(
            line, _WIDTH, replace_whitespace=False, break_long_words=False, break_on_hyphens=False
        )
        for line in f"{kind}: {message}".splitlines()
    )
    return ["\n".join(lines).replace(f"{kind}:", f"\x1b[1m{kind}:\x1b[0m", 1)]
