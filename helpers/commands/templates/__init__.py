"""What `course init` and `course new` begin with: a small course, and a small assignment."""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template

__all__ = ["assignment_files", "course_files"]

_FOLDER = Path(__file__).parent

# Not under their real names: they are neither modules nor settings of this package.
_COURSE = {
    "README.md": "README.md",
    ".gitignore": "gitignore.txt",
    "nbgrader_config.py": "nbgrader_config.txt",
    "release/course.toml": "course.toml",
    "release/nbgrader_config.py": "student_settings.txt",
    "tests/test_course.py": "test_course.txt",
}


def course_files(title: str, course_id: str) -> dict[str, bytes]:
    """Return the files of a course without assignments, by their paths in its folder.

    Parameters
    ----------
    title
        What people call the course.
    course_id
        What nbgrader calls it.
    """
    # A text in JSON is one in TOML, too.
    quoted = json.dumps(title, ensure_ascii=False)
    words = {"title": title, "quoted_title": quoted, "course": course_id}
    return {path: _fill(name, words) for path, name in _COURSE.items()}


def assignment_files(name: str) -> dict[str, bytes]:
    """Return the files of an assignment, by their paths in the course folder.

    Parameters
    ----------
    name
        Its name, such as ``first-steps``.
    """
    title = name.replace("-", " ").capitalize()
    return {f"source/{name}/{name}.ipynb": _fill("assignment.ipynb", {"title": title})}


def _fill(name: str, words: Mapping[str, str]) -> bytes:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return Template(text).substitute(words).encode(errors="replace")
