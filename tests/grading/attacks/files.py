"""Attacks by files: broken notebooks, files that Python would import, links, pipes, dates."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat

from tests.builders import Notebook, code_cell, markdown_cell
from tests.grading.attacks.assignment import ALL, NAME, RIGHT
from tests.grading.attacks.attack import Attack
from tests.grading.builders import cell

__all__ = ["ATTACKS"]

_FILE = f"{NAME}.ipynb"

# Python and Jupyter would run these if they lay where the kernel is started.
_IMPORTED = (
    "import os, sys\n"
    "for folder in ('$course', '$cache'):\n"
    "    try: open(folder + '/ran-$mark', 'w')\n"
    "    except OSError: pass\n"
    "import subprocess; subprocess.Popen(['sleep', '600', '$mark'])\n"
)
_FAKE_NUMPY = (
    "class Anything:\n"
    "    __getattr__ = __call__ = lambda self, *a, **k: self\n"
    "def __getattr__(name): return Anything()\n"
)
_FAKE_HELPERS = (
    "class checks:\n    array = number = staticmethod(lambda *a, **k: None)\n"
    "import numpy\nnumpy.testing.assert_allclose = numpy.allclose = lambda *a, **k: True\n"
)


def _missing(folder: Path) -> None:
    (folder / _FILE).unlink()


def _renamed(folder: Path) -> None:
    (folder / _FILE).rename(folder / "light (1).ipynb")


def _link_to(target: str) -> Callable[[Path], None]:
    """Put a link in place of the notebook."""

    def arrange(folder: Path) -> None:
        (folder / _FILE).unlink()
        (folder / _FILE).symlink_to(target)

    return arrange


def _strange_files(folder: Path) -> None:
    (folder / "source.txt").symlink_to(f"../../../source/{NAME}/{_FILE}")
    (folder / "gradebook").symlink_to("../../../gradebook.db")
    (folder / "others").symlink_to(f"../../Ada/{NAME}")
    (folder / "more.ipynb").symlink_to(f"../../Ada/{NAME}/{_FILE}")
    (folder / "round").symlink_to(".")
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "timestamp.txt")


def _folder_is_link(folder: Path) -> None:
    (folder / _FILE).unlink()
    folder.rmdir()
    folder.symlink_to(f"../Ada/{NAME}")


def _notebook_is_pipe(folder: Path) -> None:
    (folder / _FILE).unlink()
    os.mkfifo(folder / _FILE)


def _notebook_is_folder(folder: Path) -> None:
    (folder / _FILE).unlink()
    (folder / _FILE).mkdir()


def _sparse(folder: Path) -> None:
    os.truncate(folder / _FILE, 200_000_000)


def _long_text(content: Notebook) -> None:
    content["cells"].append(markdown_cell("A" * 50_000_000, "long"))


def _long_outputs(content: Notebook) -> None:
    text = {"output_type": "stream", "name": "stdout", "text": "A" * 50_000_000}
    content["cells"].append(code_cell("1", "long") | {"outputs": [text]})


def _script(content: Notebook) -> None:
    script = '</pre><script>document.title = "mine"</script><img src=x onerror="alert(1)">'
    content["metadata"]["title"] = script
    content["cells"].insert(0, markdown_cell(f"{script} [x](javascript:alert(1))", "script"))
    show = (
        f"from IPython.display import HTML, Javascript, display\nprint({script!r})\n"
        f"display(HTML({script!r}), Javascript('alert(1)'))"
    )
    content["cells"].insert(1, code_cell(show, "shows"))
    cell(content, "why")["source"] += script


def _format_3(content: Notebook) -> bytes:
    with_version_3 = nbformat.convert(nbformat.reads(json.dumps(content), as_version=4), 3)
    return json.dumps(with_version_3).encode()


def _other_kernel(content: Notebook) -> None:
    content["metadata"]["kernelspec"] = {"name": "ir", "language": "R", "argv": ["sh"]}


def _break_cells(content: Notebook) -> None:
    content["cells"][0]["source"] = None
    content["cells"] += ["x", 3, None, {"source": [1, {"a": []}]}, {"cell_type": "code"}]
    content["metadata"] = []


_STARTUP = {name: _IMPORTED for name in ("sitecustomize.py", "usercustomize.py")} | {
    "ipython_config.py": _IMPORTED,
    "ipython_kernel_config.py": _IMPORTED,
    "nbgrader_config.py": _IMPORTED,
    "profile_default/startup/first.py": _IMPORTED,
    ".ipython/profile_default/startup/first.py": _IMPORTED,
    "kernel.json": json.dumps({"argv": ["sh", "-c", "touch $course/ran-$mark"]}),
}

# What is still a submission: by name, how it differs. All of it is graded.
_GRADED = [
    Attack("wrong-name", arrange=_renamed, said="light (1).ipynb"),
    Attack(
        "latin-1",
        change=lambda content: content["cells"].append(markdown_cell("café", "coffee")),
        content=lambda content: json.dumps(content, ensure_ascii=False).encode("latin-1"),
        said="not UTF-8",
    ),
    Attack("long-outputs", change=_long_outputs),
    Attack("other-kernel", change=_other_kernel),
    Attack("format-3", content=_format_3, said="format 3"),
    Attack("broken-cells", change=_break_cells),
    Attack("strange-files", arrange=_strange_files),
    Attack("format-of-the-future", change=lambda content: content.update(nbformat=9)),
    Attack("scripts", change=_script),
    Attack("no-date", files={"timestamp.txt": "tomorrow"}, said="timestamp.txt"),
    Attack("early-date", files={"timestamp.txt": "1970-01-01 00:00:00 UTC"}, said="timestamp.txt"),
    Attack("start-up-files", files=_STARTUP),
]

# What needs review: how it is made, and what is to be said.
_UNGRADED = [
    Attack("bad-json", content=lambda _: b'{"cells": [oops', said="is not JSON"),
    Attack("deep-json", content=lambda _: b"[" * 100_000, said="is not JSON"),
    Attack("empty-file", content=lambda _: b"", said="is empty"),
    Attack("zeros", content=lambda _: bytes(1000), said="is empty"),
    Attack("noise", content=lambda _: bytes(range(256)) * 100, said="is not JSON"),
    Attack("list", content=lambda _: b"[1, 2, 3]", said="not a notebook"),
    Attack("no-cells", change=lambda content: content.update(cells=[]), said="no cells"),
    Attack("missing", arrange=_missing, said="is missing"),
    Attack("huge-file", arrange=_sparse, said="more than 100 MB"),
    Attack("long-text", change=_long_text, said="MB of text"),
    Attack("link-to-notebook", arrange=_link_to(f"../../Ada/{NAME}/{_FILE}"), said="a link"),
    Attack("link-to-source", arrange=_link_to(f"../../../source/{NAME}/{_FILE}"), said="a link"),
    Attack("link-to-nothing", arrange=_link_to("nowhere"), said="a link"),
    Attack("link-to-device", arrange=_link_to("/dev/zero"), said="a link"),
    Attack("link-to-folder", arrange=_folder_is_link, said="is not a folder of its own"),
    Attack("notebook-is-pipe", arrange=_notebook_is_pipe, said="is a link, a folder or a device"),
    Attack("notebook-is-folder", arrange=_notebook_is_folder, said="is a link, a folder"),
]


ATTACKS = [
    *(replace(attack, answers=RIGHT, points=ALL) for attack in _GRADED),
    *(replace(attack, answers=RIGHT, ungraded=True) for attack in _UNGRADED),
    Attack("fake-numpy", files={"numpy.py": _FAKE_NUMPY, "json/__init__.py": ""}),
    Attack(
        "fake-helpers", files={"helpers/__init__.py": _FAKE_HELPERS, "helpers.py": _FAKE_HELPERS}
    ),
    Attack(
        "fake-launcher",
        files={"ipykernel_launcher.py": _IMPORTED, "ipykernel/__init__.py": _IMPORTED},
    ),
]
