"""Execute a submission: its own cells in a sandboxed kernel, its tests in a judge.

Modules
-------
kernel           a kernel in a sandbox, asked cell by cell
lines            what comes over its connection, of limited length
outputs          what a cell prints and shows, and how verdicts are shown
judge            a judge in a sandbox, asked test by test
judges           those that wait for another submission
opening          the first cells of an assignment, run once for all
parameters       largest values of parameters, for grading
watchdog         memory of all that runs in a sandbox
feature_warming  the solution, once, to fill the cache of features
run              a whole notebook, over crashes and limits
engine           what that is done with: templates, stages, judges
preprocessor     nbgrader's step for it
"""

from helpers.grading.execution.engine import Engine, Options

__all__ = ["Engine", "Options"]
