"""Where students' code runs: seeing little, writing less, and reaching nothing.

bubblewrap makes the sandbox (see :mod:`helpers.grading.sandbox.sandbox`), and a process of ours
enters it and gives up its rights (:mod:`helpers.grading.sandbox.enter`).
"""

from helpers.grading.sandbox.bubblewrap import SandboxMissing, find_bubblewrap
from helpers.grading.sandbox.limits import Limits
from helpers.grading.sandbox.sandbox import Sandbox, Unsandboxed

__all__ = ["Limits", "Sandbox", "SandboxMissing", "Unsandboxed", "find_bubblewrap"]
