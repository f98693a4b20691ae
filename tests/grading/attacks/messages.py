"""Attacks on the connections: forged messages of the kernel, and forged answers for the judge."""

import textwrap

from tests.grading.attacks.assignment import ALL, RIGHT, WRONG
from tests.grading.attacks.attack import Attack

__all__ = ["ATTACKS"]

# Sends whatever it likes in the name of the kernel.
_FORGE = """
import json, os

def line(text):
    os.write(3, text + b"\\n")

def forge(kind, content):
    line(json.dumps([kind, content]).encode())
"""
_FORGED = {
    "forged-result": (
        "for text in ('3', '1.0', 'np.float64(1)'):\n"
        "    content = {'data': {'text/plain': text}, 'metadata': {}, 'execution_count': 1}\n"
        "    forge('execute_result', content)\n"
        "    forge('display_data', content)"
    ),
    "forged-end": "line(b'done')",
    "forged-ends": "for _ in range(50): line(b'done'), line(b'ready')",
    "forged-nonsense": (
        "for kind in ('stream', 'error', 'execute_result', 'display_data', 'status', 'comm_open',\n"
        "             'clear_output', 'update_display_data', 'execute_reply', '', 'x' * 10_000):\n"
        "    for content in ({}, {'name': [], 'text': {}, 'data': 3, 'metadata': None},\n"
        "                    {'data': {'text/plain': {'a': 1}}, 'metadata': []},\n"
        "                    {'traceback': 'x', 'ename': None, 'evalue': 3},\n"
        "                    {'wait': [], 'transient': 'x', 'execution_state': {}}, [], 'x', 3):\n"
        "        forge(kind, content)"
    ),
    "forged-depth": (
        "deep = []\n"
        "for _ in range(700): deep = [deep]\n"
        "forge('display_data', {'data': {'application/json': deep}, 'metadata': {}})\n"
        "forge('display_data', {'data': {'text/plain': '1'}, 'metadata': {'a': deep}})\n"
        "line(b'[' * 100_000)"
    ),
    "forged-characters": (
        "for name in ('text', chr(0xD800)):\n"
        "    forge('stream', {'name': 'stdout', 'text': chr(0xD800) + chr(27) + '[2J' + chr(0)})\n"
        "    forge('display_data', {'data': {name: chr(0xDFFF)}, 'metadata': {name: name}})\n"
        "    forge('error', {'ename': name, 'evalue': name, 'traceback': [name]})"
    ),
    "forged-lines": (
        "for text in (b'', b'[]', b'[1, 2]', b'null', b'\"done\"', b'done done', b'NaN',\n"
        '             b\'\\xff\\xfe\\x00\', b\'["stream", {"name": "stdout", "text": 1e999}]\'):\n'
        "    line(text)\n"
        "os.write(3, b'half a line ')"
    ),
    "forged-without-end": (
        "for _ in range(3000): os.write(3, bytes(1_000_000))\n__import__('time').sleep(60)"
    ),
    # It waits for the next cell, which it keeps from the kernel.
    "stolen-cells": (
        "import threading\n"
        "def steal():\n"
        "    while os.read(3, 1 << 20): pass\n"
        "threading.Thread(target=steal, daemon=True).start()"
    ),
    "closed-connection": "os.close(3)",
}

# What stands in the place of an answer on the connection with the judge.
_SPEAK = """
import json, os, socket, struct

judge = socket.socket(fileno=os.dup(4))

def frame(text, *buffers):
    lengths = json.dumps([len(text), *map(len, buffers)]).encode()
    return struct.pack(">Q", len(lengths)) + lengths + text + b"".join(buffers)

def say(value, *buffers):
    judge.sendall(frame(json.dumps(["tuple", [["value", "value"], value, ["list", []]]]).encode(),
                        *buffers))
"""
# Some spoil the connection; with others it is only this answer that is wrong.
_SPOKEN = {
    "noise": "judge.sendall(bytes(range(256)) * 100)",
    "half-a-message": "judge.sendall(struct.pack('>Q', 8) + b'[999999]')",
    "pickled-commands": "say(['pickle', 0], b'cos\\nsystem\\n(S\"true\"\\ntR.')",
    "changes-of-others": (
        "judge.sendall(frame(json.dumps(['tuple', [['value', 'value'], ['dict', []], ['list', [\n"
        "    ['tuple', [['list', [['int', '0x0']]], ['int', '0x0']]],\n"
        "    ['tuple', [['list', [['value', 'x'], ['int', '-0x1']]], ['list', []]]],\n"
        "]]]]).encode()))"
    ),
    "answers-for-all": "for _ in range(20): say(['value', True])",
    "nothing-any-more": "os.close(4)\njudge.close()",
    "a-descriptor": "socket.send_fds(judge, [b'x'], [0, 1, 2])",
    "what-another-says": (
        "if os.fork() == 0:\n"
        "    for _ in range(50): say(['dict', [[['value', 'a'], ['int', '0x3']]]])\n"
        "    import time\n    time.sleep(60)\n    os._exit(0)"
    ),
}


def _called(setup: str, code: str) -> dict[str, str]:
    return {
        **RIGHT,
        "vowels": (
            f"{setup}\ndef count_vowels(text):\n{textwrap.indent(code, '    ')}\n"
            "    return {'a': 0}"
        ),
    }


_LOST = {**ALL, "counted": 0.0}

ATTACKS = [
    *(Attack(name, f"{_FORGE}\n{code}", "best", WRONG) for name, code in _FORGED.items()),
    *(
        Attack(f"{name}-when-called", answers=_called(_FORGE, code), points=_LOST)
        for name, code in _FORGED.items()
        if name in ("forged-result", "forged-end", "forged-characters", "closed-connection")
    ),
    *(
        Attack(f"says-{name}", answers=_called(_SPEAK, code), points=_LOST)
        for name, code in _SPOKEN.items()
    ),
]
