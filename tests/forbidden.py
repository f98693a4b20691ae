"""Run a command where the kernel forbids namespaces, as in a container with the default profile.

``python -m tests.forbidden COMMAND …``
"""

import ctypes
import os
import sys

from helpers.grading.sandbox.syscalls import forbid

SET_NO_NEW_PRIVILEGES = 38

if __name__ == "__main__":
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if forbid(library):
        sys.exit("the filter can't be set")
    os.execvp(sys.argv[1], sys.argv[1:])
