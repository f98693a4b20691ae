"""Read a submitted notebook and bring it into the form of the assignment.

Modules
-------
reading, structure
                any bytes → JSON → a valid notebook
reference       what the assignment's notebook should be
matching        which cell of a submission is which cell of the assignment
alignment       the notebook to grade, and what was repaired in it
preprocessor    the same within nbgrader
names           the names that code binds
log, wording    the lines that say what was repaired
"""

from helpers.grading.repair.alignment import align
from helpers.grading.repair.preprocessor import RepairCells
from helpers.grading.repair.reading import read_notebook
from helpers.grading.repair.reference import Reference

__all__ = ["Reference", "RepairCells", "align", "read_notebook"]
