"""What a notebook's Python shows, as lines for the grader."""

import io
import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from types import FrameType
from typing import Any

from jupyter_client.session import Session

__all__ = ["LineSession", "Stream"]

_LARGEST_PART = 1 << 16
# So much is shown of what other programs print at a time.
_MOST_PRINTED = 16_000_000
_LONGEST_WAIT_SECONDS = 0.1


class LineSession(Session):
    """What ipykernel's shell takes for its session with the front end; safe for many threads.

    Attributes
    ----------
    context : contextvars.Context
        The context of all cells: what one sets in it, such as NumPy's treatment of errors, holds
        for others.
    """

    def __init__(self) -> None:
        super().__init__(key=b"")
        self._say: Callable[[bytes], object] | None = None
        self._process = self._printed = self._place = 0
        self._lock = threading.RLock()
        self._sending = self._interrupted = False
        self._stream: Stream | None = None
        self.context = copy_context()

    def connect(self, say: Callable[[bytes], object], printed: int) -> None:
        """Send from now on, from this process alone: a child of it has no say.

        Parameters
        ----------
        say
            Called with each line.
        printed
            File descriptor of the file that other programs print to.
        """
        self._say, self._process = say, os.getpid()
        self._printed, self._place, self._stream = printed, 0, None

    def disconnect(self) -> None:
        """Send nothing any more."""
        self._say = None

    @property
    def connected(self) -> bool:
        """Whether what is shown in this process is sent."""
        return self._say is not None and os.getpid() == self._process

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        """Make a message of what the grader reads of one."""
        return {"msg_type": msg_type, "content": content}

    def send(  # type: ignore[override]
        self, stream: Any, message: Any, content: Any = None, *_: Any, **__: Any
    ) -> None:
        """Send a message, or its type and content."""
        if isinstance(message, dict):
            message, content = message["msg_type"], message["content"]
        self.collect()
        self.show(message, content)

    def show(self, kind: str, content: Any) -> None:
        """Send a message; what can't be written as JSON is none."""
        if self.connected:
            with suppress(ValueError, RecursionError):
                self.line(_json([kind, content]))

    def turn_to(self, stream: "Stream") -> None:
        """Show first what was written elsewhere before."""
        if self._stream is not stream or self._has_printed():
            if self._stream is not None:
                self._stream.flush()
            self.collect()
            self._stream = stream

    def collect(self) -> None:
        """Show what other programs have printed since the last time."""
        if self.connected and self._has_printed():
            text = os.pread(self._printed, _MOST_PRINTED, self._place)
            self._place = os.fstat(self._printed).st_size
            self.show("stream", {"name": "stdout", "text": text.decode(errors="replace")})

    def _has_printed(self) -> bool:
        return os.fstat(self._printed).st_size > self._place

    def line(self, line: bytes) -> None:
        """Send a line, whole even if the cell is interrupted meanwhile."""
        assert self._say is not None
        with self._lock:
            main = threading.current_thread() is threading.main_thread()
            self._sending = main
            try:
                self._say(line)
            finally:
                self._sending = False
        if main and self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt

    def interrupt(self, signal: int, frame: FrameType | None) -> None:
        """Interrupt the cell; as a handler of signals."""
        if self._sending:
            self._interrupted = True
        else:
            raise KeyboardInterrupt


def _json(value: Any) -> bytes:
    text = json.dumps(value, default=str, ensure_ascii=False)
    # Unpaired surrogates, which are no text, are for the grader to replace.
    return text.encode(errors="surrogatepass")


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`.

    Parameters
    ----------
    session
        Where the text is sent, now and then.
    name
        As in messages of Jupyter.
    number
        The file descriptor, for children: what they print is shown with that of other programs.
    """

    encoding, errors = "utf-8", "strict"  # type: ignore[assignment]

    def __init__(self, session: LineSession, name: str, number: int) -> None:
        self._session, self.name, self._number = session, name, number
        self._parts: list[str] = []
        self._size = 0
        self._sent = 0.0

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._number

    def write(self, text: str) -> int:
        """Write a text, soon or at once."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if not self._session.connected:
            return os.write(self._number, text.encode(errors="replace"))
        self._session.turn_to(self)
        self._parts.append(text)
        self._size += len(text)
        waits = time.monotonic() - self._sent > _LONGEST_WAIT_SECONDS
        if waits or self._size > _LARGEST_PART:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        parts, self._parts, self._size = self._parts, [], 0
        self._sent = time.monotonic()
        if text := "".join(parts):
            self._session.show("stream", {"name": self.name, "text": text})
