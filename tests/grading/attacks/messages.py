"""Attacks on the connections: forged messages of the kernel, and forged answers for the judge."""

import textwrap

from tests.grading.attacks.assignment import ALL, RIGHT, WRONG
from tests.grading.attacks.attack import Attack

__all__ = ["ATTACKS"]

# Sends whatever it likes in the name of the kernel.
_FORGE = """
def forge(kind, content, channel="iopub"):
    kernel = get_ipython().kernel
    parent = kernel.get_parent("shell")
    if channel == "iopub":
        kernel.session.send(kernel.iopub_socket, kind, content, parent, ident=kind.encode())
    else:
        ident = kernel._get_shell_context_var(kernel._shell_parent_ident) if hasattr(
            kernel, "_get_shell_context_var") else kernel._parent_ident["shell"]
        kernel.session.send(kernel.shell_stream, kind, content, parent, ident=ident)
        kernel.shell_stream.flush()
"""
_FORGED = {
    "forged-result": (
        "for text in ('3', '1.0', 'np.float64(1)'):\n"
        "    content = {'data': {'text/plain': text}, 'metadata': {}, 'execution_count': 1}\n"
        "    forge('execute_result', content)\n"
        "    forge('display_data', content)"
    ),
    "forged-reply": (
        "forge('execute_reply', {'status': 'ok', 'execution_count': 1}, 'shell')\n"
        "forge('status', {'execution_state': 'idle'})"
    ),
    "forged-nonsense": (
        "for kind in ('stream', 'error', 'execute_result', 'display_data', 'status', 'comm_open',\n"
        "             'clear_output', 'update_display_data', 'execute_reply', '', 'x' * 10_000):\n"
        "    for content in ({}, {'name': [], 'text': {}, 'data': 3, 'metadata': None},\n"
        "                    {'data': {'text/plain': {'a': 1}}, 'metadata': []},\n"
        "                    {'traceback': 'x', 'ename': None, 'evalue': 3},\n"
        "                    {'wait': [], 'transient': 'x', 'execution_state': {}}, [], 'x', 3):\n"
        "        content = __import__('json').dumps(content).encode()\n"
        "        forge(kind, content)\n"
        "        forge(kind, content, 'shell')"
    ),
    "forged-depth": (
        "deep = []\n"
        "for _ in range(700): deep = [deep]\n"
        "forge('display_data', {'data': {'application/json': deep}, 'metadata': {}})\n"
        "forge('display_data', {'data': {'text/plain': '1'}, 'metadata': {'a': deep}})"
    ),
    "forged-characters": (
        "session = get_ipython().kernel.session\n"
        "session.pack = lambda thing: __import__('json').dumps(thing, default=str).encode()\n"
        "for name in ('text', chr(0xD800)):\n"
        "    forge('stream', {'name': 'stdout', 'text': chr(0xD800) + chr(27) + '[2J' + chr(0)})\n"
        "    forge('display_data', {'data': {name: chr(0xDFFF)}, 'metadata': {name: name}})\n"
        "    forge('error', {'ename': name, 'evalue': name, 'traceback': [name]})"
    ),
    "forged-frames": (
        "kernel = get_ipython().kernel\n"
        "for frames in ([b''], [b'x' * 1000], [b'<IDS|MSG>'], [b'<IDS|MSG>'] + [b'{}'] * 5,\n"
        "               [b'<IDS|MSG>', b'', b'[' * 100_000, b'{}', b'{}', b'{}']):\n"
        "    kernel.iopub_socket.send_multipart(frames)\n"
        "    kernel.shell_stream.send_multipart(frames)"
    ),
    "forged-without-end": (
        "pieces = [bytes(1_000_000)] * 3000\n"
        "get_ipython().kernel.iopub_socket.send_multipart(pieces)\n"
        "__import__('time').sleep(60)"
    ),
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
        if name in ("forged-result", "forged-reply", "forged-characters")
    ),
    *(
        Attack(f"says-{name}", answers=_called(_SPEAK, code), points=_LOST)
        for name, code in _SPOKEN.items()
    ),
]
