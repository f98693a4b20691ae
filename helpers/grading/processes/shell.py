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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
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

__all__ = ["Cells", "make_shell", "run_cells", "warm_up"]


# The first of their kind are slow: modules are imported, and fonts looked for.
_SLOW = ("1/0", "await __import__('asyncio').sleep(0)", "1")
_SLOW_FIGURE = "import matplotlib.pyplot as plt\nplt.imshow([[0, 1]])\nplt.title('$a$ b')"


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """ipykernel's; it has the same name, since libraries tell a notebook by that."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> None:
        """Do nothing: `exit()` would end the kernel in the middle of another cell."""


def make_shell() -> None:
    """Make the shell of this process; it shows nothing until it has :class:`Cells`.

    It comes before Matplotlib is imported, which looks for it.
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


def warm_up() -> None:
    """Run what is slow the first time, and forget it: a figure only if there can be one."""
    shell = get_ipython()
    figures = [_SLOW_FIGURE] if "matplotlib.pyplot" in sys.modules else []
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        loop = asyncio.new_event_loop()
        for code in (*figures, *_SLOW):
            _run(shell, code, loop)
        loop.close()
        shell.reset(new_session=True)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        sys.__dict__.pop(name, None)


class Cells:
    """Runs cells in the shell of this process, and says what they show; a context manager.

    Parameters
    ----------
    say
        Called with lines: the type and the content of a message of Jupyter, as a list in JSON.
    """

    def __init__(self, say: Callable[[bytes], object]) -> None:
        self._shell = get_ipython()
        self._session: LineSession = self._shell.displayhook.session
        # To a file, not a pipe: nobody reads it before the cell has ended.
        self._printed = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        fcntl.fcntl(self._printed, fcntl.F_SETFL, os.O_APPEND)
        for number in (1, 2):
            os.dup2(self._printed.fileno(), number)
        # Variables for the programs that it starts.
        self._shell.init_environment()
        self._session.connect(say, self._printed.fileno())
        self._streams = [Stream(self._session, "stdout", 1), Stream(self._session, "stderr", 2)]
        sys.stdout, sys.stderr = self._streams
        sys.argv = ["ipykernel_launcher"]
        builtins.input = getpass.getpass = _no_input
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def __enter__(self) -> "Cells":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.disconnect()
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        self._loop.close()
        self._printed.close()

    def run(self, code: str) -> bool:
        """Run a cell; tell whether it ended without an error."""
        with self._interruptible():
            return _run(self._shell, code, self._loop)
        return False

    def answer(self, channel: int) -> None:
        """Answer the judge, over the connection with this file descriptor."""
        with self._interruptible():
            # As around a cell: figures that a function draws are not shown by a later one.
            self._shell.events.trigger("pre_execute")
            self._session.context.run(answer, channel, self._shell.user_ns)
            self._shell.events.trigger("post_execute")

    def say(self, line: bytes) -> None:
        """Say something else between the lines of cells, which may have started threads."""
        self._session.line(line)

    @property
    def pending(self) -> bool:
        """Whether a cell has left something to be done while others are awaited."""
        return bool(asyncio.all_tasks(self._loop))

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the notebook."""
        return self._shell.user_ns

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        # Whatever is raised, such as that the judge listens no more, must not keep the grader
        # waiting.
        with suppress(BaseException):
            signal.signal(signal.SIGINT, self._session.interrupt)
            yield
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for stream in self._streams:
            stream.flush()
        self._session.collect()


def run_cells(link: socket.socket, channel: int) -> None:
    """Run cells for the grader, until it has no more.

    Parameters
    ----------
    link
        The connection with the grader. It sends the source of a cell as a line of JSON. Answers are
        the lines of :class:`Cells`, and `READY` and `DONE`.
    channel
        File descriptor of the connection with the judge.
    """
    shell = get_ipython()
    shell.ipython_dir = os.path.expanduser("~/.ipython")
    shell.profile_dir = ProfileDir.create_profile_dir_by_name(shell.ipython_dir, "default")

    def say(line: bytes) -> None:
        # When the grader has gone, there is nobody to be told.
        with suppress(OSError):
            link.sendall(line + b"\n")

    with Cells(say) as cells:
        cells.say(READY)
        for line in link.makefile("rb"):
            code = json.loads(line)
            if code == ANSWER:
                cells.answer(channel)
            else:
                cells.run(code)
            cells.say(DONE)


def _no_input(prompt: object = "", stream: object = None) -> NoReturn:
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


def _run(shell: zmqshell.ZMQInteractiveShell, code: str, loop: asyncio.AbstractEventLoop) -> bool:
    """Run a cell as ipykernel does: while a loop for `await` is running."""
    transformed, error = None, None
    try:
        transformed = shell.transform_cell(code)
    except Exception:
        transformed, error = code, sys.exc_info()
    cell = shell.run_cell_async(code, transformed_cell=transformed, preprocessing_exc_tuple=error)
    task = loop.create_task(cell, context=shell.displayhook.session.context)
    try:
        try:
            loop.run_until_complete(task)
        except KeyboardInterrupt:
            # Not in the cell's own code, but where it waits.
            task.cancel()
            loop.run_until_complete(task)
        return task.result().success
    finally:
        shell.events.trigger("post_execute")
        if task.done() and not task.cancelled() and task.exception() is None:
            shell.events.trigger("post_run_cell", task.result())
