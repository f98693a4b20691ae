"""Processes in rooms: kernels for students' code, and judges for tests.

:mod:`template` forks them from a process that has everything imported, which takes a tenth of a
second; without a template each starts cold and imports for itself. Both do the same then. A kernel
has a :mod:`relay` beside it, which speaks with the grader.
"""

from helpers.grading.processes.child import ANSWER, DONE, READY
from helpers.grading.processes.program import Program
from helpers.grading.processes.template import Template

__all__ = ["ANSWER", "DONE", "READY", "Program", "Template"]
