"""The judge's process: one submission after another, of which none leaves a trace for the next."""

import gc
import json
import os
import random
import secrets
import socket
import sys
from contextlib import suppress
from typing import Any

from helpers.grading.judging import messages
from helpers.grading.judging.cells import Cells
from helpers.grading.judging.handles import Student

__all__ = ["judge"]

_ENDED_WELL = 42


def judge(link: socket.socket) -> None:
    """Judge the tests of one submission after another, until the connection is closed.

    Set-up cells are run once, and each submission gets a copy of this process. Where that can't be
    copied, since they have started threads, as TensorFlow does, they are run for each submission.

    Parameters
    ----------
    link
        The connection with the grader. It sends a JSON object with the cells first: `sources`,
        `tests` and `set_up` (lists of `[id, {name: id of the cell that defines it}]`). Then for
        each submission true; for each of its tests an object with `cell` (its id) and `needs`, see
        :meth:`helpers.grading.judging.plan.Plan.needs`, together with a connection to the student's
        kernel; and in the end null. The verdict is a JSON object, see
        :class:`helpers.grading.execution.judge.Verdict`.
    """
    with suppress(messages.Closed):
        given = _receive(link)
        contents = given["sources"], given["tests"], _forget_random_numbers
        cells = Cells(*contents)
        for cell, from_cells in given["set_up"]:
            if _can_be_copied():
                cells.set_up(cell, from_cells)
        gc.collect()
        # The collector would touch, and so copy, every page that parent and child share.
        gc.freeze()
        while _receive(link) is True:
            if not _can_be_copied():
                if "keras" in sys.modules:
                    sys.modules["keras"].utils.clear_session()
                _judge_submission(link, Cells(*contents))
            elif not _judge_in_child(link, cells):
                return


def _judge_in_child(link: socket.socket, cells: Cells) -> bool:
    """Judge a submission in a copy of this process; tell whether that came to its end."""
    child = os.fork()
    if child == 0:
        with suppress(messages.Closed):
            _judge_submission(link, cells)
            os._exit(_ENDED_WELL)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == _ENDED_WELL


def _judge_submission(link: socket.socket, cells: Cells) -> None:
    while (question := _receive(link)) is not None:
        _, descriptors, _, _ = socket.recv_fds(link, 1, 1)
        with socket.socket(fileno=descriptors[0]) as channel:
            student = Student(channel)
            verdict = cells.judge(**question, student=student)
            student.end()
            if student.gone:
                # The kernel may still be listening, if it has only said nonsense.
                with suppress(OSError):
                    channel.shutdown(socket.SHUT_RDWR)
        messages.send(link, json.dumps(verdict).encode())


def _receive(link: socket.socket) -> Any:
    text, _ = messages.receive(link)
    return json.loads(text)


def _can_be_copied() -> bool:
    return len(os.listdir("/proc/self/task")) == 1


def _forget_random_numbers() -> None:
    """Draw numbers that neither another submission nor set-up that is known can tell."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "tensorflow" in sys.modules and not _can_be_copied():
        sys.modules["tensorflow"].random.set_seed(secrets.randbits(31))
