"""What a new process does: enter its room, give up its rights, then be a kernel or a judge."""

import json
import os
import random
import secrets
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.grading.sandbox.enter import confine, enter
from helpers.grading.sandbox.limits import Limits

__all__ = ["ANSWER", "DONE", "READY", "become", "obey"]

# Where the ends of the connections lie in the process.
_LINK, _CHANNEL = 3, 4
# Sent in the place of a cell, it lets the kernel answer the judge.
ANSWER = "# answer the judge"
# Lines of the relay: cells can be run; and all about a cell is said.
READY, DONE = b"ready", b"done"
_PORTS = ("shell", "iopub", "stdin", "control", "hb")


def obey(requests: socket.socket) -> None:
    """Receive one request and become what it says; for processes that start cold."""
    message, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 8)
    requests.close()
    become(json.loads(message), descriptors)


def become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Be what was asked for, to the end of the process.

    Parameters
    ----------
    request
        As :class:`helpers.grading.processes.Program` writes it.
    descriptors
        The link, the channel if there is one, and the room if there is one, in this order.
    """
    try:
        if request["group"] is not None:
            Path(request["group"]).write_text("0")
        room = descriptors.pop() if request["room"] is not None else None
        if room is not None:
            enter(room, request["room"], trusted=request["trusted"])
        _arrange(descriptors)
        limits = Limits(**request["limits"])
        confine(limits)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["home"])
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        link = socket.socket(fileno=_LINK)
        socket.send_fds(link, [b"!"], [os.pidfd_open(os.getpid())])
        # From here on the grader's own screen, or log, is no place for what is printed.
        os.dup2(0, 2)
        if request["kind"] == "kernel":
            _be_kernel(link, request["settings"]["sockets"])
        else:
            from helpers.grading.judging.judge import judge

            judge(link)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _arrange(descriptors: list[int]) -> None:
    """Put the connections where they belong, and close everything else."""
    high = [os.dup2(number, 100 + place) for place, number in enumerate(descriptors)]
    silence = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(silence, number)
    for number, place in zip(high, (_LINK, _CHANNEL), strict=False):
        os.dup2(number, place, inheritable=False)
    os.closerange(_LINK + len(descriptors), os.sysconf("SC_OPEN_MAX"))


def _be_kernel(link: socket.socket, folder: str) -> None:
    place = Path(tempfile.mkdtemp(prefix="kernel-", dir=folder))
    connection = {
        "transport": "ipc",
        "ip": str(place / "port"),
        **{f"{port}_port": number for number, port in enumerate(_PORTS, 1)},
        "key": secrets.token_hex(),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
    }
    _start_relay(link, connection)
    from ipykernel.kernelapp import IPKernelApp
    from IPython import get_ipython

    file = place / "connection.json"
    file.write_text(json.dumps(connection))
    # Tests are cells of the notebook as well: without history nobody looks for them there.
    options = ["-f", str(file), "--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]
    sys.argv = ["ipykernel_launcher", *options]
    app = IPKernelApp.instance()
    app.initialize(options)
    # `exit()` would end the kernel a moment later, in the middle of another cell.
    get_ipython().ask_exit = lambda: None
    _answer_on_request(app.kernel, get_ipython())
    app.start()


def _answer_on_request(kernel: Any, shell: Any) -> None:
    """Let a kernel answer the judge without running a cell: students may have changed any name."""
    # Now, while nothing is changed.
    from helpers.grading.judging.answers import answer

    run_cell = kernel.do_execute

    async def do_execute(code: str, *arguments: Any, **named: Any) -> dict[str, Any]:
        if code != ANSWER:
            return await run_cell(code, *arguments, **named)
        # As around a cell: figures that a function draws are shown here, not by a later cell.
        shell.events.trigger("pre_execute")
        # Nor an error, such as that the judge listens no more, must keep the grader waiting.
        with suppress(KeyboardInterrupt, Exception):
            answer(_CHANNEL, shell.user_ns)
        shell.events.trigger("post_execute")
        return {"status": "ok", "execution_count": 0, "payload": [], "user_expressions": {}}

    kernel.do_execute = do_execute


def _start_relay(link: socket.socket, connection: dict[str, Any]) -> None:
    """Start it as nobody's child: students' code may wait for children of its own."""
    kernel = os.pidfd_open(os.getpid())
    child = os.fork()
    if child == 0:
        if os.fork():
            os._exit(0)
        os.setsid()
        os.closerange(_CHANNEL, kernel)
        from helpers.grading.processes.relay import relay

        relay(link, connection, kernel)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(kernel)
    link.close()
