"""The Python of a notebook in this very process: ipykernel's shell without its sockets and threads.

So it can be made before a fork, and a kernel starts in a few hundredths of a second. What cells
show goes to the grader as lines of JSON.
"""

import asyncio
import builtins
import fcntl
import getpass
import json
import os
import signal
import socket
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, NoReturn

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from IPython import get_ipython
from IPython.core.error import StdinNotImplementedError
from IPython.core.profiledir import ProfileDir
from traitlets.config import Config

from helpers.grading.judging.answers import answer
from helpers.grading.processes.protocol import ANSWER, DONE, READY
from helpers.grading.processes.session import LineSession, Stream

__all__ = ["make_shell", "run_cells"]


# The first of their kind are slow: fonts are looked for, and modules imported.
_SLOW = (
    "import matplotlib.pyplot as plt\nplt.imshow([[0, 1]])\nplt.title('$a$ b')",
    "1/0",
    "await __import__('asyncio').sleep(0)",
    "1",
)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """ipykernel's; it has the same name, since libraries tell a notebook by that."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> None:
        """Do nothing: `exit()` would end the kernel in the middle of another cell."""


def make_shell(*, warm: bool) -> None:
    """Make the shell of this process; it shows nothing until :func:`run_cells` connects it.

    Parameters
    ----------
    warm
        Whether to run what is slow the first time, and to forget it.
    """
    config = Config()
    # Tests are cells of the notebook as well: without history nobody looks for them there.
    config.HistoryManager.enabled = False
    with tempfile.TemporaryDirectory() as folder:
        shell = ZMQInteractiveShell.instance(
            config=config, ipython_dir=folder, compiler_class=XCachingCompiler, user_ns={}
        )
        shell.displayhook.session = shell.display_pub.session = LineSession()
        shell.displayhook.topic = b"execute_result"
        if warm:
            _warm_up(shell)


def _warm_up(shell: zmqshell.ZMQInteractiveShell) -> None:
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        loop = asyncio.new_event_loop()
        for code in _SLOW:
            _run(shell, code, loop)
        loop.close()
        shell.reset(new_session=True)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        sys.__dict__.pop(name, None)


def run_cells(link: socket.socket, channel: int) -> None:
    """Run cells for the grader, until it has no more.

    Parameters
    ----------
    link
        The connection with the grader. It sends the source of a cell as a line of JSON. Answers are
        lines with the type and the content of a message of Jupyter as a list in JSON, and `READY`
        and `DONE`.
    channel
        File descriptor of the connection with the judge.
    """
    shell = get_ipython()
    session: LineSession = shell.displayhook.session
    with tempfile.TemporaryFile(buffering=0) as printed:
        _settle(shell, printed.fileno())
        session.connect(link, printed.fileno())
        streams = [Stream(session, "stdout", 1), Stream(session, "stderr", 2)]
        sys.stdout, sys.stderr = streams
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        session.line(READY)
        for line in link.makefile("rb"):
            code = json.loads(line)
            # Whatever it raises, such as that the judge listens no more, must not keep the grader
            # waiting.
            with suppress(BaseException):
                signal.signal(signal.SIGINT, session.interrupt)
                if code == ANSWER:
                    # As around a cell: figures that a function draws are not shown by a later one.
                    shell.events.trigger("pre_execute")
                    answer(channel, shell.user_ns)
                    shell.events.trigger("post_execute")
                else:
                    _run(shell, code, loop)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for stream in streams:
                stream.flush()
            session.collect()
            session.line(DONE)


def _settle(shell: zmqshell.ZMQInteractiveShell, printed: int) -> None:
    """Give the shell a place in this process's home, and programs a file to print to."""
    shell.ipython_dir = os.path.expanduser("~/.ipython")
    shell.profile_dir = ProfileDir.create_profile_dir_by_name(shell.ipython_dir, "default")
    # Variables for the programs that it starts.
    shell.init_environment()
    sys.argv = ["ipykernel_launcher"]
    builtins.input = _no_input
    getpass.getpass = _no_input
    # To a file, not a pipe: nobody reads it before the cell has ended.
    fcntl.fcntl(printed, fcntl.F_SETFL, os.O_APPEND)
    for number in (1, 2):
        os.dup2(printed, number)


def _no_input(prompt: object = "", stream: object = None) -> NoReturn:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def _run(shell: zmqshell.ZMQInteractiveShell, code: str, loop: asyncio.AbstractEventLoop) -> None:
    """Run a cell as ipykernel does: while a loop for `await` is running."""
    transformed, error = None, None
    try:
        transformed = shell.transform_cell(code)
    except Exception:
        transformed, error = code, sys.exc_info()
    cell = shell.run_cell_async(code, transformed_cell=transformed, preprocessing_exc_tuple=error)
    task = loop.create_task(cell)
    try:
        try:
            loop.run_until_complete(task)
        except KeyboardInterrupt:
            # Not in the cell's own code, but where it waits.
            task.cancel()
            loop.run_until_complete(task)
    finally:
        shell.events.trigger("post_execute")
        if task.done() and not task.cancelled() and task.exception() is None:
            shell.events.trigger("post_run_cell", task.result())
