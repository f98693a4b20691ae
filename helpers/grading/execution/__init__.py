"""Execute a submission: its own cells in a sandboxed kernel, its tests in a judge.

Modules
-------
kernel          a kernel in a room, asked cell by cell
watchdog        memory of all that runs in a room
run             a whole notebook, over crashes and limits
preprocessor    nbgrader's step for it
"""

from helpers.grading.execution.run import Engine, Outcome

__all__ = ["Engine", "Outcome"]
