"""Start `course lab` as people do, but in a home of its own."""

import os
import queue
import re
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.builders import COURSE

__all__ = ["Server", "serve"]

START_SECONDS = 120
STOP_SECONDS = 30


class Server:
    """A running JupyterLab.

    Attributes
    ----------
    url
        Its address, without a slash at the end.
    token
        What opens it.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token


@contextmanager
def serve(course: Path, home: Path, *options: str, prefix: Sequence[str] = ()) -> Iterator[Server]:
    """Run `course lab` in a course folder, and stop it and its kernels afterwards.

    Parameters
    ----------
    course
        The course folder.
    home
        A new folder for all settings, so that those of the machine's user do not matter.
    options
        Further arguments of `course lab`.
    prefix
        A command that runs it, if any.
    """
    token = secrets.token_hex()
    command = [*prefix, str(COURSE), "lab", *options, "--no-browser", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={_free_port()}", f"--IdentityProvider.token={token}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    process = subprocess.Popen(
        command,
        cwd=course,
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        yield Server(_wait_for_address(process.stderr), token)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    """Find a port; should another program take it first, Jupyter tries those near it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "XDG_", "MPL"))
    }
    folders = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
    }
    return kept | {name: str(folder) for name, folder in folders.items()}


def _wait_for_address(log: IO[str]) -> str:
    """Read the log until the address appears in it; a thread reads the rest, lest it fill up."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in log:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    seen = []
    while not (seen and seen[-1] == ""):
        seen.append(lines.get(timeout=START_SECONDS))
        address = re.search(r"(http://127\.0\.0\.1:\d+)/lab", seen[-1])
        if address:
            return address[1]
    raise RuntimeError("course lab ended before JupyterLab was ready:\n" + "".join(seen))
