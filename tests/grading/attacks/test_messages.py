import json
import socket
import struct

import pytest

from helpers.checks import CheckFailed
from helpers.grading.judging.handles import Handle, Student, StudentError


def frame(text, *buffers):
    lengths = json.dumps([len(text), *map(len, buffers)]).encode()
    return struct.pack(">Q", len(lengths)) + lengths + text + b"".join(buffers)


def answer(value, *buffers):
    reply = ["tuple", [["value", "value"], value, ["list", []]]]
    return frame(json.dumps(reply).encode(), *buffers)


def in_lists(depth):
    value = ["list", []]
    for _ in range(depth):
        value = ["list", [value]]
    return value


@pytest.fixture
def ends():
    """The judge's end of a connection, and the kernel's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize(
    "said",
    [
        b"",
        bytes(range(256)) * 10,
        struct.pack(">Q", 2**64 - 1),
        struct.pack(">Q", 13) + b"[10000000000]",
        struct.pack(">Q", 4) + b"[-5]",
        struct.pack(">Q", 2) + b"[]",
        struct.pack(">Q", 6) + b"[true]",
        struct.pack(">Q", 100_000) + b"[" * 100_000,
        struct.pack(">Q", 4) + b"[20]too short",
    ],
)
def test_what_is_no_message_ends_the_connection(ends, said):
    ours, theirs = ends
    theirs.sendall(said)
    theirs.shutdown(socket.SHUT_WR)
    student = Student(ours)
    with pytest.raises(StudentError):
        student.find("best")
    assert student.gone


@pytest.mark.parametrize(
    "said",
    [
        frame(b'{"a": '),
        frame(b"[" * 100_000),
        frame(b'{"a": [null, 1e999]}'),
        frame(b'["tuple", [["value", "value"]]]'),
        frame(b'["value", "value"]'),
        answer(in_lists(200)),
        answer(["pickle", 0], b'cos\nsystem\n(S"true"\ntR.'),
        answer(["array", "|O", [1], 0], bytes(8)),
        answer(["array", [["a", "|O"]], [1], 0], bytes(8)),
        answer(["array", "f8,O", [1], 0], bytes(16)),
        answer(["array", "<f8", [1_250_000_000], 0], bytes(8)),
        answer(["array", "<f8", [-1, -1], 0], bytes(8)),
        answer(["array", "<f8", [True], 0], bytes(8)),
        answer(["array", "<f8", [1] * 100, 0], bytes(8)),
        answer(["array", "<f8", [1], 7], bytes(8)),
        answer(["objects", [10**9], []]),
        answer(["reference", 3]),
        answer(["reference", ["0", "int", True]]),
        answer(["dict", [[["list", []], ["int", "0x3"]]]]),
        answer(["dict", [[["int", "0x3"]]]]),
        answer(["int", "0x" + "f" * 100_000]),
        answer(["float", "nonsense"]),
        answer(["float", "0x1p999999"]),
        answer(["range", 0, 10, 0]),
    ],
)
def test_an_answer_that_is_no_plain_data_is_an_error_and_the_connection_stays(ends, said):
    ours, theirs = ends
    student = Student(ours)
    theirs.sendall(said + answer(["int", "0x2a"]))
    with pytest.raises(StudentError):
        student.find("best")
    assert student.find("best") == (True, 42)


@pytest.mark.parametrize("kind", ["__import__", "float", "Handle", "", "a b;c", "x" * 10_000])
def test_a_reference_is_a_handle_whatever_it_calls_itself(ends, kind):
    ours, theirs = ends
    theirs.sendall(answer(["reference", [10**30, kind, True]]))
    _, value = Student(ours).find("best")
    assert isinstance(value, Handle)
    assert type(value).__name__ == "object"
    with pytest.raises(CheckFailed):
        assert value == 42


def test_empty_text_does_not_take_all_memory(ends):
    ours, theirs = ends
    theirs.sendall(answer(["array", "<U0", [10**12], 0], b""))
    with pytest.raises((StudentError, MemoryError)):
        Student(ours).find("best")


@pytest.mark.parametrize(
    "kind", ["StopIteration", "StopAsyncIteration", "SystemExit", "KeyboardInterrupt", "Nonsense"]
)
def test_an_error_that_would_end_the_test_quietly_is_an_ordinary_error(ends, kind):
    ours, theirs = ends
    student = Student(ours)
    function = student._resolve([0, "function", True])
    theirs.sendall(
        frame(json.dumps(["tuple", [["value", x] for x in ("error", kind, "x")]]).encode())
    )
    with pytest.raises(StudentError):
        all(map(function, [1, 2, 3]))
