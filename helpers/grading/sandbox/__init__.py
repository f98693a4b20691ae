"""Where students' code runs: seeing little, writing less, and reaching nothing.

bubblewrap makes the sandbox (see :mod:`helpers.grading.sandbox.rooms`), and a process of ours walks
in and locks the door behind it (:mod:`helpers.grading.sandbox.enter`).
"""

from helpers.grading.sandbox.bubblewrap import SandboxMissing, find_bubblewrap
from helpers.grading.sandbox.limits import Limits
from helpers.grading.sandbox.rooms import OpenRoom, Room

__all__ = ["Limits", "OpenRoom", "Room", "SandboxMissing", "find_bubblewrap"]
