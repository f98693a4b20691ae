"""TensorFlow and Keras, imported without a word on the screen.

``from helpers.quiet import keras`` is the one way in which the course imports Keras.
TensorFlow writes a dozen log lines from C++ while it loads, and several of them ignore
``TF_CPP_MIN_LOG_LEVEL``. In a notebook they worry people; in a graded cell anything on stderr
costs the points. No operation runs here: a process that has only imported TensorFlow can still
be forked.
"""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["keras", "tensorflow"]

STDERR = 2


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Keep everything written to file descriptor 2 off the screen, also from C++.

    ``sys.stderr`` stays the object it is, because loggers made in the meantime hold on to it; in
    a Jupyter kernel, where it isn't descriptor 2, only warnings reach it, and they are ignored.
    If the block fails, what it wrote is attached to the exception as a note.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as written, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        screen = os.dup(STDERR)
        os.dup2(written.fileno(), STDERR)
        try:
            yield
        except BaseException as error:
            written.seek(0)
            error.add_note(written.read().decode(errors="replace"))
            raise
        finally:
            sys.stderr.flush()
            os.dup2(screen, STDERR)
            os.close(screen)


# Level 3 silences the first operation and everything after it. Without a visible GPU TensorFlow
# doesn't look for a driver, and results are the same on every machine.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["KERAS_BACKEND"] = "tensorflow"

with silent_stderr():
    import keras
    import tensorflow

# Python-side advice, such as "5 out of the last 5 calls triggered tf.function retracing".
for _name in ("tensorflow", "absl"):
    logging.getLogger(_name).setLevel(logging.ERROR)
