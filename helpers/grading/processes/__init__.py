"""Processes in sandboxes: kernels for students' code, and judges for tests.

:mod:`template` forks them from a process that has imported what all need, which takes a tenth of a
second; without a template each starts cold and imports for itself. Both do the same then. From a
:mod:`stage`, which has imported more or run the first cells of an assignment as well, kernels
begin after those.
A kernel runs cells in :mod:`shell`, and what they show is sent by :mod:`session`.
"""

from helpers.grading.processes.forks import Forks
from helpers.grading.processes.program import Program
from helpers.grading.processes.protocol import ANSWER, DONE, READY
from helpers.grading.processes.stage import Stage, open_stage
from helpers.grading.processes.template import Template

__all__ = ["ANSWER", "DONE", "READY", "Forks", "Program", "Stage", "Template", "open_stage"]
