"""Processes in rooms: kernels for students' code, and judges for tests.

:mod:`template` forks them from a process that has everything imported, which takes a tenth of a
second; without a template each starts cold and imports for itself. Both do the same then.
A kernel runs cells in :mod:`shell`, and what they show is sent by :mod:`session`.
"""

from helpers.grading.processes.program import Program
from helpers.grading.processes.protocol import ANSWER, DONE, READY
from helpers.grading.processes.template import Template

__all__ = ["ANSWER", "DONE", "READY", "Program", "Template"]
