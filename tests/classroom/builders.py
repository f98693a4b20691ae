"""Downloads in the forms of the learning platforms, and a course to collect them into."""

import json
import re
import zipfile
from pathlib import Path

from tests.builders import course, markdown_cell, notebook, solution_cell, test_cell

SQUARES, CUBES = "squares", "cubes"


def assignment(name):
    """The notebook of a little assignment with cells that no other has."""
    return notebook(
        [
            markdown_cell(f"# The {name} of all numbers that there are", f"{name}-title"),
            solution_cell(
                f"def {name}(number):\n    ### BEGIN SOLUTION\n    return number\n"
                "    ### END SOLUTION",
                f"{name}-answer",
            ),
            test_cell(f"assert {name}(1) == 1", f"{name}-test", points=2),
        ]
    )


def classroom(folder):
    """A course with two assignments."""
    config = "from helpers.grading import settings\nc = get_config()\nsettings.apply(c)\n"
    return course(folder, {name: assignment(name) for name in (SQUARES, CUBES)}, config)


def work(answer="1", name=SQUARES):
    """The bytes of a notebook that somebody hands in."""
    content = assignment(name)
    content["cells"][1]["source"] = f"def {name}(number):\n    return {answer}"
    return json.dumps(content).encode()


def archive(path, entries):
    """A zip archive of names and contents; a list of pairs may have a name twice."""
    pairs = entries.items() if isinstance(entries, dict) else entries
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in pairs:
            file.writestr(name, content)
    return path


def unpacked(folder: Path, entries):
    """The same as a folder."""
    for name, content in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def moodle(people, file="squares.ipynb", end="file"):
    """Moodle's names, of a dict from (name, id) to content."""
    return {
        f"{moodle_name(name)}_{key}_assignsubmission_{end}/{file}": content
        for (name, key), content in people.items()
    }


def moodle_name(name):
    """What Moodle's `clean_filename` makes of somebody's name."""
    return re.sub(r"""[\x00-\x1f\x7f&<>"`|':\\/]""", "", name.replace("_", " "))
